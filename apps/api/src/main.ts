import { HttpForwarder } from '@fintech-ledger/command-transport';
import { kafkaEventFeed } from '@fintech-ledger/event-feed';
import {
  createEventStore,
  createFirstApiKey,
  firstApiKey,
  firstApiKeyFile,
  openKafka,
  openPool,
  prepareInstallation,
  sharedPepper,
} from '@fintech-ledger/installation';
import { LeaseDirectory } from '@fintech-ledger/leases';
import { PositionWaiter } from '@fintech-ledger/projection-runtime';
import {
  ledgerProjections,
  organizationProjections,
  postgresLedgerQueries,
  postgresOrganizationQueries,
  postgresProjectionQueries,
} from '@fintech-ledger/projections';
import { runService } from '@fintech-ledger/service';
import { instruments, renderPrometheus } from '@fintech-ledger/telemetry';
import { createApi } from './create-api';
import { observeProjections } from './observe-projections';
import { OwnerGateway } from './owner-gateway';

const usage = `Usage: node dist/apps/api/src/main.js

The HTTP API. Commands go to the writers, queries to the read models. Makes the first organization and its API key, which is kept in
DATA_DIR, or printed when that is not set.
Reads DATABASE_URL, API_KEY_PEPPER, EVENTSTORE_URL, KAFKA_*, DATA_DIR, HOST, PORT, HEALTH_HOST, HEALTH_PORT.
`;

runService('api', usage, async ({ config, log, alarms }) => {
  const kafka = openKafka(config, 'api', log);
  const { databaseUrl } = await prepareInstallation(config, log);
  const pepper = await sharedPepper(config, databaseUrl, log);
  const reads = openPool(databaseUrl, 'queries', config.databasePoolMax);
  // Apart, so that slow queries can never keep a command waiting.
  const leases = openPool(databaseUrl, 'api', 4);
  const eventStore = await createEventStore(config, { database: reads, log });
  const forwarder = new HttpForwarder({ secret: pepper });
  const gateway = new OwnerGateway({ directory: new LeaseDirectory(leases), forwarder });
  const { topic, groupId } = config.kafka;
  const feed = kafkaEventFeed({ kafka, topic, groupId, isKnown: () => true });
  const projectionQueries = postgresProjectionQueries(reads, feed);
  const organizations = new PositionWaiter(reads, organizationProjections);
  const organizationQueries = postgresOrganizationQueries(reads, organizations);
  const observeLag = (): Promise<void> => observeProjections(projectionQueries);
  const api = await createApi({
    gateway,
    ledgerQueries: postgresLedgerQueries(reads, new PositionWaiter(reads, ledgerProjections)),
    organizationQueries,
    projectionQueries,
    eventStore,
    pepper,
    log,
    alarms,
    metrics: {
      render: async () => {
        await observeLag();
        return renderPrometheus();
      },
      observeRequest: (method, route, status, seconds) =>
        instruments.httpRequestSeconds.record(seconds, { method, route, status }),
    },
    healthChecks: { database: async () => void (await reads.query('select 1')) as undefined },
  });
  await api.listen(config.port, config.host);
  const folder = config.dataDirectory;
  const apiKey = await firstApiKey(folder, () => createFirstApiKey(gateway, organizationQueries, pepper));
  return {
    checks: { database: () => reads.query('select 1').then(() => undefined, String) },
    beforeMetrics: observeLag,
    announcement: {
      url: (await api.getUrl()).replace('[::1]', 'localhost'),
      // Logs are kept and passed on: where there is a file for it, the key is not in them.
      ...(folder === undefined ? { api_key: apiKey } : { api_key_file: firstApiKeyFile(folder) }),
    },
    async stop() {
      await api.close();
      await forwarder.close();
      await eventStore.close();
      await Promise.all([reads.close(), leases.close()]);
    },
  };
});
