import { nextPause } from '@fintech-ledger/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from './port';
import type { GlobalPosition, RecordedEvent, Subscription } from './port';

/** Where the events of a polled subscription come from. */
export interface EventSource {
  /**
   * The next events in the store's order, after those of the call before; empty when there is nothing new.
   * `more`: asking again at once is worth while. @throws StoreUnavailable it will be asked again later, from the same place
   */
  read(): Promise<{ readonly events: readonly RecordedEvent[]; readonly more: boolean }>;
  /** Everything up to here was read, or is not wanted. Absent: it can't tell. */
  readonly position?: GlobalPosition;
}

export interface Pace {
  /**
   * Reads that found less than a whole batch are at least this far apart: under load, events are handed over by the hundred instead of one append
   * at a time; after a quiet moment the first one is handed over at once.
   */
  readonly gatherMs: number;
  /** The first wait after something was read; doubles with every poll that finds nothing. */
  readonly activeMs: number;
  /** The first wait while somebody tells of appends: then it is for those of others alone. */
  readonly toldMs: number;
  readonly idleMs: number;
  /** The longest wait between attempts while the store is unavailable. */
  readonly retryMs: number;
}

/** Who has told of an append will tell of the next one, for so long. */
const toldLatelyMs = 1_000;

/**
 * A subscription by polling: at once while there is more, fast right after activity, `idleMs` apart when it is quiet; `wake()`
 * cuts a wait short. While the consumer works on a batch, the next one is read (one batch, not more).
 */
export class PolledSubscription implements Subscription {
  private readonly closing = new AbortController();
  private waiting: AbortController | undefined;
  private isWoken = false;
  /** When it was told of an append last (performance.now()). */
  private toldAt = -Infinity;
  /** Not to be read again before (performance.now()). */
  private restsUntil = 0;
  private isIterated = false;
  /** Where the last read ended, if it found nothing. */
  private passedTo: GlobalPosition | undefined;
  /** All that was read is handed over, and more is waited for. */
  private isAwaited = false;

  constructor(
    private readonly source: EventSource,
    private readonly pace: Pace,
    private readonly onClose: (subscription: PolledSubscription) => void,
  ) {}

  /** Something was appended: look now. */
  wake(): void {
    this.isWoken = true;
    this.toldAt = performance.now();
    this.waiting?.abort();
  }

  passed(): GlobalPosition | undefined {
    return this.isAwaited ? this.passedTo : undefined;
  }

  close(): Promise<void> {
    if (!this.closing.signal.aborted) {
      this.closing.abort();
      this.waiting?.abort();
      this.onClose(this);
    }
    return Promise.resolve();
  }

  [Symbol.asyncIterator](): AsyncIterator<readonly RecordedEvent[]> {
    if (this.isIterated) throw new Error('a subscription is iterated once');
    this.isIterated = true;
    const batches = this.batches();
    // `return()` of a generator waits for its running `next()`, which may wait for an event that never comes.
    return {
      next: () => batches.next(),
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  private async *batches(): AsyncGenerator<readonly RecordedEvent[], undefined> {
    let ahead: Promise<readonly RecordedEvent[]> | undefined;
    try {
      while (!this.closing.signal.aborted) {
        this.isAwaited = true;
        const events = await this.orClosed(ahead ?? this.nextEvents());
        this.isAwaited = false;
        if (events.length === 0 || this.closing.signal.aborted) return;
        ahead = this.nextEvents();
        // Its error is thrown when its turn comes.
        ahead.catch(() => undefined);
        yield events;
      }
    } finally {
      await this.close();
    }
  }

  private orClosed(events: Promise<readonly RecordedEvent[]>): Promise<readonly RecordedEvent[]> {
    const { signal } = this.closing;
    return new Promise((resolve, reject) => {
      const end = (): void => resolve([]);
      if (signal.aborted) return end();
      signal.addEventListener('abort', end, { once: true });
      events.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
    });
  }

  /** Waits for events; none only after `close()`. */
  private async nextEvents(): Promise<readonly RecordedEvent[]> {
    let waitMs = this.firstWaitMs();
    let retryMs = this.pace.activeMs;
    while (!this.closing.signal.aborted) {
      try {
        await this.rest();
        this.isWoken = false;
        const { events, more } = await this.source.read();
        if (events.length > 0 && !more) this.restsUntil = performance.now() + this.pace.gatherMs;
        this.passedTo = events.length > 0 ? undefined : this.source.position;
        if (events.length > 0) return events;
        retryMs = this.pace.activeMs;
        if (more || this.isWoken) continue;
        if (await this.wait(waitMs)) waitMs = this.firstWaitMs();
        else waitMs = nextPause(waitMs, 0, this.pace.idleMs);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        // A wake-up is no reason to hurry here: what woke us does not say that the store is back.
        await sleep(retryMs * (0.5 + Math.random()), undefined, { signal: this.closing.signal }).catch(
          () => undefined,
        );
        retryMs = nextPause(retryMs, 20, this.pace.retryMs);
      }
    }
    return [];
  }

  private firstWaitMs(): number {
    const isTold = performance.now() - this.toldAt < toldLatelyMs;
    return isTold ? this.pace.toldMs : this.pace.activeMs;
  }

  private async rest(): Promise<void> {
    const restMs = this.restsUntil - performance.now();
    if (restMs <= 0) return;
    await sleep(restMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }

  /** @returns whether it was woken */
  private async wait(milliseconds: number): Promise<boolean> {
    this.waiting = new AbortController();
    try {
      await sleep(milliseconds, undefined, { signal: this.waiting.signal });
    } catch {
      // woken, or closed
    } finally {
      this.waiting = undefined;
    }
    return this.isWoken;
  }
}
