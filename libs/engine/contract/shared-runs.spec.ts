import { sharedRuns } from './shared-runs';

/** Work that ends when it is told to, with its number. */
function stepped() {
  const ends: ((isGood: boolean) => void)[] = [];
  const ask = sharedRuns(
    () =>
      new Promise<number>((resolve, reject) => {
        const number = ends.length;
        ends.push((isGood) => (isGood ? resolve(number) : reject(new Error(`run ${number}`))));
      }),
  );
  return { ask, ends };
}

describe('shared runs', () => {
  it('give who asks meanwhile the next one, together', async () => {
    const { ask, ends } = stepped();
    const first = ask();
    const others = [ask(), ask(), ask()];
    expect(ends).toHaveLength(1);
    ends[0]?.(true);
    expect(await first).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends).toHaveLength(2);
    const later = ask();
    ends[1]?.(true);
    expect(await Promise.all(others)).toEqual([1, 1, 1]);
    await new Promise((resolve) => setImmediate(resolve));
    ends[2]?.(true);
    expect(await later).toBe(2);
  });

  it('are one at a time, also for who asks again at the end of one', async () => {
    const { ask, ends } = stepped();
    const again = ask().then(() => ask());
    const meanwhile = ask();
    ends[0]?.(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends).toHaveLength(2);
    ends[1]?.(true);
    expect(await Promise.all([again, meanwhile])).toEqual([1, 1]);
  });

  it('go on after one that fails, and begin at once when none is under way', async () => {
    const { ask, ends } = stepped();
    const [first, second] = [ask(), ask()];
    ends[0]?.(false);
    await expect(first).rejects.toThrow('run 0');
    await new Promise((resolve) => setImmediate(resolve));
    ends[1]?.(true);
    expect(await second).toBe(1);
    const third = ask();
    ends[2]?.(true);
    expect(await third).toBe(2);
  });
});
