import { HttpForwarder } from '@fintech-ledger/command-transport';
import {
  firstApiKeyFile,
  kafkaNames,
  openEventStore,
  openKafka,
  openPool,
  prepareInstallation,
  sharedPepper,
} from '@fintech-ledger/installation';
import { unlessWrong } from '@fintech-ledger/http';
import { LeaseDirectory } from '@fintech-ledger/leases';
import { confirmClock, runService } from '@fintech-ledger/runtime';
import { createFirstApiKey } from '@fintech-ledger/access';
import { renderPrometheus } from '@fintech-ledger/telemetry';
import process from 'node:process';
import { createApi } from './create-api';
import { observeProjections } from './observe-projections';
import { firstKeyOrLater } from './first-key';
import { followKeys } from './follow-keys';
import { postgresProjectionQueries } from './operations/projection-queries';
import { watchApi } from './operations/watch-api';
import { OwnerGateway } from './owner-gateway';
import { importSpoolOf } from './import-spool';
import { openReadPools } from './read-pools';
import { readSideOf } from './read-side';
import { relayedFeed } from './relayed-feed';

const usage = `Usage: node dist/apps/api/src/main.js

The HTTP API. Commands go to the writers, queries to the read models. Makes the first organization and its API key, which is kept in
DATA_DIR, or printed when that is not set.
Reads DATABASE_URL, API_KEY_PEPPER, EVENT_STORE_URL, KAFKA_*, DATA_DIR, HOST, PORT, HEALTH_HOST, HEALTH_PORT.
`;

runService('api', usage, async ({ config, log, alarms, signal }) => {
  const kafka = openKafka(config, 'api', log);
  const { databaseUrl, installation } = await prepareInstallation(config, log);
  const pepper = await sharedPepper(config, databaseUrl, log);
  const pools = openReadPools(databaseUrl, config);
  const reads = pools.queries;
  // Apart, so that slow queries can never keep a command waiting.
  const leases = openPool(databaseUrl, 'api', 4);
  const context = { installation, log, alarms };
  const { store: eventStore } = await openEventStore(config, { database: pools.events, ...context });
  const { commandTimeoutMs: patienceMs } = config;
  const forwarder = new HttpForwarder({ secret: pepper, timeoutMs: patienceMs + 5_000 });
  const directory = new LeaseDirectory(leases);
  const feed = relayedFeed({ kafka, ...kafkaNames(config.kafka, installation) }, eventStore, reads);
  const projectionQueries = postgresProjectionQueries(reads, feed);
  const readSide = readSideOf(pools, alarms, config);
  const keys = await followKeys({ config, databaseUrl, installation, log, access: pools.access });
  const { gateway, look } = watchApi({
    gateway: unlessWrong(new OwnerGateway({ directory, forwarder, patienceMs }), eventStore),
    eventStore,
    projectionQueries,
    alarms,
    watched: [{ check: 'writes', subject: 'writers', ask: () => writersProblem(directory) }, keys.watched],
  });
  const database = async (): Promise<undefined> => void (await pools.access.query('select 1')) as undefined;
  const store = (): string | undefined => eventStore.wrong;
  let isStarted = false;
  const start = (): string | undefined =>
    signal.aborted ? 'It is stopping.' : isStarted ? undefined : 'It is still starting.';
  const observeLag = (): Promise<void> => observeProjections(projectionQueries);
  const api = await createApi({
    gateway,
    ...readSide,
    ...keys.deps,
    projectionQueries,
    eventStore,
    importSpool: importSpoolOf(config, config.dataDirectory),
    confirmClock: (actor) => confirmClock(leases, actor),
    pepper,
    log,
    alarms,
    metrics: {
      render: async () => {
        await observeLag();
        return renderPrometheus();
      },
    },
    look,
    healthChecks: { start, database, store },
  });
  await api.listen(config.port, config.host);
  const folder = config.dataDirectory;
  const keyLine = (key: string): Readonly<Record<string, string>> =>
    // Logs are kept and passed on: where there is a file for it, the key is not in them.
    folder === undefined ? { api_key: key } : { api_key_file: firstApiKeyFile(folder) };
  const apiKey = await firstKeyOrLater({
    folder,
    create: (mayReplace) => createFirstApiKey(gateway, pepper, mayReplace),
    alarms,
    signal,
    onMade: (key) => void process.stdout.write(`${JSON.stringify({ name: 'api', ...keyLine(key) })}\n`),
  });
  await keys.untilWorks(apiKey, signal);
  isStarted = true;
  return {
    checks: { database, store },
    look,
    beforeMetrics: observeLag,
    announcement: {
      url: (await api.getUrl()).replace('[::1]', 'localhost'),
      ...(apiKey === undefined ? {} : keyLine(apiKey)),
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
