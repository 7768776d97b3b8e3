import { TooManySearches } from '@fintech-ledger/projection-runtime';
import { evidenceSearchesMax } from './limits';
import { SearchTurns } from './search-turns';

/** Pages that are read when the spec says so, by the name of who asked. */
class Pages {
  readonly asked: string[] = [];
  private readonly waiting: (() => void)[] = [];

  read(name: string): Promise<void> {
    this.asked.push(name);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Answers the page that is being read, until all that follows from it has happened. */
  async answer(): Promise<void> {
    this.waiting.shift()?.();
    await new Promise(setImmediate);
  }

  get beingRead(): number {
    return this.waiting.length;
  }
}

describe('searches in turns', () => {
  it('read one page at a time, and a short one is done between the pages of a long one', async () => {
    const turns = new SearchTurns();
    const pages = new Pages();
    const done: string[] = [];
    const search = (name: string, count: number): Promise<void> =>
      turns.run(async (inTurn) => {
        for (let page = 0; page < count; page += 1) await inTurn(() => pages.read(name));
        done.push(name);
      });
    const all = [search('long', 5), search('short', 1), search('other', 2)];
    await new Promise(setImmediate);
    while (pages.beingRead > 0) {
      expect(pages.beingRead).toBe(1);
      await pages.answer();
    }
    await Promise.all(all);
    expect(done).toEqual(['short', 'other', 'long']);
    expect(pages.asked.slice(0, 3)).toEqual(['long', 'short', 'other']);
  });

  it('are so many at once at most, and one more when one has ended, also by a failure', async () => {
    const turns = new SearchTurns();
    const ends: ((error?: Error) => void)[] = [];
    const going = Array.from({ length: evidenceSearchesMax }, () =>
      turns.run(() => new Promise<void>((resolve, reject) => ends.push((e) => (e ? reject(e) : resolve())))),
    );
    await expect(turns.run(async () => undefined)).rejects.toThrow(TooManySearches);
    ends[0]?.(new Error('the store is unavailable'));
    await expect(going[0]).rejects.toThrow('the store is unavailable');
    await expect(turns.run(async () => 'done')).resolves.toBe('done');
    for (const end of ends) end();
    await Promise.all(going.slice(1));
  });

  it('go on after a page that could not be read', async () => {
    const turns = new SearchTurns();
    const failing = turns.run((inTurn) => inTurn(() => Promise.reject(new Error('lost'))));
    const next = turns.run((inTurn) => inTurn(async () => 'read'));
    await expect(failing).rejects.toThrow('lost');
    await expect(next).resolves.toBe('read');
  });
});
