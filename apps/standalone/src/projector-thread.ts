import { createLogger } from '@fintech-ledger/logging';
import { startProjector } from '@fintech-ledger/projector';
import { parentPort, workerData } from 'node:worker_threads';

// The projector in a thread of its own, so that HTTP and the writers keep theirs.
const { databaseUrl, eventStoreUrl, logLevel, serviceName } = workerData as {
  databaseUrl: string;
  eventStoreUrl: string | undefined;
  logLevel: string;
  serviceName: string;
};
const starting = startProjector({
  databaseUrl,
  eventStoreUrl,
  log: createLogger(logLevel, `${serviceName}-projector`),
  // Metrics are kept by the main thread, which is asked for them.
  applied: (batch) => parentPort?.postMessage(batch),
});

parentPort?.on('message', (message: 'wake' | 'stop') => {
  void starting.then(async (projector) => {
    if (message === 'wake') return projector.wake();
    await projector.stop().finally(() => parentPort?.close());
  });
});
