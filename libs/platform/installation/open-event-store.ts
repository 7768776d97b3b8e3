import type { Config } from '@fintech-ledger/config';
import { IdentifiedEventStore, PostgresEventStore, prefixedEventStore } from '@fintech-ledger/event-store';
import type { EventStore, Follower } from '@fintech-ledger/event-store';
import type { AlarmSink } from '@fintech-ledger/health';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { createEventStore } from './create-event-store';
import type { Installation } from './installation';
import { StoreIdentity } from './store-identity';

type EventStoreConfig = Pick<Config, 'eventStoreUrl'> & Partial<Pick<Config, 'eventStoreAppendBytesMax'>>;

export interface EventStoreContext {
  /** For the tables, and for what is known of the store; not closed by it. */
  readonly database: Database;
  readonly installation: Installation;
  readonly log: Logger;
  readonly alarms: AlarmSink;
}

export interface OpenedEventStore {
  readonly store: IdentifiedEventStore;
  /** What the store is, as traces call it. */
  readonly system: 'postgresql' | 'eventstoredb';
  /** To be told when another part of this process has appended; undefined: it need not be told. */
  readonly follower: Follower | undefined;
}

/** The streams of an installation, whosever the store says it is: for `ledgerctl recover`. */
export async function openOwnStreams(
  config: EventStoreConfig,
  { database, installation, log }: Omit<EventStoreContext, 'alarms'>,
): Promise<EventStore> {
  const raw = await createEventStore(config, { database, log });
  return raw instanceof PostgresEventStore ? raw : prefixedEventStore(raw, installation.prefix);
}

/**
 * The event store of an installation: its own streams only, and nothing at all while it is another installation's.
 * @throws ConfigInvalid the connection string has a mistake, which is named
 */
export async function openEventStore(
  config: EventStoreConfig,
  { database, installation, log, alarms }: EventStoreContext,
): Promise<OpenedEventStore> {
  const opened: { store?: IdentifiedEventStore } = {};
  const raw = await createEventStore(config, { database, log, onLost: () => opened.store?.doubt() });
  const isTables = raw instanceof PostgresEventStore;
  const identity = new StoreIdentity(installation, database);
  opened.store = new IdentifiedEventStore({
    // The tables are this installation's alone: a prefix would only make every name longer.
    store: isTables ? raw : prefixedEventStore(raw, installation.prefix),
    compare: (store) => identity.problemWith(store),
    onCompared(problem) {
      if (problem === undefined) {
        if (alarms.clear('store', '')) log.info('the event store is the right one again');
      } else if (alarms.raise('store', '', problem)) {
        log.fatal({ reason: problem }, 'ALARM: the event store is not the one of this installation');
      }
    },
  });
  return {
    store: opened.store,
    system: isTables ? 'postgresql' : 'eventstoredb',
    follower: isTables ? raw : undefined,
  };
}
