import { setTimeout as sleep } from 'node:timers/promises';
import { ReadModelBehind } from './refused';
import { SourceWaits } from './source-waits';

const limits = { waitMsMax: 200, pauseMs: 1, pauseMsMax: 50, countMax: 3, countOfOwnerMax: 2 };
const wanted = { owner: 'led_1', revision: 7, what: 'The journal has' };
const same = (revision: number): number => revision;

/** Something that is at these revisions, one after the other, and stays at the last. */
function source(...revisions: readonly [number, ...number[]]): {
  readonly asked: () => number;
  readonly ask: () => Promise<number>;
} {
  let asked = 0;
  return {
    asked: () => asked,
    ask: () => {
      const at = revisions[Math.min(asked, revisions.length - 1)] ?? revisions[0];
      asked += 1;
      return Promise.resolve(at);
    },
  };
}

describe('a query that is answered without read models', () => {
  it('is answered at once where no position is asked for, or it is there', async () => {
    const { ask, asked } = source(7, 9);
    const waits = new SourceWaits(limits);
    expect(await waits.until(ask, same, { owner: 'led_1', what: 'The journal has' })).toBe(7);
    expect(await new SourceWaits(limits).until(source(7).ask, same, wanted)).toBe(7);
    expect(asked()).toBe(1);
  });

  it('waits until it is', async () => {
    const { ask, asked } = source(5, 6, 8);
    expect(await new SourceWaits(limits).until(ask, same, wanted)).toBe(8);
    expect(asked()).toBe(3);
  });

  it('waits for so long, and asks less and less often', async () => {
    const { ask, asked } = source(6);
    const begun = performance.now();
    const waiting = new SourceWaits(limits).until(ask, same, wanted);
    await expect(waiting).rejects.toThrow(new ReadModelBehind(1, 'The journal has not reached led_1@7 yet.'));
    expect(performance.now() - begun).toBeGreaterThanOrEqual(limits.waitMsMax - 5);
    // After 1, 2, 4, 8, 16, 32, 50, 50 and what is left, and once before; timers may fire a little early.
    expect(asked()).toBeLessThanOrEqual(15);
  });

  it('fails as what it asks does', async () => {
    const error = new Error('the store is unavailable');
    const waits = new SourceWaits({ ...limits, countMax: 1 });
    const answers = [Promise.resolve(1), Promise.reject(error)];
    for (const answer of answers) answer.catch(() => undefined);
    const ask = (): Promise<number> => answers.shift() ?? Promise.resolve(7);
    await expect(waits.until(ask, same, wanted)).rejects.toBe(error);
    // Its place is free again.
    expect(await waits.until(source(1, 7).ask, same, wanted)).toBe(7);
  });

  it('does not wait where as many do for the same as may', async () => {
    const waits = new SourceWaits(limits);
    const two = [1, 2].map(() => waits.until(source(6).ask, same, wanted).catch((error: unknown) => error));
    await sleep(5);
    const third = source(6);
    await expect(waits.until(third.ask, same, wanted)).rejects.toThrow(ReadModelBehind);
    expect(third.asked()).toBe(1);
    // Another one has a place left.
    expect(await waits.until(source(6, 7).ask, same, { ...wanted, owner: 'led_2' })).toBe(7);
    for (const error of await Promise.all(two)) expect(error).toBeInstanceOf(ReadModelBehind);
  });
});
