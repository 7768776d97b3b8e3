import { checkPage } from '../../check-page';
import { checkRead } from '../../check-read';
import {
  appendBytesMax,
  appendEventsMax,
  readBytesMax,
  reappendWindowEvents,
  subscriptionBatchBytesMax,
  subscriptionBatchEvents,
} from '../../limits';
import { PolledSubscription } from '../../polled-subscription';
import {
  checkAppend,
  globalPosition,
  PositionUnknown,
  revision,
  StoreUnavailable,
  StreamGone,
  StreamTruncated,
  WrongExpectedRevision,
} from '../../port';
import type {
  AppendResult,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  GlobalPosition,
  ReadOptions,
  RecordedEvent,
  SubscribeOptions,
  Subscription,
} from '../../port';
import type { EventsAfter, EventStoreWithLog } from '../../log-reader';
import { untilBytes } from './until-bytes';

/** The event store in memory, for tests and simulations: keeps every promise but durability. */
export class MemoryEventStore implements EventStoreWithLog {
  readonly limits: EventStore['limits'];
  private readonly all: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly subscriptions = new Set<PolledSubscription>();
  /** By stream: the events before this revision are lost. */
  private readonly truncated = new Map<string, number>();
  private readonly deleted = new Set<string>();
  private isClosed = false;

  constructor(limits: Partial<EventStore['limits']> = {}) {
    this.limits = { appendBytesMax, appendEventsMax, ...limits };
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    checkAppend(stream, events, this.limits);
    this.checkOpen();
    this.checkThere(stream);
    const recorded = this.streams.get(stream) ?? [];
    const first = placeOf(expected, events, recorded);
    if (first !== undefined && events.every(({ id }, index) => recorded[first + index]?.id === id)) {
      return { revision: revision(first + events.length - 1), repeated: true };
    }
    if (!isExpected(expected, recorded.length, first)) {
      const actual = recorded.length === 0 ? null : revision(recorded.length - 1);
      throw new WrongExpectedRevision(stream, expected, actual);
    }
    this.streams.set(stream, recorded);
    for (const { id, type, data, metadata } of events) {
      const position = globalPosition(String(this.all.length + 1));
      const event = { id, type, data, metadata, stream, revision: revision(recorded.length), position };
      recorded.push(event);
      this.all.push(event);
    }
    for (const subscription of this.subscriptions) subscription.wake();
    return { revision: revision(recorded.length - 1), repeated: false };
  }

  async readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    checkRead(options);
    this.checkOpen();
    this.checkThere(stream);
    const recorded = this.streams.get(stream) ?? [];
    const lost = this.truncated.get(stream) ?? 0;
    const { from, limit, direction = 'forwards' } = options;
    const end = Math.min(from ?? recorded.length - 1, recorded.length - 1) + 1;
    const low = direction === 'forwards' ? (from ?? 0) : Math.max(0, end - limit);
    const page = recorded.slice(Math.max(low, lost), direction === 'forwards' ? low + limit : end);
    if (page.length === 0 && low < Math.min(lost, recorded.length)) throw new StreamTruncated(stream, null);
    const ordered = direction === 'forwards' ? page : page.reverse();
    return checkPage(stream, options, untilBytes(ordered, options.bytesMax ?? readBytesMax));
  }

  /** Loses the events before this revision, as a store can that was told so or was damaged. */
  truncate(stream: string, before: number): void {
    this.truncated.set(stream, before);
  }

  /** Deletes the stream for good. */
  delete(stream: string): void {
    this.deleted.add(stream);
  }

  subscribe(options: SubscribeOptions): Subscription {
    const { after, streamPrefixes, batchEventsMax = subscriptionBatchEvents } = options;
    let done = after === undefined ? 0 : Number(after);
    const read = async (): Promise<{ events: readonly RecordedEvent[]; more: boolean }> => {
      if (!(done <= this.all.length)) throw new PositionUnknown(`position ${after} is not of this store`);
      const found: RecordedEvent[] = [];
      let scanned = done;
      for (; scanned < this.all.length && found.length < batchEventsMax; scanned++) {
        const event = this.all[scanned];
        if (event && streamPrefixes.some((prefix) => event.stream.startsWith(prefix))) found.push(event);
      }
      const events = untilBytes(found, subscriptionBatchBytesMax);
      done = events.length < found.length ? Number(events.at(-1)?.position) : scanned;
      return { events, more: false };
    };
    const pace = { gatherMs: 0, activeMs: 1, toldMs: 1, idleMs: 1_000, retryMs: 1_000 };
    const source = {
      read,
      get position() {
        return globalPosition(String(done));
      },
    };
    const subscription = new PolledSubscription(source, pace, (closed) => this.subscriptions.delete(closed));
    if (this.isClosed) void subscription.close();
    else this.subscriptions.add(subscription);
    return subscription;
  }

  async readAfter(
    after: GlobalPosition | undefined,
    streamPrefixes: readonly string[],
  ): Promise<EventsAfter> {
    this.checkOpen();
    const done = Number(after ?? 0);
    if (!(done <= this.all.length)) throw new PositionUnknown(`position ${after} is not of this store`);
    const later = this.all.slice(done);
    const events = later.filter(({ stream }) => streamPrefixes.some((prefix) => stream.startsWith(prefix)));
    return { events, position: this.all.at(-1)?.position, isAll: true };
  }

  async countAfter(position: GlobalPosition | undefined): Promise<number | null> {
    this.checkOpen();
    return Math.max(0, this.all.length - Number(position ?? 0));
  }

  async lastPosition(): Promise<GlobalPosition | undefined> {
    this.checkOpen();
    return this.all.at(-1)?.position;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
  }

  private checkThere(stream: string): void {
    if (this.deleted.has(stream)) throw new StreamGone(stream);
  }

  private checkOpen(): void {
    if (this.isClosed) throw new StoreUnavailable('the event store is closed');
  }
}

/** Where the first of these events is, if they were appended already. */
function placeOf(
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
  recorded: readonly RecordedEvent[],
): number | undefined {
  if (expected === 'no_stream') return 0;
  if (typeof expected === 'number') return expected + 1;
  const place = recorded.findLastIndex(({ id }) => id === events[0]?.id);
  return place === -1 || place < recorded.length - reappendWindowEvents ? undefined : place;
}

function isExpected(expected: ExpectedRevision, length: number, place: number | undefined): boolean {
  if (expected === 'no_stream') return length === 0;
  if (typeof expected === 'number') return length === expected + 1;
  // Some of the events are there but not all of them.
  if (place !== undefined) return false;
  return expected === 'any' || length > 0;
}
