import type { TracingConfig } from '@fintech-ledger/config';
import { Alarms } from '@fintech-ledger/health';
import type { Installation } from '@fintech-ledger/installation';
import { createLogger, logToFile } from '@fintech-ledger/logging';
import { startProjector } from '@fintech-ledger/runtime';
import type { RunningProjector } from '@fintech-ledger/runtime';
import { startTracing, stopTracing } from '@fintech-ledger/telemetry';
import path from 'node:path';
import process from 'node:process';
import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import { modules } from '../../modules';
import type { ThreadMessage } from './projector-worker';
import { healthMs } from './thread-health';

// The projector in a thread of its own, so that HTTP and the writers keep theirs.
const { databaseUrl, appendsChannel, eventStoreUrl, installation, logLevel, logFile, serviceName, tracing } =
  workerData as {
    databaseUrl: string;
    appendsChannel: string;
    eventStoreUrl: string | undefined;
    installation: Installation;
    logLevel: string;
    logFile: string | undefined;
    serviceName: string;
    tracing: TracingConfig | undefined;
  };
const name = `${serviceName}-projector`;
const log = createLogger(logLevel, name);
if (logFile !== undefined) logToFile(logFile);
const alarms = new Alarms();
const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);

async function start(): Promise<RunningProjector> {
  await startTracing({ config: tracing, serviceName: name, log });
  return startProjector({
    modules,
    databaseUrl,
    eventStoreUrl,
    installation,
    fillThread: path.join(__dirname, '../../fill-thread.js'),
    log,
    // Metrics and alarms are kept by the main thread, which is asked for them.
    applied: (applied) => tell({ applied }),
    alarms: {
      raise(...raised) {
        tell({ raised });
        return alarms.raise(...raised);
      },
      clear(...cleared) {
        tell({ cleared });
        return alarms.clear(...cleared);
      },
    },
  });
}

const starting = start();
void starting.then((projector) =>
  setInterval(() => tell({ health: projector.health() ?? null }), healthMs).unref(),
);

new BroadcastChannel(appendsChannel).onmessage = () => void starting.then((projector) => projector.wake());

async function stop(): Promise<void> {
  try {
    await (await starting).stop();
  } finally {
    await stopTracing();
  }
}

parentPort?.on('message', (_message: 'stop') => {
  // Ends this thread only; a collector that does not answer must not keep it.
  void stop().finally(() => process.exit());
});
