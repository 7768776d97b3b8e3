import { BrokenInvariant } from '@fintech-ledger/contract';
import type { Database } from '@fintech-ledger/postgres';
import { emptyCheckpoint } from './live-checkpoint';
import { LiveCheckpoints } from './live-checkpoints';
import { PageDigests } from './page-digests';
import { IndexBudget, PageIndex } from './page-index';
import type { Seals } from './seals';

it('refuses fewer pages than there are, and more than have numbers', () => {
  const digests = PageDigests.of(4, new Map()).draft();
  for (const pages of [3, 0, 2 ** 28 + 1]) expect(() => digests.grow(pages)).toThrow(BrokenInvariant);
  digests.grow(4);
  digests.grow(5);
  expect(digests.pages).toBe(5);
});

it('refuses to search for ever for rows that no index has', () => {
  const budget = new IndexBudget(10);
  expect(() => budget.add(new PageIndex(budget), 11)).toThrow(BrokenInvariant);
});

it('refuses an index with fewer rows than none', () => {
  const index = new PageIndex(new IndexBudget(10));
  index.set(1, new Uint32Array(4));
  (index as unknown as { rowCount: number }).rowCount = 1;
  expect(() => index.set(1, new Uint32Array(0))).toThrow(BrokenInvariant);
});

it('counts the rows of the indexes that there are, and no others', () => {
  const budget = new IndexBudget(10);
  const [one, other] = [new PageIndex(budget), new PageIndex(budget)];
  one.set(1, new Uint32Array(4));
  other.set(1, new Uint32Array(2));
  (budget as unknown as { rows: number }).rows += 1;
  one.close();
  expect(() => other.close()).toThrow(BrokenInvariant);
});

it('remembers a checkpoint as that of its own stream only', () => {
  const live = new LiveCheckpoints({} as Database, {} as Seals);
  const checkpoint = emptyCheckpoint('journal-a', 1, live.budget);
  expect(() => live.set('journal-b', checkpoint)).toThrow(BrokenInvariant);
  live.set('journal-a', checkpoint);
  expect(live.peek('journal-a')).toBe(checkpoint);
});
