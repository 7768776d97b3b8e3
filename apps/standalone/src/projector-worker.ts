import type { TracingConfig } from '@fintech-ledger/config';
import type { Logger } from '@fintech-ledger/logging';
import type { BatchApplied } from '@fintech-ledger/projection-runtime';
import { instruments } from '@fintech-ledger/telemetry';
import path from 'node:path';
import { Worker } from 'node:worker_threads';

export interface ProjectorWorker {
  wake(): void;
  /** A sentence when the thread is not running. */
  health(): string | undefined;
  stop(): Promise<void>;
}

const restartMs = 1_000;

/** Runs the projector in a worker thread, and starts it again when it dies. */
export function startProjectorWorker(options: {
  readonly databaseUrl: string;
  readonly eventStoreUrl: string | undefined;
  readonly logLevel: string;
  readonly serviceName: string;
  readonly tracing: TracingConfig | undefined;
  readonly log: Logger;
}): ProjectorWorker {
  const { log, ...workerData } = options;
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;

  const start = (): void => {
    worker = new Worker(path.join(__dirname, 'projector-thread.js'), {
      workerData,
      // Batches are short-lived; without a limit the thread would take as much memory as the writers.
      resourceLimits: { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 512 },
    });
    worker.on('message', ({ projections, events, seconds }: BatchApplied) => {
      instruments.projectionBatchSeconds.record(seconds);
      for (const projection of projections) instruments.projectedEvents.add(events, { projection });
    });
    worker.on('error', (err) => log.error({ err }, 'the projector thread failed'));
    worker.on('exit', (code) => {
      worker = undefined;
      if (isStopping) return;
      log.error({ code }, 'the projector thread ended: starting it again');
      timer = setTimeout(start, restartMs);
    });
  };
  start();
  return {
    wake: () => worker?.postMessage('wake'),
    health: () => (worker ? undefined : 'the projector thread is not running'),
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      const running = worker;
      if (!running) return;
      const exited = new Promise((resolve) => running.once('exit', resolve));
      running.postMessage('stop');
      await exited;
    },
  };
}
