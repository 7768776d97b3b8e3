import { setTimeout as sleep } from 'node:timers/promises';
import { Turns } from './turns';

describe('Turns', () => {
  /** What goes on, in the order in which it does: each is prepared for so long (milliseconds), or fails then. */
  async function wentOn(preparedMs: readonly (number | 'fails')[]): Promise<readonly number[]> {
    const turns = new Turns();
    const order: number[] = [];
    await Promise.all(
      preparedMs.map(async (ms, n) => {
        const { before, end } = turns.take();
        try {
          if (ms === 'fails') return;
          if (ms > 0) await sleep(ms);
          if (before !== undefined) await before;
          order.push(n);
        } finally {
          end();
        }
      }),
    );
    return order;
  }

  it.each<[string, readonly (number | 'fails')[], readonly number[]]>([
    ['the first is prepared longest', [20, 5, 0, 1], [0, 1, 2, 3]],
    ['one in the middle is', [0, 0, 15, 0, 1], [0, 1, 2, 3, 4]],
    ['some fail before their turn', [20, 'fails', 0, 'fails', 0], [0, 2, 4]],
    ['nothing has to be prepared', [0, 0, 0], [0, 1, 2]],
  ])('goes on in the order in which turns were taken: %s', async (_name, preparedMs, order) => {
    expect(await wentOn(preparedMs)).toEqual(order);
  });

  it('makes nobody wait where all before have ended', () => {
    const turns = new Turns();
    const first = turns.take();
    expect(first.before).toBeUndefined();
    first.end();
    expect(turns.take().before).toBeUndefined();
  });

  it('keeps a turn that was taken after one that had not ended', async () => {
    const turns = new Turns();
    const first = turns.take();
    const second = turns.take();
    second.end();
    const third = turns.take();
    let hasThird = false;
    void third.before?.then(() => (hasThird = true));
    await sleep(1);
    expect(hasThird).toBe(false);
    first.end();
    await third.before;
    expect(hasThird).toBe(true);
  });
});
