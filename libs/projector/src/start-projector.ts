import { directEventFeed } from '@fintech-ledger/event-feed';
import type { EventFeed } from '@fintech-ledger/event-feed';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import type { AlarmSink } from '@fintech-ledger/health';
import { createEventStore } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { Projector } from '@fintech-ledger/projection-runtime';
import type { BatchApplied } from '@fintech-ledger/projection-runtime';
import { decodeEvent, projections } from '@fintech-ledger/projections';
import type { ReadModelEvent } from '@fintech-ledger/projections';

export interface RunningProjector {
  /** There are new events: look now. */
  wake(): void;
  stop(): Promise<void>;
}

/** Projects all read models from the event store into the read models in Postgres. */
export async function startProjector(options: {
  readonly databaseUrl: string;
  /** Absent: the event store is in the same database. */
  readonly eventStoreUrl: string | undefined;
  readonly log: Logger;
  readonly alarms: AlarmSink;
  /** Told of every batch, for metrics. */
  readonly applied: (batch: BatchApplied) => void;
}): Promise<RunningProjector> {
  const database = connect({
    connectionString: options.databaseUrl,
    max: 4,
    applicationName: 'fintech-ledger-projector',
  });
  const eventStore = await createEventStore(options, { database, log: options.log });
  const projector = projectInto(database, directEventFeed(eventStore), options);
  return {
    wake() {
      // EventStoreDB tells by itself.
      if (eventStore instanceof PostgresEventStore) eventStore.wake();
    },
    async stop() {
      await projector.stop();
      await eventStore.close();
      await database.close();
    },
  };
}

/** Projects a feed into the read models of a database. */
export function projectInto(
  db: Database,
  feed: EventFeed,
  {
    log,
    alarms,
    applied,
  }: {
    readonly log: Logger;
    readonly alarms: AlarmSink;
    readonly applied: (batch: BatchApplied) => void;
  },
): Projector<ReadModelEvent> {
  const projector = new Projector({
    db,
    feed,
    decode: decodeEvent,
    recordedMsOf: (event) => event.recordedMs,
    projections,
    observer: {
      applied,
      halted({ projection, reason, cause }) {
        alarms.raise('projections', projection, reason);
        log.fatal({ projection, reason, err: cause }, 'ALARM: a projection halted');
      },
      retrying: (err, delayMs) =>
        log.warn({ err, delayMs: Math.round(delayMs) }, 'the projector tries again'),
    },
  });
  projector.start();
  return projector;
}
