import { nextPause } from '@fintech-ledger/contract';
import { randomUUID } from 'node:crypto';
import { OutcomeUnknown, revision, StoreUnavailable } from '@fintech-ledger/event-store';
import type {
  AppendResult,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  ReadOptions,
  RecordedEvent,
} from '@fintech-ledger/event-store';

/** What a writer asks about the store that it appends to. */
export interface StoreAvailability {
  /** Why the store is known to be unavailable, or undefined. */
  readonly lost: string | undefined;
  /** Calls when it is found to be unavailable, until the returned function is called. */
  onLost(listener: () => void): () => void;
}

export interface WatchedEventStoreOptions {
  readonly onChange: (isAvailable: boolean, reason: string) => void;
  /** A stream of ours, to ask with before one was used. */
  readonly probeStream: string;
  readonly timing?: Partial<typeof storeWatchTiming>;
}

export const storeWatchTiming = {
  /** For so long calls may fail before the store counts as unavailable: a leader that changes, a server that starts again. */
  blipMs: 1_500,
  /** How often an unavailable store is asked whether it is back; twice as long each time that it was and then failed again. */
  probeMs: 500,
  probeMsMax: 5_000,
  probeTimeoutMs: 2_000,
  /** A store that has not answered for so long is asked whether it is there. */
  hangMs: 2_000,
  /** So often a store that nobody uses is asked. */
  idleMs: 5_000,
};

/** No stream comes so far: an append that expects it is answered, and never stored. */
const beyondRevision = revision(2 ** 40);

/**
 * Any event store, with an eye on whether it can be reached. Once it is known to be unavailable, reads fail at once instead of waiting for it, and
 * whoever would append can ask `lost`. It is asked in the background whether it is back.
 */
export class WatchedEventStore implements EventStore, StoreAvailability {
  lost: string | undefined;
  private readonly timing: typeof storeWatchTiming;
  private readonly listeners = new Set<() => void>();
  private readonly pending = new Set<{ readonly since: number }>();
  private readonly timer: NodeJS.Timeout;
  private lastAnsweredAt = performance.now();
  /** Since when all appends, or all other calls, have failed: a full disk answers questions, and stores nothing. */
  private readonly failingSince: { append?: number | undefined; other?: number | undefined } = {};
  private lastFailedAt = 0;
  /** It was unavailable, answered when it was asked, and has not stored anything since. */
  private isOnProbation = false;
  private probeMs: number;
  private isProbing = false;
  private usedStream: string;
  private isClosed = false;

  constructor(
    private readonly inner: EventStore,
    private readonly options: WatchedEventStoreOptions,
  ) {
    this.timing = { ...storeWatchTiming, ...options.timing };
    this.probeMs = this.timing.probeMs;
    this.usedStream = options.probeStream;
    this.timer = setInterval(() => this.look(), this.timing.probeMs);
    this.timer.unref();
  }

  get limits(): EventStore['limits'] {
    return this.inner.limits;
  }

  onLost(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    this.usedStream = stream;
    const result = await this.watched('append', () => this.inner.append(stream, expected, events));
    // Only that shows that it stores again: a full disk still answers questions.
    this.isOnProbation = false;
    this.probeMs = this.timing.probeMs;
    return result;
  }

  async readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    if (this.lost !== undefined) throw new StoreUnavailable(this.lost);
    return this.watched('other', () => this.inner.readStream(stream, options));
  }

  subscribe: EventStore['subscribe'] = (...args) => this.inner.subscribe(...args);
  countAfter: EventStore['countAfter'] = (...args) => this.inner.countAfter(...args);
  lastPosition: EventStore['lastPosition'] = () => this.inner.lastPosition();

  /** Stops watching; the store itself is closed by whoever opened it. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    this.listeners.clear();
  }

  private async watched<T>(kind: CallKind, call: () => Promise<T>): Promise<T> {
    const since = performance.now();
    const entry = { since };
    this.pending.add(entry);
    try {
      const result = await call();
      this.answered(kind);
      return result;
    } catch (error) {
      if (saysUnavailable(error)) this.failed(kind, error as Error, since);
      else this.answered(kind);
      throw error;
    } finally {
      this.pending.delete(entry);
    }
  }

  private answered(kind: CallKind): void {
    this.lastAnsweredAt = performance.now();
    this.failingSince[kind] = undefined;
    if (this.lost === undefined) return;
    this.lost = undefined;
    this.options.onChange(true, 'it answers again');
  }

  private failed(kind: CallKind, error: Error, calledAt: number): void {
    if (this.isClosed) return;
    const now = performance.now();
    const { blipMs, hangMs } = this.timing;
    // One failure now and one long ago are no outage.
    if (now - this.lastFailedAt > 2 * Math.max(blipMs, hangMs)) this.failingSince[kind] = undefined;
    const since = (this.failingSince[kind] ??= Math.max(calledAt, this.lastAnsweredAt));
    this.lastFailedAt = now;
    if (this.lost === undefined && !this.isOnProbation && now - since < blipMs) return;
    // It was back, and failed again. One that has not been back is asked at the same pace, however long it takes.
    if (this.isOnProbation && this.lost === undefined)
      this.probeMs = nextPause(this.probeMs, 0, this.timing.probeMsMax);
    this.lose(error.message);
  }

  private lose(reason: string): void {
    const wasLost = this.lost !== undefined;
    this.lost = reason;
    this.isOnProbation = true;
    if (wasLost) return;
    this.options.onChange(false, reason);
    for (const listener of [...this.listeners]) listener();
    void this.probeUntilBack();
  }

  private async probeUntilBack(): Promise<void> {
    while (this.lost !== undefined && !this.isClosed) {
      await new Promise((resolve) => setTimeout(resolve, this.probeMs).unref());
      await this.probe();
    }
  }

  /** From time to time: whether it hangs, and, when nobody uses it, whether it is there. */
  private look(): void {
    if (this.lost !== undefined || this.isProbing) return;
    const now = performance.now();
    const [oldest] = this.pending;
    const isHanging = oldest !== undefined && now - oldest.since > this.timing.hangMs;
    const isIdle = now - this.lastAnsweredAt > this.timing.idleMs;
    const isFailing = this.failingSince.append !== undefined || this.failingSince.other !== undefined;
    if (isHanging || isIdle || isFailing) void this.probe();
  }

  /** Asks by an append that can't be stored, which goes the way of all appends. */
  private async probe(): Promise<void> {
    if (this.isProbing || this.isClosed) return;
    this.isProbing = true;
    const startedAt = performance.now();
    const event = { id: randomUUID(), type: 'Probe', data: '{}', metadata: '{}' };
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      const late = new StoreUnavailable(
        `the event store has not answered for ${this.timing.probeTimeoutMs} ms`,
      );
      // What has arrived meanwhile is read first: it may be this process that was held up.
      timer = setTimeout(
        () => setImmediate(() => setImmediate(() => reject(late))),
        this.timing.probeTimeoutMs,
      );
    });
    try {
      await Promise.race([this.inner.append(this.usedStream, beyondRevision, [event]), silence]);
      this.answered('other');
    } catch (error) {
      if (saysUnavailable(error)) this.failed('other', error as Error, startedAt);
      else this.answered('other');
    } finally {
      clearTimeout(timer);
      this.isProbing = false;
    }
  }
}

type CallKind = 'append' | 'other';

function saysUnavailable(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof OutcomeUnknown;
}
