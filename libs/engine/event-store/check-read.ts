import { readBytesMax, readEventsMax } from './limits';
import type { ReadOptions } from './port';

/** @throws RangeError `limit` is not 1 to `readEventsMax`, `bytesMax` not 1 to `readBytesMax`, or `from` no revision */
export function checkRead({ limit, from, bytesMax = readBytesMax }: ReadOptions): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > readEventsMax) {
    throw new RangeError(`limit ${limit} is not within 1 and ${readEventsMax}`);
  }
  if (!Number.isInteger(bytesMax) || bytesMax < 1 || bytesMax > readBytesMax) {
    throw new RangeError(`bytesMax ${bytesMax} is not within 1 and ${readBytesMax}`);
  }
  if (from !== undefined && (!Number.isSafeInteger(from) || from < 0)) {
    throw new RangeError(`from ${from} is no revision`);
  }
}
