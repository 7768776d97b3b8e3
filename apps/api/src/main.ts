import { HttpForwarder } from '@fintech-ledger/command-transport';
import {
  kafkaNames,
  openEventStore,
  openKafka,
  openPool,
  prepareInstallation,
  sharedPepper,
} from '@fintech-ledger/installation';
import { LeaseDirectory } from '@fintech-ledger/leases';
import { OwnerGateway, runService } from '@fintech-ledger/runtime';
import process from 'node:process';
import { firstKeysOrLater } from './first-key';
import { followKeys } from './follow-keys';
import { openReadPools } from './read-pools';
import { relayedFeed } from './relayed-feed';
import { serveApi } from './serve-api';

const usage = `Usage: node dist/apps/api/src/main.js

The HTTP API. Commands go to the writers, queries to the read models. Makes the first organization with a sandbox and an API key of
each, which are kept in DATA_DIR, or printed once when that is not set.
Reads DATABASE_URL, API_KEY_PEPPER, EVENT_STORE_URL, KAFKA_*, DATA_DIR, HOST, PORT, HEALTH_HOST, HEALTH_PORT.
`;

runService('api', usage, async ({ config, log, alarms, signal }) => {
  const kafka = openKafka(config, 'api', log);
  const { databaseUrl, installation } = await prepareInstallation(config, log);
  const pepper = await sharedPepper(config, databaseUrl, log);
  const pools = openReadPools(databaseUrl, config);
  // Apart, so that slow queries can never keep a command waiting.
  const leases = openPool(databaseUrl, 'api', 4);
  const context = { installation, log, alarms };
  const { store: eventStore } = await openEventStore(config, { database: pools.events, ...context });
  const { commandTimeoutMs: patienceMs } = config;
  const forwarder = new HttpForwarder({ secret: pepper, timeoutMs: patienceMs + 5_000 });
  const directory = new LeaseDirectory(leases);
  const keys = await followKeys({ config, databaseUrl, installation, log, keys: pools.keys });
  const api = await serveApi({
    config,
    log,
    alarms,
    signal,
    pepper,
    pools,
    keys,
    commands: new OwnerGateway({ directory, forwarder, patienceMs }),
    written: eventStore,
    installation,
    eventStore,
    feed: relayedFeed({ kafka, ...kafkaNames(config.kafka, installation) }, eventStore, pools.queries),
    watched: [{ check: 'writes', subject: 'writers', ask: () => writersProblem(directory) }],
    confirmations: leases,
    dataFolder: config.dataDirectory,
  });
  const announced = await firstKeysOrLater({
    folder: config.dataDirectory,
    create: keys.createFirst(api.gateway, pepper, leases),
    alarms,
    signal,
    untilWorks: keys.untilWorks,
    onMade: (line) => void process.stdout.write(`${JSON.stringify({ name: 'api', ...line })}\n`),
  });
  api.started();
  const { database, store } = api.checks;
  return {
    checks: { database, store },
    look: api.look,
    beforeMetrics: api.beforeMetrics,
    announcement: {
      url: api.url,
      ...announced,
    },
    closers: [
      { name: 'api', close: () => api.close() },
      { name: 'api keys', close: () => keys.close() },
      { name: 'forwarder', close: () => forwarder.close() },
      { name: 'event store', close: () => eventStore.close() },
      { name: 'database', close: (withinMs) => Promise.all([pools.close(withinMs), leases.close(withinMs)]) },
    ],
  };
});

async function writersProblem(directory: LeaseDirectory): Promise<string | undefined> {
  return (await directory.owners()).length > 0 ? undefined : 'No writer is running.';
}
