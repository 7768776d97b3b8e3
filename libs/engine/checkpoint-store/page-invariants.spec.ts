import { BrokenInvariant } from '@fintech-ledger/contract';
import { PageDigests } from './page-digests';
import { IndexBudget, PageIndex } from './page-index';

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
