import { createLogger } from '@fintech-ledger/logging';
import { parentPort, workerData } from 'node:worker_threads';
import { startProjector } from '../../projector/src/start-projector';

// The projector in a thread of its own, so that HTTP and the writers keep theirs.
const { databaseUrl, logLevel, serviceName } = workerData as {
  databaseUrl: string;
  logLevel: string;
  serviceName: string;
};
const projector = startProjector({
  databaseUrl,
  log: createLogger(logLevel, `${serviceName}-projector`),
  // Metrics are kept by the main thread, which is asked for them.
  applied: (batch) => parentPort?.postMessage(batch),
});

parentPort?.on('message', (message: 'wake' | 'stop') => {
  if (message === 'wake') projector.wake();
  else void projector.stop().finally(() => parentPort?.close());
});
