import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { postgresKeptAnswers } from '@fintech-ledger/http';
import {
  auditLogName,
  AuditTrail,
  merkleLogName,
  postgresAuditKeys,
  postgresAuditLogQueries,
  postgresMerkleLogQueries,
} from '@fintech-ledger/audit';
import { readConfig } from '@fintech-ledger/config';
import {
  OwnerGateway,
  projectInto,
  openTrials,
  openWriters,
  postgresOwnership,
  startRebuilds,
} from '@fintech-ledger/runtime';
import { postgresDueStreamsOf } from '@fintech-ledger/checkpoint-store';
import { HttpForwarder } from '@fintech-ledger/command-transport';
import { firstOrganization } from '@fintech-ledger/installation';
import { directEventFeed, kafkaEventFeed } from '@fintech-ledger/event-feed';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { postgresPublicEventQueries, publicEventsName } from '@fintech-ledger/events';
import {
  postgresWebhookOutbox,
  postgresWebhookQueries,
  webhookEndpointsName,
} from '@fintech-ledger/webhooks';
import { paymentsProjectionName, postgresPaymentQueries, simulatorControls } from '@fintech-ledger/payments';
import { bankProjectionName, postgresBankQueries } from '@fintech-ledger/bank';
import { connectProjectionName, postgresConnectQueries } from '@fintech-ledger/connect';
import { fxProjectionName, postgresFxQueries } from '@fintech-ledger/fx';
import { customersProjectionName, postgresCustomerQueries } from '@fintech-ledger/customers';
import { dataSubjectsName, postgresDataSubjectQueries, postgresSubjectKeys } from '@fintech-ledger/privacy';
import { OutboundGuard } from '@fintech-ledger/outbound';
import { Alarms } from '@fintech-ledger/health';
import { silentObserver, submitWithPatience } from '@fintech-ledger/journal';
import type { CommandGateway } from '@fintech-ledger/journal';
import { postgresSplitQueries, splitRulesProjectionName } from '@fintech-ledger/splits';
import { connectKafka } from '@fintech-ledger/kafka';
import { LeaseDirectory } from '@fintech-ledger/leases';
import { createLogger } from '@fintech-ledger/logging';
import type { Modules } from '@fintech-ledger/manifest';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { liveTables, PositionWaiter } from '@fintech-ledger/projection-runtime';
import { ledgerProjections, postgresLedgerQueries } from '@fintech-ledger/ledger';
import {
  ledgerTransfersProjectionName,
  postgresLedgerTransferQueries,
} from '@fintech-ledger/ledger-transfers';
import {
  ApiKeyUses,
  createFirstApiKey,
  FollowedApiKeys,
  untilKeyWorks,
  organizationProjections,
  postgresOrganizationQueries,
} from '@fintech-ledger/access';
import { kafkaTarget, loadRelayCheckpoint, Relay } from '@fintech-ledger/relay';
import { tcpProxy, testDatabase, testKafka } from '@fintech-ledger/testing';
import type { TcpProxy } from '@fintech-ledger/testing';
import { modules as all } from '../../apps/modules';
import { createApi, parkedOf, postgresProjectionQueries, rebuildsOf } from '../../apps/api/src';

export interface PartsInProcess {
  readonly url: string;
  readonly apiKey: string;
  readonly pepper: string;
  readonly database: Database;
  /** The same, with the read models on their live sides. */
  readonly live: Database;
  readonly databaseUrl: string;
  /** Where commands go that no operation of the API has. */
  readonly gateway: CommandGateway;
  readonly store: PostgresEventStore;
  /** Where the projector reads from, as spans call it. */
  readonly feedName: string;
  startProjector(): void;
  stopProjector(): Promise<void>;
  startRelay(): void;
  stopRelay(): Promise<void>;
  /** What is between the processes and the event store; the read models are reached without it. */
  readonly storeProxy: TcpProxy;
  close(): Promise<void>;
}

/**
 * The whole product in this process, its parts put together as their own mains do: `distributed` (the API hands commands to the writer over their transport,
 * and a real Kafka is between relay and projector) or `embedded` (neither).
 * @param modules what it consists of; absent: the product's
 * @param more `waitsForOthers`: a change of a clock is answered once the second is over within which processes hear of
 *   it that can't be asked, as it is where there are several; else both that are in here are asked
 */
export async function startParts(
  mode: 'embedded' | 'distributed',
  modules: Modules = all,
  { waitsForOthers = false }: { readonly waitsForOthers?: boolean } = {},
): Promise<PartsInProcess> {
  const pepper = 'a pepper of at least 32 characters';
  const log = createLogger('silent', 'test');
  const alarms = new Alarms();
  const testing = await testDatabase();
  const database = connect({ connectionString: testing.url, max: 20, statementTimeoutMs: 30_000 });
  const live = liveTables(database, modules.projections);
  const storeProxy = await tcpProxy(testing.url);
  const storeDatabase = connect({ connectionString: storeProxy.url, max: 20, statementTimeoutMs: 30_000 });
  const store = new PostgresEventStore({ database: storeDatabase });
  const organizations = new PositionWaiter(live, organizationProjections);
  const organizationQueries = postgresOrganizationQueries(live, organizations);
  const isEmbedded = mode === 'embedded';
  const followKeys = (): FollowedApiKeys =>
    new FollowedApiKeys({
      ...{ log: store, decode: modules.decode, logger: log, older: organizationQueries },
      isAlone: isEmbedded,
    });
  // One for each process that there would be.
  const apiKeys = followKeys();
  const actors = isEmbedded ? apiKeys : followKeys();
  await Promise.all([apiKeys.start(), actors.start()]);
  const everywhere = apiKeys.untilKnownEverywhere.bind(apiKeys);
  if (!waitsForOthers)
    apiKeys.untilKnownEverywhere = async () => {
      const read = await Promise.all([apiKeys.refresh(), actors.refresh()]);
      if (read.includes(false)) await everywhere();
    };
  const config = readConfig({}, {});
  const writers = await openWriters({
    actors,
    clocks: actors,
    modules,
    eventStore: store,
    database,
    resources: { config, log, publicUrl: () => config.publicUrl },
    cacheRecords: 1_000,
    secret: pepper,
    host: '127.0.0.1',
    observer: silentObserver,
    ownership: (address) => postgresOwnership({ database, address, ttlMs: 10_000, log }),
  });
  const forwarder = new HttpForwarder({ secret: pepper });
  const gateway = isEmbedded
    ? writers.gateway
    : new OwnerGateway({ directory: new LeaseDirectory(database), forwarder });

  const { feed, newRelay } = isEmbedded
    ? { feed: directEventFeed(store), newRelay: undefined }
    : await kafkaParts(database, store, modules);
  let projector: { stop(): Promise<void> } | undefined;
  let rebuilds: { stop(): Promise<void> } | undefined;
  let relay: Relay | undefined;
  const parts = {
    startProjector() {
      rebuilds = startRebuilds({ modules, fillThread: undefined, databaseUrl: testing.url, store, log });
      projector = projectInto(database, feed, store, {
        modules,
        log,
        alarms,
        applied: () => undefined,
      });
    },
    async stopProjector() {
      await rebuilds?.stop();
      await projector?.stop();
    },
    startRelay() {
      relay = newRelay?.();
      relay?.start();
    },
    stopRelay: async () => relay?.stop(),
  };
  parts.startRelay();
  parts.startProjector();

  const projections = postgresProjectionQueries(live, feed);
  const trail = new AuditTrail({ gateway, sql: database, originDays: 90, log });
  trail.start();
  const given = {
    importSpool: { folder: path.join(tmpdir(), 'fintech-ledger-parts-spool'), bytesMax: 1_000_000_000 },
    gateway,
    trials: openTrials({
      ...{ actors: apiKeys, clocks: apiKeys, database, eventStore: store, log, modules, secret: pepper },
      ...{ memory: writers.memory, memoryBytesMax: 4_000_000 },
    }),
    ledgerQueries: postgresLedgerQueries(live, new PositionWaiter(live, ledgerProjections)),
    organizationQueries,
    dueStreams: postgresDueStreamsOf(live),
    simulator: simulatorControls(database),
    ledgerTransferQueries: postgresLedgerTransferQueries(
      live,
      new PositionWaiter(live, [ledgerTransfersProjectionName]),
    ),
    paymentQueries: postgresPaymentQueries(live, new PositionWaiter(live, [paymentsProjectionName])),
    splitQueries: postgresSplitQueries(live, new PositionWaiter(live, [splitRulesProjectionName])),
    bankQueries: postgresBankQueries(live, new PositionWaiter(live, [bankProjectionName])),
    connectQueries: postgresConnectQueries(live, new PositionWaiter(live, [connectProjectionName])),
    fxQueries: postgresFxQueries(live, new PositionWaiter(live, [fxProjectionName])),
    customerQueries: postgresCustomerQueries(live, new PositionWaiter(live, [customersProjectionName])),
    subjectKeys: postgresSubjectKeys(live, pepper, store),
    publicEventQueries: postgresPublicEventQueries(live, new PositionWaiter(live, [publicEventsName])),
    webhookQueries: postgresWebhookQueries(live, new PositionWaiter(live, [webhookEndpointsName])),
    dataSubjectQueries: postgresDataSubjectQueries(live, new PositionWaiter(live, [dataSubjectsName])),
    merkleLogQueries: postgresMerkleLogQueries(live, new PositionWaiter(live, [merkleLogName])),
    auditLogQueries: postgresAuditLogQueries(live, database, new PositionWaiter(live, [auditLogName])),
    requestTrail: trail,
    keyUses: new ApiKeyUses({ sql: database, log }),
    keptAnswers: postgresKeptAnswers(database),
    auditKeys: postgresAuditKeys(database, pepper),
    webhookOutbox: postgresWebhookOutbox(live),
    outboundGuard: new OutboundGuard(['127.0.0.0/8'], () => Promise.resolve([])),
    apiKeys,
    apiKeyReadsMs: 900_000,
    projectionQueries: projections,
    rebuilds: rebuildsOf(database),
    parkedEvents: parkedOf(live, store, { id: randomUUID(), prefix: '' }),
    eventStore: store,
    confirmClock: () => Promise.reject(new Error('nobody asks for it')),
    pepper,
    log,
    metrics: { render: () => '' },
    alarms,
    healthChecks: {},
  };
  const api = await createApi(given, modules);
  await api.listen(0, '127.0.0.1');
  const organizationsKnown = firstOrganization(database);
  // As the product does: a busy machine may not have heard of keys and clocks for a second, and then nothing is written.
  const patient: CommandGateway = {
    submit: (envelope) =>
      submitWithPatience(envelope, () => gateway.submit(envelope), { patienceMs: 10_000 }),
  };
  const first = { gateway: patient, pepper, store: apiKeys, organizations: organizationsKnown };
  const apiKey = (await createFirstApiKey(first)) ?? '';
  await untilKeyWorks(apiKey, apiKeys, { log, signal: new AbortController().signal });
  return {
    ...parts,
    pepper,
    databaseUrl: testing.url,
    url: await api.getUrl(),
    apiKey,
    database,
    live,
    gateway,
    store,
    storeProxy,
    feedName: feed.place.destination,
    async close() {
      await api.close();
      await trail.close();
      await parts.stopProjector();
      await parts.stopRelay();
      await writers.close();
      await Promise.all([apiKeys.close(), actors.close()]);
      await forwarder.close();
      await store.close();
      await storeDatabase.close();
      await storeProxy.close();
      await database.close();
      await testing.drop();
    },
  };
}

async function kafkaParts(database: Database, store: PostgresEventStore, modules: Modules) {
  const { brokers, newName } = await testKafka();
  const kafka = connectKafka({ brokers, clientId: 'test' });
  const topic = newName();
  const settings = { topic, partitions: 2, replicationFactor: 1, minInSyncReplicas: 1 };
  return {
    feed: kafkaEventFeed(
      { kafka, topic, groupId: newName() },
      {
        store,
        streamPrefixes: modules.streamPrefixes,
        checkpoint: () => loadRelayCheckpoint(database, topic),
      },
    ),
    newRelay: () =>
      new Relay({
        store,
        db: database,
        target: kafkaTarget({ ...settings, kafka, compression: 'none' }),
        streamPrefixes: modules.streamPrefixes,
      }),
  };
}
