import { FollowedApiKeys } from '@fintech-ledger/access';
import { watch } from '@fintech-ledger/health';
import {
  databaseProblem,
  eventStoreProblem,
  openEventStore,
  openLog,
  openPool,
  prepareInstallation,
  sharedPepper,
} from '@fintech-ledger/installation';
import {
  commandsMsMax,
  openWriters,
  postgresOwnership,
  runService,
  writerAlarms,
  writerOptions,
  writerLog,
} from '@fintech-ledger/runtime';
import { writerMetrics } from '@fintech-ledger/journal';
import { modules } from '../../modules';

const usage = `Usage: node dist/apps/writer/src/main.js

Writes ledgers: takes commands from the API and appends to the event store. Any number of them share the ledgers.
Reads DATABASE_URL, API_KEY_PEPPER, DATABASE_CLOCK, EVENT_STORE_URL, WRITER_HOST, WRITER_PORT, WRITER_ADDRESS,
PUBLIC_URL, HEALTH_HOST, HEALTH_PORT.
`;

runService('writer', usage, async ({ config, log, alarms }) => {
  const { databaseUrl, installation } = await prepareInstallation(config, log);
  const secret = await sharedPepper(config, databaseUrl, log);
  const database = openPool(databaseUrl, 'writer', 8);
  const { store: eventStore, system } = await openEventStore(config, { database, installation, log, alarms });
  const keyLog = await openLog(config, { databaseUrl, installation, log });
  const apiKeys = new FollowedApiKeys({ log: keyLog.log, decode: modules.decode, logger: log });
  await apiKeys.start();
  const writers = await openWriters({
    modules,
    eventStore,
    storeSystem: system,
    database,
    isDatabaseClockIndependent: config.databaseClock === 'independent',
    ...writerOptions(config, log),
    secret,
    actors: apiKeys,
    clocks: apiKeys,
    host: config.writerHost,
    port: config.writerPort,
    ...(config.writerAddress === undefined ? {} : { address: config.writerAddress }),
    observer: writerAlarms(alarms, writerMetrics(writerLog(log))),
    ownership: (address) => postgresOwnership({ database, address, ttlMs: config.leaseTtlMs, log }),
  });
  return {
    checks: { event_store: () => eventStoreProblem(eventStore), store: () => eventStore.wrong },
    look: watch(alarms, [
      { check: 'writes', subject: 'API keys', ask: () => apiKeys.problem() },
      { check: 'database', subject: 'leases and checkpoints', ask: () => databaseProblem(database) },
    ]),
    closers: [
      {
        name: 'writers',
        close: () => writers.close(),
        msMax: commandsMsMax,
        underWay: () => writers.underWay(),
      },
      { name: 'api keys', close: () => Promise.all([apiKeys.close(), keyLog.close()]) },
      { name: 'event store', close: () => eventStore.close() },
      { name: 'database', close: (withinMs) => database.close(withinMs) },
    ],
  };
});
