import { OwnerGateway, projectInto, openWriters, postgresOwnership } from '@fintech-ledger/runtime';
import { HttpForwarder } from '@fintech-ledger/command-transport';
import { kafkaEventFeed } from '@fintech-ledger/event-feed';
import { openEventStoreDb } from '@fintech-ledger/event-store';
import { silentObserver } from '@fintech-ledger/journal';
import { connectKafka } from '@fintech-ledger/kafka';
import { LeaseDirectory } from '@fintech-ledger/leases';
import { Alarms } from '@fintech-ledger/health';
import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import { kafkaTarget, Relay } from '@fintech-ledger/relay';
import { modules } from '../../../apps/modules';
import { DeterminedTime } from './determined-time';
import { closeAll, secret } from './product';
import type { Product } from './product';

export interface DistributedOptions {
  readonly databaseUrl: string;
  readonly eventStoreUrl: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly nowMs: ReadonlyMap<string, number>;
}

const partitions = 6;
/** Long: a writer that is reopened on a busy machine has other ids, and what is compared here is not that. */
const leaseTtlMs = 120_000;

/**
 * As `apps/{api,writer,relay,projector}` run it: events in EventStoreDB, from there by way of Kafka to two projectors of one group. A command that is
 * sent alone goes the API's way, over HTTP to the owner of its lease; several at once go straight to the writer, because connections would not
 * keep their order.
 */
export async function openDistributed(options: DistributedOptions): Promise<Product> {
  const { databaseUrl, eventStoreUrl, brokers, topic, nowMs } = options;
  const log = createLogger('warn', 'distributed');
  const kafka = (clientId: string) => connectKafka({ brokers, clientId });
  const pool = (max: number) => connect({ connectionString: databaseUrl, max, statementTimeoutMs: 30_000 });
  const [database, relaying] = [pool(8), pool(4)];
  const [store, relayedStore] = await Promise.all(
    [1, 2].map(() => openEventStoreDb({ url: eventStoreUrl, onSubscriptionLost: () => undefined })),
  );
  if (store === undefined || relayedStore === undefined) throw new Error('two stores were opened');
  const writers = await openWriters({
    modules,
    eventStore: store,
    database,
    cacheRecords: 2_000,
    secret,
    host: '127.0.0.1',
    observer: silentObserver,
    ownership: (address) => postgresOwnership({ database, address, ttlMs: leaseTtlMs, log }),
    determined: new DeterminedTime(nowMs).of,
  });
  const topicSettings = { topic, partitions, replicationFactor: 1, minInSyncReplicas: 1 };
  const target = kafkaTarget({ ...topicSettings, kafka: kafka('relay'), compression: 'none' });
  const relay = new Relay({
    store: relayedStore,
    db: relaying,
    target,
    streamPrefixes: modules.streamPrefixes,
  });
  relay.start();
  const projecting = [1, 2].map((number) => {
    const own = pool(4);
    const feed = kafkaEventFeed({
      kafka: kafka(`projector-${number}`),
      topic,
      groupId: topic,
    });
    return {
      own,
      projector: projectInto(own, feed, store, {
        modules,
        log,
        alarms: new Alarms(),
        applied: () => undefined,
      }),
    };
  });
  const forwarder = new HttpForwarder({ secret });
  const api = new OwnerGateway({ directory: new LeaseDirectory(database), forwarder });
  return {
    store,
    database,
    submit: (envelopes) => {
      const gateway = envelopes.length === 1 ? api : writers.gateway;
      return Promise.all(envelopes.map((envelope) => gateway.submit(envelope)));
    },
    close: () =>
      closeAll([
        () => database.close(),
        () => relaying.close(),
        () => store.close(),
        () => relayedStore.close(),
        ...projecting.map(
          ({ own }) =>
            () =>
              own.close(),
        ),
        ...projecting.map(
          ({ projector }) =>
            () =>
              projector.stop(),
        ),
        () => relay.stop(),
        () => forwarder.close(),
        () => writers.close(),
      ]),
  };
}
