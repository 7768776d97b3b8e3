import { OutcomeUnknown, StoreUnavailable } from '@fintech-ledger/event-store';
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
} from '@fintech-ledger/event-store';
import { setTimeout as sleep } from 'node:timers/promises';
import { repeatingSubscription } from './repeating-subscription';
import { seededRandom } from './seeded-random';

/** How often each fault happens, 0 (never, the default) to 1 (always). */
export interface FaultRates {
  /** The append is written, and its answer lost: OutcomeUnknown. */
  readonly loseAnswer?: number;
  /** The append is not written, and nobody knows: OutcomeUnknown. */
  readonly loseRequest?: number;
  /** The append is written after `lateMsMax` at most, if it still can be, and its outcome is unknown until then: OutcomeUnknown. */
  readonly late?: number;
  /** An error that nobody has thought of, whether the append was written or not. */
  readonly strange?: number;
  /** The append is not written: StoreUnavailable. */
  readonly failAppend?: number;
  readonly failRead?: number;
  /** Before the append somebody else appends `foreignEvents` to the stream. */
  readonly conflict?: number;
  /** A call takes up to `delayMsMax` longer, before it is done and before it is answered. */
  readonly delay?: number;
  /** A subscription delivers the end of the batch before, or a part of this one, once more. */
  readonly duplicate?: number;
}

export interface FaultyEventStoreOptions {
  readonly seed: number;
  readonly rates: FaultRates;
  readonly delayMsMax?: number;
  readonly lateMsMax?: number;
  /** What a foreign writer appends; it gets the stream's last event. Without it there are no conflicts. */
  readonly foreignEvents?: (stream: string, last: RecordedEvent | undefined) => readonly EventToAppend[];
  /** Told of every fault, to print or to count. */
  readonly onFault?: (fault: keyof FaultRates, stream: string) => void;
}

/** Wraps a store and breaks it as a seed says; what it does is always within what the port allows. */
export class FaultyEventStore implements EventStore {
  readonly limits: EventStore['limits'];
  /** May be changed at any time; `{}` makes it whole again. */
  rates: FaultRates;
  private readonly random: () => number;

  constructor(
    private readonly inner: EventStore,
    private readonly options: FaultyEventStoreOptions,
  ) {
    this.limits = inner.limits;
    this.rates = options.rates;
    this.random = seededRandom(options.seed);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    await this.maybeDelay(stream);
    if (this.happens('failAppend', stream)) throw new StoreUnavailable('injected: not sent');
    if (this.happens('loseRequest', stream)) throw new OutcomeUnknown('injected: the request was lost');
    if (this.happens('late', stream)) this.appendLate(stream, expected, events);
    const isStrange = this.happens('strange', stream);
    if (isStrange && this.random() < 0.5) throw new Error('injected: an error of an unknown kind');
    await this.maybeConflict(stream);
    const result = await this.inner.append(stream, expected, events);
    await this.maybeDelay(stream);
    if (isStrange) throw new Error('injected: an error of an unknown kind, and it was written');
    if (this.happens('loseAnswer', stream)) throw new OutcomeUnknown('injected: the answer was lost');
    return result;
  }

  private appendLate(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): never {
    const milliseconds = this.random() * (this.options.lateMsMax ?? 1_000);
    void sleep(milliseconds)
      .then(() => this.inner.append(stream, expected, events))
      .catch(() => undefined);
    throw new OutcomeUnknown('injected: still on its way');
  }

  async readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    await this.maybeDelay(stream);
    if (this.happens('failRead', stream)) throw new StoreUnavailable('injected: not read');
    return this.inner.readStream(stream, options);
  }

  subscribe(options: SubscribeOptions): Subscription {
    const name = options.streamPrefixes.join(',');
    return repeatingSubscription(
      this.inner.subscribe(options),
      () => this.happens('duplicate', name),
      this.random,
    );
  }

  countAfter(position: GlobalPosition | undefined): Promise<number | null> {
    return this.inner.countAfter(position);
  }

  lastPosition(): Promise<GlobalPosition | undefined> {
    return this.inner.lastPosition();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private happens(fault: keyof FaultRates, stream: string): boolean {
    // Drawn in any case, so that one rate does not shift what the seed means for the others.
    const drawn = this.random();
    if (drawn >= (this.rates[fault] ?? 0)) return false;
    this.options.onFault?.(fault, stream);
    return true;
  }

  private async maybeDelay(stream: string): Promise<void> {
    const milliseconds = this.random() * (this.options.delayMsMax ?? 10);
    if (this.happens('delay', stream)) await sleep(milliseconds);
  }

  private async maybeConflict(stream: string): Promise<void> {
    const { foreignEvents } = this.options;
    if (foreignEvents === undefined || !this.happens('conflict', stream)) return;
    const [last] = await this.inner.readStream(stream, { direction: 'backwards', limit: 1 });
    const events = foreignEvents(stream, last);
    if (events.length > 0) await this.inner.append(stream, 'any', events);
  }
}
