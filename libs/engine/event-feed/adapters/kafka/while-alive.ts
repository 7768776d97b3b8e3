import type { EachBatchPayload } from 'kafkajs';
import { heartbeatMs } from '@fintech-ledger/kafka';

/** Waits for the projector, with a sign of life every second. @returns whether all of it was written */
export async function whileAlive(
  payload: Pick<EachBatchPayload, 'heartbeat'>,
  settled: readonly Promise<boolean>[],
): Promise<boolean> {
  const all = Promise.all(settled);
  const timer = setInterval(() => {
    // A rebalance shows in `isStale`; a lost session ends the run.
    void payload.heartbeat().catch(() => undefined);
  }, heartbeatMs);
  try {
    return (await all).every((isDone) => isDone);
  } finally {
    clearInterval(timer);
  }
}
