import { directEventFeed } from '@fintech-ledger/event-feed';
import type { EventFeed } from '@fintech-ledger/event-feed';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import type { Logger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { Projector } from '@fintech-ledger/projection-runtime';
import type { BatchApplied } from '@fintech-ledger/projection-runtime';
import { decodeEvent, projections } from '@fintech-ledger/projections';

export interface RunningProjector {
  /** There are new events: look now. */
  wake(): void;
  stop(): Promise<void>;
}

/** Projects all read models from the event store in Postgres into the read models in Postgres. */
export function startProjector(options: {
  readonly databaseUrl: string;
  readonly log: Logger;
  /** Told of every batch, for metrics. */
  readonly applied: (batch: BatchApplied) => void;
}): RunningProjector {
  const database = connect({
    connectionString: options.databaseUrl,
    max: 4,
    applicationName: 'fintech-ledger-projector',
  });
  const eventStore = new PostgresEventStore({ database });
  const projector = projectInto(database, directEventFeed(eventStore), options);
  return {
    wake: () => eventStore.wake(),
    async stop() {
      await projector.stop();
      await eventStore.close();
      await database.close();
    },
  };
}

function projectInto(
  db: Database,
  feed: EventFeed,
  { log, applied }: { readonly log: Logger; readonly applied: (batch: BatchApplied) => void },
) {
  const projector = new Projector({
    db,
    feed,
    decode: decodeEvent,
    recordedMsOf: (event) => event.recordedMs,
    projections,
    observer: {
      applied,
      halted: ({ projection, reason, cause }) =>
        log.fatal({ projection, reason, err: cause }, 'ALARM: a projection halted'),
      retrying: (err, delayMs) =>
        log.warn({ err, delayMs: Math.round(delayMs) }, 'the projector tries again'),
    },
  });
  projector.start();
  return projector;
}
