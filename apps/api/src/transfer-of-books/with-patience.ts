import { setTimeout as sleep } from 'node:timers/promises';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import { writerPatienceMs } from './limits';

/** Tries a command again while its writer is away; its idempotency key sees to it that it is booked once. @throws what it threw last */
export async function withPatience<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUpAtMs = performance.now() + writerPatienceMs;
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      return await attempt();
    } catch (error) {
      const isPassing = error instanceof WriterUnavailable || error instanceof CommandOutcomeUnknown;
      if (!isPassing || performance.now() + waitMs > giveUpAtMs) throw error;
      await sleep(waitMs);
    }
  }
}
