import { Places } from './places';

describe('places', () => {
  it('are taken in the order of asking, and given on whatever came of it', async () => {
    const places = new Places(2);
    const begun: number[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      places.use(() => {
        begun.push(number);
        return new Promise<number>((resolve, reject) => {
          ends[number] = (error) => (error ? reject(error) : resolve(number));
        });
      }),
    );
    const settled = Promise.allSettled(all);
    expect(begun).toEqual([0, 1]);
    ends[1]?.(new Error('broken'));
    await all[1]?.catch(() => undefined);
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await all[2];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[3]?.();
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await places.use(async () => 'free')).toBe('free');
  });
});
