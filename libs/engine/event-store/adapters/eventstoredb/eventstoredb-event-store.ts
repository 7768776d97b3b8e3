import { appendEventsMax, gatherMsDefault, readEventsMax } from '../../limits';
import { PolledSubscription } from '../../polled-subscription';
import {
  AppendTooLarge,
  checkAppend,
  OutcomeUnknown,
  StoreUnavailable,
  WrongExpectedRevision,
  revision,
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
import type { Stored } from './append-answer';
import { Appender } from './appender';
import { KnownPositions } from './known-positions';
import { serverAppendBytesMax, silenceMs, typeBytesReserved } from './limits';
import { parseEventStoreUrl } from './parse-event-store-url';
import { readLogAfter } from './read-log-after';
import { StreamReader } from './stream-reader';
import { StreamsConnection } from './streams-connection';
import { SubscriptionSource } from './subscription-source';

export interface EventStoreDbOptions {
  /** Such as `esdb://user:password@host:2113`, see `parseEventStoreUrl`. */
  readonly url: string;
  /**
   * How long an append may take before its outcome counts as unknown, and the nodes are asked again who leads. Default
   * 3 s: the server itself gives up on its followers after 2 s, and says so; one that says nothing is frozen or out of
   * reach.
   */
  readonly appendTimeoutMs?: number;
  /** How long a read, or the confirmation of a subscription, may take. Default 15 s. */
  readonly readTimeoutMs?: number;
  /** The server's option MaxAppendSize, in bytes. Default 1 MiB, as the server's. */
  readonly serverAppendBytesMax?: number;
  /** After how long without a word a read or a subscription asks its node whether it is there. Default 3 s. */
  readonly silenceMs?: number;
  /** Told whenever a subscription is lost or can't be opened; it goes on automatically. */
  readonly onSubscriptionLost?: (error: Error) => void;
}

/**
 * The event store in EventStoreDB 22.10 or later (KurrentDB too): see docs/decisions/0012. Recognising repeated appends
 * with 'any' and 'stream_exists' is up to the server, which remembers some ten thousand ids of all streams together, in
 * memory only: after it was restarted it stores them again.
 */
export class EventStoreDbEventStore implements EventStoreWithLog {
  readonly limits: EventStore['limits'];
  private readonly appends: StreamsConnection;
  /** A connection of their own, so that a large read never holds up an append. */
  private readonly reads: StreamsConnection;
  private readonly appender: Appender;
  private readonly reader: StreamReader;
  private readonly known = new KnownPositions();
  private readonly subscriptions = new Set<PolledSubscription>();
  private readonly sources = new Set<SubscriptionSource>();
  private readonly url: ReturnType<typeof parseEventStoreUrl>;
  private readonly silenceMs: number;
  private isEndKnown = false;
  private isClosed = false;

  /** Connects with the first call. @throws EventStoreUrlInvalid */
  constructor(private readonly options: EventStoreDbOptions) {
    this.url = parseEventStoreUrl(options.url);
    const { appendTimeoutMs = 3_000, readTimeoutMs = 15_000 } = options;
    this.silenceMs = options.silenceMs ?? silenceMs;
    const bytesMax = options.serverAppendBytesMax ?? serverAppendBytesMax;
    this.limits = { appendBytesMax: bytesMax, appendEventsMax, eventOverheadBytes: typeBytesReserved };
    this.appends = new StreamsConnection(this.url, 'leader');
    // gRPC shares a connection between clients whose settings are the same, so these differ by a millisecond.
    const { keepAliveTimeoutMs: timeoutMs } = this.url;
    this.reads = new StreamsConnection({
      ...this.url,
      keepAliveTimeoutMs: timeoutMs + (timeoutMs < 0 ? 0 : 1),
    });
    this.appender = new Appender(this.appends, this.url, appendTimeoutMs, () => this.askAnew());
    this.reader = new StreamReader(
      this.reads,
      this.url,
      { timeoutMs: readTimeoutMs, silenceMs: this.silenceMs },
      this.known,
      () => this.readAnew(),
    );
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    checkAppend(stream, events, this.limits);
    this.checkTypes(events);
    this.checkOpen();
    if (!this.isEndKnown) await this.findEnd();
    const isAnywhere = expected === 'any' || expected === 'stream_exists';
    const endBefore = this.known.last;
    try {
      const stored = await this.appender.append(stream, expected, events);
      if (isAnywhere) await this.checkStored(stream, expected, events, stored);
      const isRepeated = stored.position ? this.known.answeredWith(stored.position, endBefore) : false;
      return { revision: stored.revision, repeated: isRepeated };
    } catch (error) {
      // The next attempt wants to know whether this one was stored after all.
      if (error instanceof OutcomeUnknown) this.isEndKnown = false;
      throw error;
    }
  }

  async readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    this.checkOpen();
    return this.reader.readStream(stream, options);
  }

  async readAfter(after: GlobalPosition | undefined, prefixes: readonly string[]): Promise<EventsAfter> {
    this.checkOpen();
    return readLogAfter(this.reader, after, prefixes);
  }

  subscribe(options: SubscribeOptions): Subscription {
    const opened: { subscription?: PolledSubscription } = {};
    const source = new SubscriptionSource(options, {
      connection: this.reads,
      reader: this.reader,
      url: this.url,
      openTimeoutMs: this.options.readTimeoutMs ?? 15_000,
      silenceMs: this.silenceMs,
      onSilence: (reason) => {
        this.options.onSubscriptionLost?.(reason);
        this.readAnew();
      },
      onNews: () => opened.subscription?.wake(),
      onLost: (error) => this.options.onSubscriptionLost?.(error),
    });
    // What arrives wakes it up: polling is only the way to open a lost subscription again.
    const gatherMs = options.gatherMs ?? gatherMsDefault;
    const pace = { gatherMs, activeMs: 20, toldMs: 20, idleMs: 1_000, retryMs: 1_000 };
    const subscription = new PolledSubscription(source, pace, (closed) => {
      this.subscriptions.delete(closed);
      this.sources.delete(source);
      source.close();
    });
    opened.subscription = subscription;
    if (this.isClosed) void subscription.close();
    else {
      this.subscriptions.add(subscription);
      this.sources.add(source);
    }
    return subscription;
  }

  /** EventStoreDB's positions are offsets, so it can't tell. */
  async countAfter(_position: GlobalPosition | undefined): Promise<number | null> {
    this.checkOpen();
    return null;
  }

  async lastPosition(): Promise<GlobalPosition | undefined> {
    this.checkOpen();
    return (await this.reader.readEnd())?.position;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    await Promise.all([this.appends.close(), this.reads.close()]);
  }

  /** An append was not answered. Who reads from the same node hears nothing either. */
  private askAnew(): void {
    void this.appends.reconnect();
    if (this.url.endpoints.length === 1 && !this.url.isDiscovered) return;
    this.readAnew();
  }

  /** What is read, or subscribed to, of a node that says nothing is given up, and the nodes are asked who leads. */
  private readAnew(): void {
    const reason = new StoreUnavailable(
      'the node of EventStoreDB does not answer: asking the nodes who leads',
    );
    for (const source of this.sources) source.reopen(reason);
    void this.reads.giveUp();
  }

  /** Where the log ends now, so that an answer tells whether it is an earlier one. @throws StoreUnavailable */
  private async findEnd(): Promise<void> {
    await this.reader.readEnd();
    this.isEndKnown = true;
  }

  /**
   * Without an exact revision the server takes events for stored when each of their ids is, in whatever order.
   * @throws WrongExpectedRevision · OutcomeUnknown when it can't be found out
   */
  private async checkStored(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
    stored: Stored,
  ): Promise<void> {
    const first = stored.revision - events.length + 1;
    try {
      if (first >= 0 && (await this.areThere(stream, first, events))) return;
      const [last] = await this.reader.readStream(stream, { direction: 'backwards', limit: 1 });
      throw new WrongExpectedRevision(stream, expected, last?.revision ?? null);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      throw new OutcomeUnknown(`an append can't be checked: ${error.message}`, { cause: error });
    }
  }

  private async areThere(stream: string, first: number, events: readonly EventToAppend[]): Promise<boolean> {
    for (let at = 0; at < events.length;) {
      const limit = Math.min(events.length - at, readEventsMax);
      const page = await this.reader.readStream(stream, { from: revision(first + at), limit });
      if (page.length === 0 || page.some(({ id }, index) => id !== events[at + index]?.id)) return false;
      at += page.length;
    }
    return true;
  }

  private checkTypes(events: readonly EventToAppend[]): void {
    const bytes = events.reduce((sum, { type }) => sum + 2 * type.length, 0);
    const most = events.length * typeBytesReserved;
    if (bytes > most) throw new AppendTooLarge(`${bytes} bytes of event types, at most ${most}`);
  }

  private checkOpen(): void {
    if (this.isClosed) throw new StoreUnavailable('the event store is closed');
  }
}
