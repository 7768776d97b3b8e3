import type { TransitDifference } from '@fintech-ledger/ledger-transfers';
import { observeProjections } from './observe-projections';
import type { ProjectionQueries } from './operations/projection-queries';

const differs = { organizationId: 'org_1', currency: 'USD', transit: '5', open: '0' };

/** What the log has after a look at these differences. */
async function warned(differences: readonly TransitDifference[]): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const queries: ProjectionQueries = {
    projections: () => Promise.resolve([]),
    unbalancedLedgers: () => Promise.resolve([]),
    transit: () => Promise.resolve({ openCount: 0, oldestOpenMs: 0, differences }),
  };
  await observeProjections(queries, { warn: (...line: unknown[]) => void lines.push(line) } as never);
  return lines;
}

it('says what differs in transit only when it has lasted as long as the alert waits', async () => {
  expect(await warned([{ ...differs, lastsMs: 299_999 }])).toEqual([]);
  const lasting = { ...differs, lastsMs: 300_000 };
  expect(await warned([{ ...differs, currency: 'EUR', lastsMs: 0 }, lasting])).toEqual([
    [{ differences: [lasting] }, 'transit differs from what is open'],
  ]);
});
