import { HttpForwarder } from '@fintech-ledger/command-transport';
import {
  databaseProblem,
  openEventStore,
  openPool,
  prepareInstallation,
  sharedPepper,
} from '@fintech-ledger/installation';
import { openHeadPublisher } from '@fintech-ledger/audit';
import { LeaseDirectory } from '@fintech-ledger/leases';
import { OwnerGateway, runService } from '@fintech-ledger/runtime';
import { openDispatcher } from '@fintech-ledger/webhooks';
import { liveTables } from '@fintech-ledger/projection-runtime';
import { modules, publicEvents } from '../../modules';

const usage = `Usage: node dist/apps/dispatcher/src/main.js

Sends webhooks: makes messages of public events, and delivers them. Any number of them share the endpoints.
Publishes signed tree heads.
Reads DATABASE_URL, API_KEY_PEPPER, EVENT_STORE_URL, WEBHOOK_ALLOWED_CIDRS, WEBHOOK_RATE,
WEBHOOK_ATTEMPT_DAYS, AUDIT_HEADS_*, HEALTH_HOST, HEALTH_PORT.
`;

runService('dispatcher', usage, async ({ config, log, alarms }) => {
  const { databaseUrl, installation } = await prepareInstallation(config, log);
  const pepper = await sharedPepper(config, databaseUrl, log);
  const database = openPool(databaseUrl, 'dispatcher', 8);
  const { store } = await openEventStore(config, { database, installation, log, alarms });
  const { commandTimeoutMs: patienceMs } = config;
  const forwarder = new HttpForwarder({ secret: pepper, timeoutMs: patienceMs + 5_000 });
  const gateway = new OwnerGateway({ directory: new LeaseDirectory(database), forwarder, patienceMs });
  const db = liveTables(database, modules.projections);
  const publisher = openHeadPublisher({ db, config, pepper, log });
  publisher.start();
  const dispatcher = openDispatcher({
    db,
    store,
    registry: publicEvents,
    gateway,
    allowedCidrs: config.webhookAllowedCidrs,
    endpointRate: config.webhookRate,
    attemptDays: config.webhookAttemptDays,
    pepper,
    log,
  });
  dispatcher.start();
  return {
    checks: {
      database: () => databaseProblem(database),
      store: () => store.wrong,
      webhooks: () => dispatcher.health(),
      audit_heads: () => publisher.health(),
    },
    closers: [
      {
        name: 'dispatcher',
        close: (withinMs) => dispatcher.close(withinMs),
        underWay: () => dispatcher.underWay(),
      },
      { name: 'tree heads', close: () => publisher.stop() },
      { name: 'forwarder', close: () => forwarder.close() },
      { name: 'event store', close: () => store.close() },
      { name: 'database', close: (withinMs) => database.close(withinMs) },
    ],
  };
});
