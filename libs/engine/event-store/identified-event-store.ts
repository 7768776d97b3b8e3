import { OutcomeUnknown, PositionUnknown, StoreUnavailable } from './port';
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
} from './port';
import type { EventsAfter, EventStoreWithLog } from './log-reader';
import { IdentifiedSubscription } from './identified-subscription';

/** What another server may be the reason of: a lost connection, or a position that only the right one knows. */
const doubtful = [StoreUnavailable, OutcomeUnknown, PositionUnknown] as const;

/** Undefined: it is the right store. Else a sentence that says what is wrong, and what to do. */
export type StoreProblem = string | undefined;

/** The event store is not the one of this installation: nothing is read from it or written to it. */
export class WrongStore extends StoreUnavailable {}

export interface IdentifiedStoreOptions {
  readonly store: EventStoreWithLog;
  /** What is wrong with the store, or nothing. @throws StoreUnavailable */
  readonly compare: (store: EventStore) => Promise<StoreProblem>;
  /** Told whenever the store is found to be another one, and when it is the right one again. */
  readonly onCompared: (problem: StoreProblem) => void;
  /** How often it is compared while nothing goes wrong: a connection may have gone to another server meanwhile. Default 5 s. */
  readonly compareEveryMs?: number;
}

/**
 * An event store that is asked whose it is, before the first call, before the log is read from its beginning, and
 * after every failure that another server may be the reason of. As long as it is another installation's, or nobody's,
 * it counts as unavailable.
 */
export class IdentifiedEventStore implements EventStoreWithLog {
  /** `unknown`: to be compared before anything else. */
  private state: 'unknown' | 'ours' | 'wrong' = 'unknown';
  private problem: StoreProblem;
  private comparing: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly subscriptions = new Set<IdentifiedSubscription>();

  constructor(private readonly options: IdentifiedStoreOptions) {
    this.timer = setInterval(() => {
      this.compare().catch(() => undefined);
    }, options.compareEveryMs ?? 5_000);
    this.timer.unref();
  }

  get limits(): EventStore['limits'] {
    return this.options.store.limits;
  }

  /** Why nothing is written to this store or read from it; undefined when it is the right one, or is not known yet. */
  get wrong(): StoreProblem {
    return this.problem;
  }

  /** The connection may be another one from now on. */
  doubt(): void {
    if (this.state === 'ours') this.state = 'unknown';
  }

  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    const { store } = this.options;
    if (this.state === 'ours') return this.watched(store.append(stream, expected, events));
    return this.checked().then(() => this.watched(store.append(stream, expected, events)));
  }

  readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    const { store } = this.options;
    if (this.state === 'ours') return this.watched(store.readStream(stream, options));
    return this.checked().then(() => this.watched(store.readStream(stream, options)));
  }

  readAfter(after: GlobalPosition | undefined, streamPrefixes: readonly string[]): Promise<EventsAfter> {
    const { store } = this.options;
    // Reading everything replaces what was known before, so it must be the right store's.
    if (after === undefined) this.doubt();
    if (this.state === 'ours') return this.watched(store.readAfter(after, streamPrefixes));
    return this.checked().then(() => this.watched(store.readAfter(after, streamPrefixes)));
  }

  subscribe(options: SubscribeOptions): Subscription {
    const subscription = new IdentifiedSubscription(options, {
      open: (from) => this.options.store.subscribe(from),
      isOurs: () => this.state === 'ours',
      check: () => this.checked(),
      onClose: (closed) => this.subscriptions.delete(closed),
    });
    this.subscriptions.add(subscription);
    return subscription;
  }

  countAfter(position: GlobalPosition | undefined): Promise<number | null> {
    return this.checked().then(() => this.options.store.countAfter(position));
  }

  lastPosition(): Promise<GlobalPosition | undefined> {
    return this.checked().then(() => this.options.store.lastPosition());
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    await this.options.store.close();
  }

  /** @throws WrongStore, StoreUnavailable */
  private async checked(): Promise<void> {
    if (this.state === 'unknown') await this.compare();
    if (this.problem !== undefined) throw new WrongStore(this.problem);
  }

  /** Once for all that wait for it. @throws StoreUnavailable */
  private compare(): Promise<void> {
    this.comparing ??= this.compareOnce().finally(() => (this.comparing = undefined));
    return this.comparing;
  }

  private async compareOnce(): Promise<void> {
    try {
      const problem = await this.options.compare(this.options.store);
      const isNews = problem !== this.problem || this.state === 'unknown';
      this.problem = problem;
      this.state = problem === undefined ? 'ours' : 'wrong';
      if (isNews) this.options.onCompared(problem);
    } catch (error) {
      this.doubt();
      throw error;
    }
  }

  private async watched<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (doubtful.some((kind) => error instanceof kind)) this.doubt();
      throw error;
    }
  }
}
