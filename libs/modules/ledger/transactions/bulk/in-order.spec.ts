import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder } from './in-order';

const limits = { itemsMax: 4, bytesMax: 1_000 };
async function* items(count: number, taken: number[] = []): AsyncGenerator<{ size: number; n: number }> {
  for (let n = 0; n < count; n += 1) {
    taken.push(n);
    yield { size: 10, n };
  }
}
async function all(results: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of results) text += piece;
  return text;
}

describe('inOrder', () => {
  it('keeps the order, whatever is done first', async () => {
    const work = async ({ n }: { n: number }) => {
      await sleep((n * 7) % 5);
      return String(n);
    };
    const expected = Array.from({ length: 40 }, (_, n) => `${n}\n`).join('');
    expect(await all(inOrder(items(40), work, limits))).toBe(expected);
  });

  it('hands on a result before the next item comes', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    async function* slow(): AsyncGenerator<{ size: number }> {
      yield { size: 1 };
      await gate;
    }
    const results = inOrder(slow(), () => Promise.resolve('first'), limits);
    expect(await results.next()).toEqual({ done: false, value: 'first\n' });
    release();
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it('takes no more than its limits while nobody reads', async () => {
    const taken: number[] = [];
    const results = inOrder(items(100, taken), () => Promise.resolve('x'), limits);
    await results.next();
    await sleep(10);
    expect(taken.length).toBeLessThanOrEqual(2 * limits.itemsMax);
    await results.return(undefined);
    const stopped = taken.length;
    await sleep(10);
    expect(taken.length).toBe(stopped);
  });

  it('takes one item larger than all bytes', async () => {
    const results = inOrder(items(3), () => Promise.resolve('x'), { itemsMax: 10, bytesMax: 5 });
    expect(await all(results)).toBe('x\nx\nx\n');
  });

  it('passes on that the source broke, after what came before', async () => {
    async function* broken(): AsyncGenerator<{ size: number }> {
      yield { size: 1 };
      throw new Error('gone');
    }
    const results = inOrder(broken(), () => Promise.resolve('x'), limits);
    expect(await results.next()).toEqual({ done: false, value: 'x\n' });
    await expect(results.next()).rejects.toThrow('gone');
  });
});
