import type { Database } from '@fintech-ledger/postgres';
import { AppendJoiner } from '../../append-joiner';
import { appendBytesMax, appendEventsMax, gatherMsDefault } from '../../limits';
import { PolledSubscription } from '../../polled-subscription';
import { checkAppend, globalPosition, OutcomeUnknown, revision, StoreUnavailable } from '../../port';
import type {
  AppendResult,
  EventToAppend,
  ExpectedRevision,
  Follower,
  GlobalPosition,
  ReadOptions,
  RecordedEvent,
  SubscribeOptions,
  Subscription,
} from '../../port';
import { append, RowPlaces } from './append';
import type { EventsAfter, EventStoreWithLog } from '../../log-reader';
import { AppendFeed, scanAppendsMax } from './append-feed';
import { appendTogether } from './append-together';
import { SpareBytes } from './copied-bytes';
import { copiedEvents } from './copied-events';
import { countAfter } from './feed-statements';
import { readStream } from './read-stream';
import { throwReadError } from './translate-error';
import { withDeadline } from '../../with-deadline';

export interface PostgresEventStoreOptions {
  /**
   * Migrated (schema `store`). Connected with a `statementTimeoutMs`, or a hanging connection is never given up. Not
   * closed by us.
   */
  readonly database: Database;
  /** How long an append may take before its outcome counts as unknown. Default 15 s. */
  readonly appendTimeoutMs?: number;
  /** How often a quiet subscription looks for events of other processes. Default 100 ms. */
  readonly idlePollMs?: number;
}

/** The event store in Postgres: see docs/decisions/0002 and schemas/sql/0001-event-store.sql. */
export class PostgresEventStore implements EventStoreWithLog, Follower {
  readonly limits = { appendBytesMax, appendEventsMax };
  private readonly database: Database;
  private readonly appendTimeoutMs: number;
  private readonly idlePollMs: number;
  private readonly subscriptions = new Set<PolledSubscription>();
  private readonly places = new RowPlaces();
  private readonly spareBytes = new SpareBytes();
  private readonly joiner = new AppendJoiner({
    appendAlone: ({ stream, before, events }) =>
      this.inTime(append(this.database, stream, revision(before), events, this.places)),
    appendTogether: (appends) => this.inTime(appendTogether(this.database, appends, this.places)),
  });
  private isClosed = false;

  constructor({ database, appendTimeoutMs = 15_000, idlePollMs = 100 }: PostgresEventStoreOptions) {
    this.database = database;
    this.appendTimeoutMs = appendTimeoutMs;
    this.idlePollMs = idlePollMs;
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    const bytes = checkAppend(stream, events, this.limits);
    this.checkOpen();
    const result = await (typeof expected === 'number'
      ? this.joiner.append({ stream, before: expected, events }, bytes)
      : this.inTime(append(this.database, stream, expected, events, this.places)));
    this.wake();
    return result;
  }

  async readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    this.checkOpen();
    return readStream(this.database, stream, options);
  }

  subscribe(options: SubscribeOptions): Subscription {
    const gatherMs = options.gatherMs ?? gatherMsDefault;
    const pace = { gatherMs, activeMs: 2, toldMs: 20, idleMs: this.idlePollMs, retryMs: 2_000 };
    const feed = new AppendFeed(this.database, options);
    const subscription = new PolledSubscription(feed, pace, (closed) => this.subscriptions.delete(closed));
    if (this.isClosed) void subscription.close();
    else this.subscriptions.add(subscription);
    return subscription;
  }

  async readAfter(
    after: GlobalPosition | undefined,
    streamPrefixes: readonly string[],
  ): Promise<EventsAfter> {
    this.checkOpen();
    const options = { streamPrefixes, ...(after === undefined ? {} : { after }) };
    const feed = new AppendFeed(this.database, options, scanAppendsMax);
    const { events, isAll } = await feed.read();
    return { events, isAll, position: feed.position };
  }

  /**
   * The events of a stretch of positions, in order. Positions are whole numbers without holes, so what is to be read
   * can be shared out among readers. The events of a batch are to be read before the next batch is asked for: their
   * bytes are overwritten then.
   * @param until inclusive; one that the store has
   * @throws StoreUnavailable, PositionUnknown
   */
  async *readStretch(
    after: GlobalPosition | undefined,
    until: GlobalPosition,
    streamPrefixes: readonly string[],
  ): AsyncGenerator<readonly RecordedEvent[]> {
    this.checkOpen();
    const options = { streamPrefixes, ...(after === undefined ? {} : { after }) };
    const buffers = [this.spareBytes.take(), this.spareBytes.take()] as const;
    const feed = new AppendFeed(this.database, options, undefined, copiedEvents(this.database, buffers));
    let reading = feed.read();
    let isEnd = false;
    try {
      for (;;) {
        const { events, isAll } = await reading;
        const position = Number(feed.position);
        isEnd = isAll || position >= Number(until);
        // The next events come while these are worked on.
        if (!isEnd) reading = feed.read();
        const own =
          position > Number(until)
            ? events.filter((event) => Number(event.position) <= Number(until))
            : events;
        if (own.length > 0) yield own;
        if (isEnd) return;
      }
    } finally {
      if (isEnd) this.spareBytes.giveBack(buffers);
      // What was asked for comes still.
      else void reading.catch(() => undefined).then(() => this.spareBytes.giveBack(buffers));
    }
  }

  /**
   * Subscriptions of this store look for events now instead of with their next poll. Appends through this very store do
   * it by themselves; call it when another one (in another thread, say) has appended.
   */
  wake(): void {
    for (const subscription of this.subscriptions) subscription.wake();
  }

  async countAfter(position: GlobalPosition | undefined): Promise<number | null> {
    this.checkOpen();
    const { rows } = await this.database
      .query<{ count: string }>(countAfter, [position ?? '0'])
      .catch(throwReadError);
    return Math.max(0, Number(rows[0]?.count));
  }

  async lastPosition(): Promise<GlobalPosition | undefined> {
    this.checkOpen();
    const { rows } = await this.database
      .query<{ last: string }>('select last from store.position')
      .catch(throwReadError);
    const last = rows[0]?.last ?? '0';
    return last === '0' ? undefined : globalPosition(last);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
  }

  private inTime<T>(appending: Promise<T>): Promise<T> {
    const late = (): Error => new OutcomeUnknown(`no answer to an append within ${this.appendTimeoutMs} ms`);
    return withDeadline(appending, this.appendTimeoutMs, late);
  }

  private checkOpen(): void {
    if (this.isClosed) throw new StoreUnavailable('the event store is closed');
  }
}
