import { setTimeout as sleep } from 'node:timers/promises';
import { SendTurns } from './send-turns';

type Prepared = number | 'nothing';

/** What is sent, in the order in which it is: each is prepared for so long (milliseconds), or there is nothing to send. */
async function sent(preparedMs: readonly Prepared[], turns = new SendTurns()): Promise<readonly number[]> {
  const order: number[] = [];
  await Promise.all(
    preparedMs.map(async (ms, n) => {
      const turn = turns.take();
      if (ms === 'nothing') return turn.end();
      if (ms > 0) await sleep(ms);
      return turn.send(async () => {
        order.push(n);
        await sleep(1);
      });
    }),
  );
  return order;
}

describe('SendTurns', () => {
  it.each<[string, readonly Prepared[], readonly number[]]>([
    ['the first is prepared longest', [20, 5, 0, 1], [0, 1, 2, 3]],
    ['one in the middle is', [0, 0, 15, 0, 1], [0, 1, 2, 3, 4]],
    ['some have nothing to send', [20, 'nothing', 0, 'nothing', 0], [0, 2, 4]],
    ['nothing has to be prepared', [0, 0, 0], [0, 1, 2]],
  ])('send in the order in which they were taken: %s', async (_name, preparedMs, order) => {
    const turns = new SendTurns();
    expect(await sent(preparedMs, turns)).toEqual(order);
    expect(await sent(preparedMs, turns)).toEqual(order);
  });

  it('send the first alone, and then many at once', async () => {
    const turns = new SendTurns();
    let [underWay, most] = [0, 0];
    const send = async (): Promise<void> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep(2);
      underWay -= 1;
    };
    const together = (count: number) =>
      Promise.all(Array.from({ length: count }, () => turns.take().send(send)));
    await together(1);
    expect(most).toBe(1);
    await together(5);
    expect(most).toBe(5);
    const others = new SendTurns();
    most = 0;
    const first = others.take().send(send);
    const second = others.take().send(send);
    await first;
    expect(most).toBe(1);
    await second;
  });

  it('send one at a time after a failure, until one is answered', async () => {
    const turns = new SendTurns();
    const order: string[] = [];
    const send = (name: string, ms: number, isLost = false) =>
      turns.take().send(async () => {
        await sleep(ms);
        if (isLost) throw new Error('unavailable');
        order.push(name);
      });
    await send('first', 0);
    const failing = send('failing', 0, true);
    await expect(failing).rejects.toThrow('unavailable');
    await Promise.all([send('slow', 10), send('fast', 0), send('last', 0)]);
    expect(order).toEqual(['first', 'slow', 'fast', 'last']);
  });

  it('send the first alone as long as it fails', async () => {
    const order: string[] = [];
    const turns = new SendTurns();
    const all = ['lost', 'slow', 'fast'].map((name) =>
      turns.take().send(async () => {
        await sleep(name === 'slow' ? 10 : 0);
        if (name === 'lost') throw new Error('unavailable');
        order.push(name);
      }),
    );
    await Promise.allSettled(all);
    expect(order).toEqual(['slow', 'fast']);
  });
});
