import { clockAdvanceItemsMax } from '@fintech-ledger/access/domain';
import type { AccessCommand, ClockAdvanceFacts } from '@fintech-ledger/access/domain';
import { Places } from '@fintech-ledger/contract';
import { journalStream } from '@fintech-ledger/envelope';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import { systemActor, WriterUnavailable } from '@fintech-ledger/journal';
import type { DueRan, DueRun, EffectRunner, EffectWorld, IntendedEffect } from '@fintech-ledger/journal';
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgersOf } from './ledgers-of';
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
  constructor(private readonly world: EffectWorld) {}

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
    const { queue, streams } = await this.survey(organizationId, to, isFirst);
    if (isFirst && (await this.count(streams, to)) > clockAdvanceItemsMax) return 'too_far';
    for (;;) {
      const [first, second] = queue.sort((a, b) => (a.nextAt < b.nextAt ? -1 : 1));
      if (first === undefined) return 'done';
      if (progress.ran >= clockAdvanceItemsMax) return 'too_far';
      if (performance.now() >= endAt) return 'under_way';
      if (first.nextAt > progress.at) progress.at = first.nextAt;
      const until = second === undefined ? to : second.nextAt;
      const recordsMax = Math.min(limits.recordsAtOnce, clockAdvanceItemsMax - progress.ran);
      const result = await this.due(organizationId, first.stream, { until, recordsMax });
      progress.ran += result.ran;
      if (result.hadEffects) return 'under_way';
      queue.shift();
      if (result.nextAt !== null && result.nextAt <= to)
        queue.push({ stream: first.stream, nextAt: result.nextAt });
    }
  }

  /** The ledgers in which something is due by then, and when. @param saves whether it is to be counted after that */
  private async survey(organizationId: string, until: string, saves: boolean) {
    const ids = await ledgersOf(this.world.eventStore, organizationId);
    const streams = ids.map(journalStream);
    const places = new Places(limits.surveysAtOnce);
    const found = await this.world.due.dueOf(streams, until);
    const queue: { stream: string; nextAt: string }[] = [];
    const ask = async (stream: string): Promise<void> => {
      const run = { until, recordsMax: 0, ...(saves && { saves }) };
      const { nextAt } = await places.use(() => this.due(organizationId, stream, run));
      if (nextAt !== null && nextAt <= until) queue.push({ stream, nextAt });
    };
    await Promise.all(found.map(({ stream }) => ask(stream)));
    return { queue, streams };
  }

  private async count(streams: readonly string[], until: string): Promise<number> {
    const found = await this.world.due.dueOf(streams, until);
    return found.reduce((sum, { records }) => sum + records, 0);
  }

  private async due(organizationId: string, stream: string, due: DueRun): Promise<DueRan> {
    const outcome = await this.world.gateway.submit({
      stream,
      organizationId,
      actor: systemActor,
      command: { type: 'RunDue' },
      due,
      correlationId: `clock:${organizationId}`,
    });
    if (outcome.kind === 'refused') throw new Error(`${stream} is not run: ${outcome.refusal.detail}`);
    return JSON.parse(outcome.answer) as DueRan;
  }
}
