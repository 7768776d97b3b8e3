import { BrokenInvariant } from '@fintech-ledger/contract';
import type { Sql } from '@fintech-ledger/postgres';
import { PositionWaiter } from './position-waiter';

/** Checkpoints that stand where the test says. */
function world() {
  const at = new Map<string, number>();
  const sql = {
    query: () =>
      Promise.resolve({
        rows: [...at].map(([stream, revision]) => ({ stream, revision: String(revision) })),
        rowCount: at.size,
      }),
  } as unknown as Sql;
  return { at, waiter: new PositionWaiter(sql, ['accounts']) };
}

describe('waiting for a position', () => {
  it('lets each wait for its own, and ends with the last one', async () => {
    const { at, waiter } = world();
    const waits = [
      waiter.waitFor('journal-a', 1, 20_000),
      waiter.waitFor('journal-a', 2, 20_000),
      waiter.waitFor('journal-b', 1, 20_000),
    ];
    at.set('journal-a', 2).set('journal-b', 1);
    expect(await Promise.all(waits)).toEqual([true, true, true]);
    expect(await waiter.waitFor('journal-a', 3, 1)).toBe(false);
    expect(await waiter.waitFor('journal-a', 2, 0)).toBe(true);
  });

  it('refuses to let anybody wait whom nobody counts, or looks for', async () => {
    const { waiter } = world();
    const inside = waiter as unknown as { count: number; schedule(): void };
    inside.count = -1;
    await expect(waiter.waitFor('journal-a', 1, 50)).rejects.toThrow(BrokenInvariant);
    const unwatched = world().waiter as unknown as { schedule(): void };
    unwatched.schedule = () => undefined;
    await expect((unwatched as unknown as PositionWaiter).waitFor('journal-a', 1, 50)).rejects.toThrow(
      'nobody looks for',
    );
  });
});
