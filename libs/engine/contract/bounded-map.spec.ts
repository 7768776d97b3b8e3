import { BoundedMap, remembered } from './maps';

describe('a bounded map', () => {
  it('keeps what was used last, and never more than it may have', () => {
    const map = new BoundedMap<number, string>(10);
    map.set(0, 'used again and again');
    for (let i = 1; i <= 1_000; i += 1) {
      map.set(i, `value ${i}`);
      expect(map.get(0)).toBe('used again and again');
      expect(map.pairs().length).toBeLessThanOrEqual(10);
      for (let last = i; last > Math.max(i - 4, 0); last -= 1) expect(map.get(last)).toBe(`value ${last}`);
    }
    expect(map.get(1)).toBeUndefined();
  });

  it('says when something was forgotten, or may be by the next use', () => {
    const map = new BoundedMap<string, number>(4);
    for (const key of ['a', 'b']) map.set(key, 1);
    expect(map.isLossy).toBe(false);
    for (const key of ['c', 'd']) map.set(key, 1);
    expect(map.isLossy).toBe(true);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).not.toEqual([1, 1, 1, 1]);
    map.clear();
    expect(map.isLossy).toBe(true);
  });

  it('loses nothing by reading as long as it is not lossy', () => {
    for (let max = 2; max <= 12; max += 1) {
      const map = new BoundedMap<number, number>(max);
      for (let count = 1; !map.isLossy; count += 1) {
        map.set(count, count);
        if (map.isLossy) break;
        for (let key = 1; key <= count; key += 1) expect(map.get(key)).toBe(key);
      }
    }
  });

  it('forgets what is deleted, in both generations, and has each key once', () => {
    const map = new BoundedMap<string, number>(4);
    for (const key of ['a', 'b', 'c', 'd']) map.set(key, 1);
    map.set('a', 2);
    expect(map.pairs().filter(([key]) => key === 'a')).toEqual([['a', 2]]);
    map.delete('a');
    expect(map.get('a')).toBeUndefined();
    map.clear();
    expect(map.pairs()).toEqual([]);
  });
});

describe('a function that remembers', () => {
  it('makes a value once as long as it is used, undefined too, and makes it again when it was forgotten', () => {
    const made: number[] = [];
    const half = remembered(4, (n: number) => {
      made.push(n);
      return n % 2 === 0 ? n / 2 : undefined;
    });
    expect([half(4), half(4), half(3), half(3)]).toEqual([2, 2, undefined, undefined]);
    expect(made).toEqual([4, 3]);
    for (let n = 5; n <= 20; n += 1) half(n);
    expect([half(20), half(4)]).toEqual([10, 2]);
    expect(made.filter((n) => n === 20 || n === 4)).toEqual([4, 20, 4]);
  });
});
