import { nextPause } from '@fintech-ledger/contract';
import { seldomLookMs, rebuildPollMs } from './limits';

interface Look {
  readonly signs: string;
  readonly pauseMs: number;
  /** When the next look is due, though nothing has changed. */
  readonly nextMs: number;
}

/**
 * When to look again at what waits for something, where a look takes the database long: ever more seldom as long as
 * nothing changes, and at once when something has. Signs that are cheap to ask for tell that.
 */
export class LookPace {
  private readonly last = new Map<string, Look>();

  /** @param nowMs a monotonic clock, milliseconds */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  isDue(id: string, signs: string): boolean {
    const last = this.last.get(id);
    return last?.signs !== signs || this.nowMs() >= last.nextMs;
  }

  /** @param signs as they are after the look, which may have changed them */
  looked(id: string, signs: string): void {
    const last = this.last.get(id);
    const pauseMs = nextPause(last?.signs === signs ? last.pauseMs : 0, rebuildPollMs, seldomLookMs);
    this.last.set(id, { signs, pauseMs, nextMs: this.nowMs() + pauseMs });
  }

  /** It waits for nothing any more. */
  forget(id: string): void {
    this.last.delete(id);
  }
}
