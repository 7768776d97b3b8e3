import { organizationsSeen, OwnerLines } from '@fintech-ledger/contract';
import { instruments } from '@fintech-ledger/telemetry';
import { sliceMsMax } from '../limits';

export interface SlicesOptions {
  /** A monotonic clock, milliseconds. */
  readonly nowMs?: () => number;
  /** Calls in the next turn of the event loop; when owners `areSeveral`, twice as long after it as a slice may last. */
  readonly later?: (run: () => void, areSeveral: boolean) => void;
  readonly areSeveral?: () => boolean;
}

/**
 * Shares the thread among requests that have much to compute and nothing to wait for: large bodies, files, pages. One
 * of them has one slice in a turn of the event loop, so that everything else has its time between two slices, and the
 * owners have theirs in turns, however many requests they have. While several owners are there slices take about a
 * third of the thread's time: the rest of it, and of what those requests ask of PostgreSQL, is for what is small.
 */
export class Slices {
  private readonly waiting = new OwnerLines<() => void>();
  private readonly nowMs: () => number;
  private readonly later: (run: () => void, areSeveral: boolean) => void;
  private readonly areSeveral: () => boolean;
  private isScheduled = false;

  constructor({ nowMs, later, areSeveral }: SlicesOptions = {}) {
    this.nowMs = nowMs ?? (() => performance.now());
    this.later = later ?? runLater;
    this.areSeveral = areSeveral ?? (() => organizationsSeen.areSeveral);
  }

  /** Resolves when the owner's slice begins: what follows at once is in it. */
  next(owner: string): Promise<void> {
    const askedAt = this.nowMs();
    return new Promise((resolve) => {
      const begin = (): void => {
        instruments.turnWaitSeconds.record((this.nowMs() - askedAt) / 1_000, { of: 'large' });
        resolve();
      };
      this.waiting.put(owner, begin);
      this.schedule();
    });
  }

  /** The same items; who takes them stops for the next slice when one has lasted long enough. */
  async *of<T>(owner: string, items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
    let until = -Infinity;
    for await (const item of items) {
      if (this.nowMs() >= until) {
        await this.next(owner);
        until = this.nowMs() + sliceMsMax;
      }
      yield item;
    }
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.later(() => this.run(), this.areSeveral());
  }

  private run(): void {
    this.isScheduled = false;
    this.waiting.take()?.item();
    if (!this.waiting.isEmpty) this.schedule();
  }
}

function runLater(run: () => void, areSeveral: boolean): void {
  // The slice that has just begun computes before that: the time counts from its end.
  if (areSeveral) setImmediate(() => setTimeout(run, 2 * sliceMsMax));
  else setImmediate(run);
}

/** Those of this process: it has one event loop. */
export const slicesOfProcess = new Slices();
