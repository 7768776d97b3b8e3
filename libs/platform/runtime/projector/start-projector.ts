import { directEventFeed } from '@fintech-ledger/event-feed';
import type { EventFeed } from '@fintech-ledger/event-feed';
import type { EventStore } from '@fintech-ledger/event-store';
import type { AlarmSink } from '@fintech-ledger/health';
import { openEventStore, openPool } from '@fintech-ledger/installation';
import type { Installation } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import type { Modules } from '@fintech-ledger/manifest';
import type { Database } from '@fintech-ledger/postgres';
import { Projector } from '@fintech-ledger/projection-runtime';
import type { BatchApplied, DecodedEvent } from '@fintech-ledger/projection-runtime';
import { startRebuilds } from './start-rebuilds';
import { watchStreams } from './watch-streams';

export interface RunningProjector {
  /** There are new events: look now. */
  wake(): void;
  /** See `Projector.health`. */
  health(): string | undefined;
  stop(): Promise<void>;
}

/** Projects all read models from the event store into the read models in Postgres. */
export async function startProjector(options: {
  readonly modules: Modules;
  readonly databaseUrl: string;
  /** Absent: the event store is in the same database. */
  readonly eventStoreUrl: string | undefined;
  readonly installation: Installation;
  /** See `startRebuilds`. */
  readonly fillThread: string;
  readonly log: Logger;
  readonly alarms: AlarmSink;
  /** Told of every batch, for metrics. */
  readonly applied: (batch: BatchApplied) => void;
}): Promise<RunningProjector> {
  const database = openPool(options.databaseUrl, 'projector', 4);
  const { store, follower } = await openEventStore(options, { ...options, database });
  const projector = projectInto(database, directEventFeed(store), store, options);
  const unwatch = watchStreams({ ...options, db: database, store, projections: options.modules.projections });
  const rebuilds = startRebuilds({
    ...options,
    store,
    fillThread: options.eventStoreUrl === undefined ? options.fillThread : undefined,
  });
  return {
    wake: () => follower?.wake(),
    health: () => projector.health(),
    async stop() {
      await rebuilds.stop();
      await unwatch();
      await projector.stop();
      await store.close();
      await database.close();
    },
  };
}

/**
 * Projects a feed into the read models of a database.
 * @param history the event store, where a stream that is halted is read again
 */
export function projectInto(
  db: Database,
  feed: EventFeed,
  history: Pick<EventStore, 'readStream'>,
  {
    modules,
    log,
    alarms,
    applied,
  }: {
    readonly modules: Pick<Modules, 'decode' | 'projections'>;
    readonly log: Logger;
    readonly alarms: AlarmSink;
    readonly applied: (batch: BatchApplied) => void;
  },
): Projector<DecodedEvent> {
  const projector = new Projector({
    db,
    feed,
    history,
    decode: modules.decode,
    linkOf: (event) => event,
    recordedMsOf: (event) => event.recordedMs,
    projections: modules.projections,
    observer: {
      applied,
      halted({ projection, stream, reason, cause }) {
        alarms.raise('projections', subjectOf(projection, stream), reason);
        log.fatal(
          { projection, ...(stream !== undefined && { stream }), reason, err: cause },
          stream === undefined ? 'ALARM: a projection halted' : 'ALARM: a stream of a projection halted',
        );
      },
      suspended: ({ projection, stream, reason }) =>
        log.warn(
          { projection, stream, reason },
          'a stream can not go on: reading it again from the event store',
        ),
      resumed(facts) {
        alarms.clear('projections', subjectOf(facts.projection, facts.stream));
        log.warn(facts, 'a stream that had halted goes on');
      },
      forgotten: ({ projection, stream }) => void alarms.clear('projections', subjectOf(projection, stream)),
      foreign: (reason) => log.error({ reason }, 'something in the feed is no event; it was passed over'),
      retrying: (err, delayMs) =>
        log.warn({ err, delayMs: Math.round(delayMs) }, 'the projector tries again'),
    },
  });
  projector.start();
  return projector;
}

const subjectOf = (projection: string, stream: string | undefined): string =>
  stream === undefined ? projection : `${projection}/${stream}`;
