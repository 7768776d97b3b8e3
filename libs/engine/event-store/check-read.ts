import { readEventsMax } from './limits';
import type { ReadOptions } from './port';

/** @throws RangeError `limit` is not 1 to `readEventsMax`, or `from` is no revision */
export function checkRead({ limit, from }: ReadOptions): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > readEventsMax) {
    throw new RangeError(`limit ${limit} is not within 1 and ${readEventsMax}`);
  }
  if (from !== undefined && (!Number.isSafeInteger(from) || from < 0)) {
    throw new RangeError(`from ${from} is no revision`);
  }
}
