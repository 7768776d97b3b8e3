import type { StoredEvent } from '@fintech-ledger/envelope';
import { Failure } from './failure';

/**
 * All events of a stream, page by page; after a page that the store can't give, one by one up to the first that is missing.
 * @param read a page from a revision on; an empty one is the end
 * @param isDamage whether this says that events are missing there
 * @throws Failure naming the first revision that is missing
 */
export async function* everyEvent(
  read: (from: number, limit: number) => Promise<readonly StoredEvent[]>,
  pageEvents: number,
  isDamage: (error: unknown) => boolean,
): AsyncGenerator<StoredEvent> {
  for (let next = 0, limit = pageEvents; ;) {
    let page: readonly StoredEvent[];
    try {
      page = await read(next, limit);
    } catch (error) {
      if (!isDamage(error)) throw error;
      if (limit === 1) throw new Failure(`revision ${next} does not hold: ${(error as Error).message}`, 1);
      limit = 1;
      continue;
    }
    if (page.length === 0) return;
    yield* page;
    next += page.length;
  }
}
