import { nextPause } from '@fintech-ledger/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstAskPauseMs, lastAskPauseMs, minPositionWaitMs, sourceWaitsMax } from './limits';
import { ReadModelBehind } from './refused';

/** A position that an answer must have come to. */
export interface WantedPosition {
  readonly owner: string;
  /** Absent: any will do. */
  readonly revision?: number | undefined;
  /** Begins the sentence that says what is behind: 'The journal has'. */
  readonly what: string;
}

/**
 * Lets queries wait that are answered without read models: by the event store, which may be a follower, or by a writer.
 * Neither says when there is more, so they are asked again, less and less often.
 */
export class SourceWaits {
  private count = 0;

  constructor(
    private readonly limits = {
      waitMsMax: minPositionWaitMs,
      pauseMs: firstAskPauseMs,
      pauseMsMax: lastAskPauseMs,
      countMax: sourceWaitsMax,
    },
  ) {}

  /**
   * What was asked for, once it has come to the position.
   * @param revisionOf what an answer was read at
   * @throws ReadModelBehind it did not in time, or as many wait as may
   */
  async until<T>(
    ask: () => Promise<T>,
    revisionOf: (answer: T) => number,
    wanted: WantedPosition,
  ): Promise<T> {
    const { owner, revision = -1, what } = wanted;
    const first = await ask();
    if (revisionOf(first) >= revision) return first;
    const behind = new ReadModelBehind(1, `${what} not reached ${owner}@${revision} yet.`);
    if (this.count >= this.limits.countMax) throw behind;
    this.count += 1;
    try {
      const { waitMsMax, pauseMs, pauseMsMax } = this.limits;
      const deadline = performance.now() + waitMsMax;
      for (let pause = pauseMs; ; pause = nextPause(pause, pauseMs, pauseMsMax)) {
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) throw behind;
        await sleep(Math.min(pause, leftMs));
        const answer = await ask();
        if (revisionOf(answer) >= revision) return answer;
      }
    } finally {
      this.count -= 1;
    }
  }
}

/** Those of this process. */
export const sourceWaits = new SourceWaits();
