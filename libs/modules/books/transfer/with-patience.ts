import { nextPause } from '@fintech-ledger/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { writerPatienceMs } from './limits';

const passing = [WriterUnavailable, CommandOutcomeUnknown, AnswerUnavailable];

/** Tries a command again while its writer is unavailable; its idempotency key sees to it that it is booked once. @throws what it threw last, or that the outcome is unknown */
export async function withPatience<O extends CommandOutcome<string>>(
  attempt: () => Promise<O>,
  /** Whether nothing would come of another attempt. */
  isOver: (error: unknown) => boolean = () => false,
): Promise<O> {
  let unknown: CommandOutcomeUnknown | undefined;
  const giveUpAtMs = performance.now() + writerPatienceMs;
  for (let waitMs = 50; ; waitMs = nextPause(waitMs, 0, 2_000)) {
    try {
      const outcome = await attempt();
      // What an earlier attempt of ours has booked is new, although the writer has seen its key.
      return unknown && outcome.kind === 'accepted' ? { ...outcome, replayed: false } : outcome;
    } catch (error) {
      const isPassing = passing.some((kind) => error instanceof kind) && !isOver(error);
      if (error instanceof CommandOutcomeUnknown) unknown = error;
      // After an attempt that may have been booked, nobody is told that nothing was.
      if (!isPassing || performance.now() + waitMs > giveUpAtMs) throw unknown ?? error;
      await sleep(waitMs);
    }
  }
}
