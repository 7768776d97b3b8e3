import type { TracingConfig } from '@fintech-ledger/config';
import type { AlarmCheck, Alarms } from '@fintech-ledger/health';
import type { Installation } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import type { BatchApplied } from '@fintech-ledger/projection-runtime';
import { instruments } from '@fintech-ledger/telemetry';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { BroadcastChannel, Worker } from 'node:worker_threads';
import { ThreadHealth } from './thread-health';

export interface ProjectorWorker {
  /** On it the thread hears of what was appended, and looks at once. */
  readonly appends: BroadcastChannel;
  /** A sentence when the thread is not running, or does not get on. */
  health(): string | undefined;
  /** @param withinMs after that the thread is cut off */
  stop(withinMs: number): Promise<void>;
}

/** What the thread tells. */
export interface ThreadMessage {
  readonly applied?: BatchApplied;
  /** Why it does not get on; null: it does. */
  readonly health?: string | null;
  readonly raised?: Parameters<Alarms['raise']>;
  readonly cleared?: Parameters<Alarms['clear']>;
}

const restartMs = 1_000;

export interface ProjectorWorkerOptions {
  readonly databaseUrl: string;
  readonly eventStoreUrl: string | undefined;
  readonly installation: Installation;
  readonly logLevel: string;
  readonly logFile: string | undefined;
  readonly serviceName: string;
  readonly tracing: TracingConfig | undefined;
  readonly log: Logger;
  readonly alarms: Alarms;
}

/** Runs the projector in a worker thread, and starts it again when it dies. */
export function startProjectorWorker(options: ProjectorWorkerOptions): ProjectorWorker {
  const { log, alarms, ...workerData } = options;
  const raisedByThread = new Map<string, readonly [AlarmCheck, string]>();
  // Never closed: a writer may still append when the thread has ended.
  const appends = new BroadcastChannel(`appends-${randomUUID()}`);
  appends.unref();
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;

  let told = new ThreadHealth();
  const hear = ({ applied, health, raised, cleared }: ThreadMessage): void => {
    if (health !== undefined) told.heard(health);
    if (applied) {
      instruments.projectionBatchSeconds.record(applied.seconds);
      for (const projection of applied.projections)
        instruments.projectedEvents.add(applied.events, { projection });
    }
    if (raised) {
      raisedByThread.set(`${raised[0]}\n${raised[1]}`, [raised[0], raised[1]]);
      alarms.raise(...raised);
    }
    if (cleared) {
      raisedByThread.delete(cleared.join('\n'));
      alarms.clear(...cleared);
    }
  };
  const start = (): void => {
    told = new ThreadHealth();
    worker = new Worker(path.join(__dirname, 'projector-thread.js'), {
      workerData: { ...workerData, appendsChannel: appends.name },
      // Batches are short-lived; without a limit the thread would take as much memory as the writers.
      resourceLimits: { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 512 },
    });
    worker.on('message', (message: ThreadMessage) => hear(message));
    worker.on('error', (err) => log.error({ err }, 'the projector thread failed'));
    worker.on('exit', (code) => {
      worker = undefined;
      // The next one finds out on its own what is wrong.
      for (const [check, subject] of raisedByThread.values()) alarms.clear(check, subject);
      raisedByThread.clear();
      if (isStopping) return;
      log.error({ code }, 'the projector thread ended: starting it again');
      timer = setTimeout(start, restartMs);
    });
  };
  start();
  const watch = endSilent(() => (told.isDead ? worker : undefined), log);
  return {
    appends,
    health: () => (worker ? told.problem() : 'the projector thread is not running'),
    async stop(withinMs) {
      isStopping = true;
      clearTimeout(timer);
      clearInterval(watch);
      if (worker) await ended(worker, withinMs);
    },
  };
}

/** Ends a thread that does not answer any more; what watches its end starts it again. */
function endSilent(dead: () => Worker | undefined, log: Logger): NodeJS.Timeout {
  let times = 0;
  const look = (): void => {
    const thread = dead();
    times = thread === undefined ? 0 : times + 1;
    // Not after a moment in which this thread itself heard nothing.
    if (times < 3) return;
    log.error('the projector thread does not answer: ending it');
    void thread?.terminate();
  };
  return setInterval(look, 1_000).unref();
}

async function ended(thread: Worker, withinMs: number): Promise<void> {
  const exited = new Promise((resolve) => thread.once('exit', resolve));
  thread.postMessage('stop');
  const late = setTimeout(() => void thread.terminate(), withinMs * 0.8);
  await exited;
  clearTimeout(late);
}
