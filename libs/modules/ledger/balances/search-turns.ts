import { TooManySearches } from '@fintech-ledger/projection-runtime';
import { evidenceSearchesMax } from './limits';

/** Reads the next page of a search when it is its turn. */
export type InTurn = <T>(page: () => Promise<T>) => Promise<T>;

/**
 * Searches of journals, of which one page is read at a time: the others get their turns between the pages of a long
 * one, in the order in which they ask, so that a short search waits for pages and never for a whole journal.
 */
export class SearchTurns {
  private going = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** @throws TooManySearches */
  async run<T>(search: (inTurn: InTurn) => Promise<T>): Promise<T> {
    if (this.going >= evidenceSearchesMax)
      throw new TooManySearches(
        `This process searches ${evidenceSearchesMax} journals already, as the read models do not say where to look.`,
      );
    this.going += 1;
    try {
      return await search((page) => {
        const turn = this.last.then(page);
        this.last = turn.catch(() => undefined);
        return turn;
      });
    } finally {
      this.going -= 1;
    }
  }
}
