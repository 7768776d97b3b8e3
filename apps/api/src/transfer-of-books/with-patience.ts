import { setTimeout as sleep } from 'node:timers/promises';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { writerPatienceMs } from './limits';

/** Tries a command again while its writer is away; its idempotency key sees to it that it is booked once. @throws what it threw last */
export async function withPatience(attempt: () => Promise<CommandOutcome>): Promise<CommandOutcome> {
  let mayBeBooked = false;
  const giveUpAtMs = performance.now() + writerPatienceMs;
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      const outcome = await attempt();
      // What an earlier attempt of ours has booked is new, although the writer has seen its key.
      return mayBeBooked && outcome.kind === 'accepted' ? { ...outcome, replayed: false } : outcome;
    } catch (error) {
      const isPassing = error instanceof WriterUnavailable || error instanceof CommandOutcomeUnknown;
      if (!isPassing || performance.now() + waitMs > giveUpAtMs) throw error;
      mayBeBooked ||= error instanceof CommandOutcomeUnknown;
      await sleep(waitMs);
    }
  }
}
