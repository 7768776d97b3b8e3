import { clockAdvanceItemsMax } from '@fintech-ledger/access/domain';
import type { AccessCommand, ClockAdvanceFacts } from '@fintech-ledger/access/domain';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import { WriterUnavailable } from '@fintech-ledger/journal';
import type { EffectRunner, EffectWorld, IntendedEffect } from '@fintech-ledger/journal';
import { setTimeout as sleep } from 'node:timers/promises';
import { DueItems } from './due-items';
import * as limits from './limits';

/** What an attempt has come to so far. */
interface Progress {
  /** All that was due before is done. */
  at: string;
  ran: number;
}

/**
 * Moves the clock of a sandbox: has its ledgers' writers act on what falls due on the way, the earliest first,
 * whichever ledger it is of. What one of them makes due in another one is found when that has been done. A part at a
 * time: what was reached is recorded, and the next attempt goes on from there, in whichever process. What was run
 * already is not due any more.
 */
export class ClockAdvancer implements EffectRunner {
  private readonly items: DueItems;

  constructor(world: EffectWorld) {
    this.items = new DueItems(world);
  }

  async run(effect: IntendedEffect, signal: AbortSignal): Promise<AccessCommand> {
    const advance = effect.data as ClockAdvanceFacts;
    const { id: advanceId, attempt } = advance;
    const progress: Progress = { at: advance.at, ran: advance.ran };
    const state = await this.go(effect.organizationId, advance, progress, signal);
    return { type: 'RecordClockAdvance', advanceId, attempt, ...progress, state };
  }

  private async go(
    organizationId: string,
    advance: ClockAdvanceFacts,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<'done' | 'too_far' | 'under_way'> {
    const endAt = performance.now() + limits.partMs;
    while (performance.now() < endAt && !signal.aborted) {
      try {
        const state = await this.round(organizationId, advance, progress, endAt);
        if (state !== 'under_way') return state;
      } catch (error) {
        if (!(error instanceof WriterUnavailable) && !(error instanceof StoreUnavailable)) throw error;
        await sleep(limits.retryMs);
      }
    }
    return 'under_way';
  }

  /** Until all that is known to be due is done, or something else may have become due. */
  private async round(
    organizationId: string,
    { to, attempt, ran: ranBefore }: ClockAdvanceFacts,
    progress: Progress,
    endAt: number,
  ): Promise<'done' | 'too_far' | 'under_way'> {
    const isFirst = attempt === 1 && progress.ran === ranBefore;
    const { queue, streams } = await this.items.survey(organizationId, to, isFirst);
    // Who asked for it has counted, too, but there may be more by now.
    if (isFirst && (await this.items.areTooMany(streams, to))) return 'too_far';
    for (;;) {
      const [first, second] = queue.sort((a, b) => (a.nextAt < b.nextAt ? -1 : 1));
      if (first === undefined) return 'done';
      if (progress.ran >= clockAdvanceItemsMax) return 'too_far';
      if (performance.now() >= endAt) return 'under_way';
      if (first.nextAt > progress.at) progress.at = first.nextAt;
      const until = second === undefined ? to : second.nextAt;
      const recordsMax = Math.min(limits.recordsAtOnce, clockAdvanceItemsMax - progress.ran);
      const result = await this.items.run(organizationId, first.stream, { until, recordsMax });
      progress.ran += result.ran;
      if (result.hadEffects) return 'under_way';
      queue.shift();
      if (result.ran > 0) await nextMillisecond();
      if (result.nextAt !== null && result.nextAt <= to)
        queue.push({ stream: first.stream, nextAt: result.nextAt });
    }
  }
}

/**
 * Lists of several ledgers are in the order of `recorded_at`, which has milliseconds: what is due later in another
 * ledger must not be recorded in the same one.
 */
async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() === now) await sleep(1);
}
