import { withDeadline } from '@fintech-ledger/event-store';

/**
 * What `work` gives, unless the deadline comes first; what it gives later is dropped.
 * @param deadline by the monotonic clock, milliseconds; undefined: there is none
 */
export function inTime<T>(work: Promise<T>, deadline: number | undefined, late: () => Error): Promise<T> {
  if (deadline === undefined) return work;
  return withDeadline(work, Math.max(deadline - performance.now(), 0), late);
}
