import type { WriteFailed } from './errors';
import { isOfItsEvents } from './is-passing';
import { apartFailuresMax } from './limits';

/** What a batch that can't be written whole is taken apart with. */
export interface Apart {
  /** Writes what these streams have in the batch. @throws WriteFailed */
  write(streams: readonly string[]): Promise<void>;
  /** They are passed over from now on, and read again by themselves. */
  halt(streams: readonly string[], cause: WriteFailed): Promise<void>;
  /** Whether so many more may be halted without need. */
  hasRoomFor(streams: number): boolean;
}

/**
 * Writes a batch by halves, so that the streams whose rows can't be written are halted and all others are written.
 * After `apartFailuresMax` failures, groups that fail are halted whole: each of their streams is read again, which ends
 * its halt when it was not the one, and the streams of other groups don't wait for a search.
 */
export async function writeApart(streams: readonly string[], apart: Apart): Promise<void> {
  let failures = 0;
  const groups = [streams];
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    try {
      await apart.write(group);
    } catch (error) {
      if (!isOfItsEvents(error)) throw error;
      failures += 1;
      const isSearched = failures < apartFailuresMax || !apart.hasRoomFor(group.length);
      if (group.length > 1 && isSearched) {
        const half = Math.ceil(group.length / 2);
        groups.push(group.slice(0, half), group.slice(half));
        continue;
      }
      await apart.halt(group, error);
      // Of the other projections.
      groups.push(group);
    }
  }
}
