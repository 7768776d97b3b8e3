import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { journalStream } from '@fintech-ledger/envelope';
import { revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { eventStorePort, FairTurns } from '@fintech-ledger/projection-runtime';
import type { Reader } from '@fintech-ledger/projection-runtime';
import { eventPagesAtOnce, eventPagesOfOneAtOnce, eventsScannedMax } from './limits';
import { headOf, reachJournal } from './reach-journal';
import { readRevisions } from './read-revisions';
import { ledgerQueriesPort } from '../read-model/queries';
import type { LedgerQueries } from '../read-model/queries';
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
  private readonly turns = new FairTurns({
    of: 'events',
    runningMax: eventPagesAtOnce,
    runningOfOwnerMax: eventPagesOfOneAtOnce,
  });

  constructor(
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(eventStorePort) private readonly store: EventStore,
    @Inject(ledgerQueriesPort) private readonly queries: Pick<LedgerQueries, 'findEvents'>,
  ) {}

  /** Reads the store itself: where the read models say, and after what they know all of it. */
  async execute({ reader, request }: ReadEvents): Promise<EventPage> {
    await this.models.check(reader);
    await reachJournal(this.store, reader);
    return this.turns.run(reader.organizationId, () => this.page(reader.ledgerId, request));
  }

  private async page(ledgerId: string, request: ReadEvents['request']): Promise<EventPage> {
    const stream = journalStream(ledgerId);
    const { type, account, limit, fromRevision } = request;
    if (type === undefined && account === undefined)
      return this.scan(stream, request, { from: fromRevision, limit: limit + 1, before: [] });
    const filter = { ...(type === undefined ? {} : { type }), ...(account === undefined ? {} : { account }) };
    const found = await this.queries.findEvents(ledgerId, filter, fromRevision, limit + 1);
    const { events, unread } = await readRevisions(this.store, stream, found.revisions.slice(0, limit));
    const before = events.filter((event) => isWanted(event, request));
    const next = unread ?? found.revisions[limit] ?? (found.isEnd ? undefined : found.through + 1);
    if (next !== undefined) {
      const head = await headOf(this.store, stream, events.length > 0);
      return { events: before, nextRevision: next, revision: head ?? next };
    }
    const from = Math.max(fromRevision, found.through + 1);
    return this.scan(stream, request, { from, limit: eventsScannedMax, before });
  }

  /** Reads on event by event, and looks at `limit` of them at most. */
  private async scan(
    stream: string,
    request: ReadEvents['request'],
    { from, limit, before }: { from: number; limit: number; before: readonly RecordedEvent[] },
  ): Promise<EventPage> {
    const scanned = await this.store.readStream(stream, { from: revision(from), limit });
    const head = await headOf(this.store, stream, scanned.length + before.length > 0);
    const events = [...before];
    let nextRevision: number | null = null;
    for (const event of scanned) {
      if (events.length === request.limit) {
        nextRevision = event.revision;
        break;
      }
      if (isWanted(event, request)) events.push(event);
    }
    const last = scanned.at(-1);
    // A page ends early where its events are large, and a filter may have left all of it out.
    if (nextRevision === null && last !== undefined && last.revision < (head ?? Infinity)) {
      nextRevision = last.revision + 1;
    }
    return { events, nextRevision, revision: head ?? last?.revision ?? -1 };
  }
}

function isWanted(event: RecordedEvent, { type, account }: ReadEvents['request']): boolean {
  return (
    (type === undefined || event.type === type) &&
    (account === undefined || touchesAccount(event.data, account))
  );
}
