import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { journalStream } from '@fintech-ledger/envelope';
import { revision, StreamTruncated } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { eventStorePort } from '@fintech-ledger/projection-runtime';
import type { Reader } from '@fintech-ledger/projection-runtime';
import { eventsScannedMax } from './limits';
import { ReadModels } from '../ledgers/read-models';
import { touchesAccount } from './touches-account';

/** The raw events of a ledger, in order, as they were written. Answers `EventPage`. */
export class ReadEvents {
  constructor(
    readonly reader: Reader,
    readonly request: {
      /** Inclusive. */
      readonly fromRevision: number;
      readonly limit: number;
      readonly type?: string;
      /** Only events that touch this account. */
      readonly account?: string;
    },
  ) {}
}

export interface EventPage {
  readonly events: readonly RecordedEvent[];
  /** Where the next page begins; null: this was the last one. A page may be short, even empty, and not be the last. */
  readonly nextRevision: number | null;
  /** The ledger's last revision, -1 when it has no events. */
  readonly revision: number;
}

@QueryHandler(ReadEvents)
export class ReadEventsHandler implements IQueryHandler<ReadEvents, EventPage> {
  constructor(
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(eventStorePort) private readonly store: EventStore,
  ) {}

  /** Reads the store itself, which is never behind. Looks at `eventsScannedMax` events at most, so a rare filter gives short pages. */
  async execute({ reader, request }: ReadEvents): Promise<EventPage> {
    await this.models.check(reader);
    const stream = journalStream(reader.ledgerId);
    const { type, account, limit } = request;
    const isFiltered = type !== undefined || account !== undefined;
    const scanned = await this.store.readStream(stream, {
      from: revision(request.fromRevision),
      limit: isFiltered ? eventsScannedMax : limit + 1,
    });
    const head = await this.headOf(stream, scanned.length > 0);
    const events: RecordedEvent[] = [];
    let nextRevision: number | null = null;
    for (const event of scanned) {
      if (events.length === limit) {
        nextRevision = event.revision;
        break;
      }
      if (type !== undefined && event.type !== type) continue;
      if (account !== undefined && !touchesAccount(event.data, account)) continue;
      events.push(event);
    }
    const last = scanned.at(-1);
    // A page ends early where its events are large, and a filter may have left all of it out.
    if (nextRevision === null && last !== undefined && last.revision < (head?.revision ?? Infinity)) {
      nextRevision = last.revision + 1;
    }
    return { events, nextRevision, revision: head?.revision ?? last?.revision ?? -1 };
  }

  /** The last event; undefined where the stream has none. */
  private async headOf(stream: string, hasEvents: boolean): Promise<RecordedEvent | undefined> {
    try {
      return (await this.store.readStream(stream, { direction: 'backwards', limit: 1 }))[0];
    } catch (error) {
      // The end is missing: what is before it can be read all the same, and whoever reads on is told where it ends.
      if (!(error instanceof StreamTruncated) || !hasEvents) throw error;
      return undefined;
    }
  }
}
