import { nextPause } from '@fintech-ledger/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  firstAskPauseMs,
  lastAskPauseMs,
  minPositionWaitMs,
  sourceWaitsMax,
  sourceWaitsOfOwnerMax,
} from './limits';
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
  /** How many of them wait for the same stream: it is asked for each. */
  private readonly byOwner = new Map<string, number>();

  constructor(
    private readonly limits = {
      waitMsMax: minPositionWaitMs,
      pauseMs: firstAskPauseMs,
      pauseMsMax: lastAskPauseMs,
      countMax: sourceWaitsMax,
      countOfOwnerMax: sourceWaitsOfOwnerMax,
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
    const { countMax, countOfOwnerMax, waitMsMax, pauseMs, pauseMsMax } = this.limits;
    const ofOwner = this.byOwner.get(owner) ?? 0;
    if (this.count >= countMax || ofOwner >= countOfOwnerMax) throw behind;
    this.count += 1;
    this.byOwner.set(owner, ofOwner + 1);
    try {
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
      const left = (this.byOwner.get(owner) ?? 1) - 1;
      if (left > 0) this.byOwner.set(owner, left);
      else this.byOwner.delete(owner);
    }
  }
}

/** Those of this process. */
export const sourceWaits = new SourceWaits();
