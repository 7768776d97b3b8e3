import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TransientList, TransientMap } from './maps';
import type { ListPlace } from './maps';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;

const oldBytes = (): number =>
  getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name === 'old_space')
    .reduce((sum, { space_used_size: size }) => sum + size, 0);

interface Entries {
  set(key: number, value: unknown): unknown;
  delete(key: number): unknown;
}

/** What stays in the old generation of 40,000 entries that come and go, 200 at a time. */
function keptBytes(map: Entries): number {
  collect();
  const before = oldBytes();
  for (let key = 0; key < 40_000; key += 1) {
    map.set(key, { key, refersTo: Array.from({ length: 50 }, () => ({ key })) });
    map.delete(key - 200);
    if (key % 1_000 === 999) collect({ type: 'minor' });
  }
  return oldBytes() - before;
}

/** The least of three times: what else the process does meanwhile only adds to it. */
const leastKeptBytes = (make: () => Entries): number => Math.min(...[1, 2, 3].map(() => keptBytes(make())));

/** Measured once, first: the heap is another one later. */
let plain: number;
beforeAll(() => {
  plain = keptBytes(new Map());
});

describe('a transient map', () => {
  it('has what was put in and not taken out', () => {
    const map = new TransientMap<string, number>();
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    expect([map.size, map.get('a'), map.entries()]).toEqual([
      2,
      3,
      [
        ['b', 2],
        ['a', 3],
      ],
    ]);
    expect([map.delete('b'), map.delete('b'), map.get('b'), map.values()]).toEqual([
      2,
      undefined,
      undefined,
      [3],
    ]);
  });

  it('keeps little of what has gone from garbage collection, unlike a map', () => {
    expect(leastKeptBytes(() => new TransientMap())).toBeLessThan(plain / 2);
  });
});

/** A list as a map from numbers that nobody looks up. */
function listed(): Entries {
  const list = new TransientList<object>();
  const places: ListPlace<object>[] = [];
  return {
    set: (key, value) => (places[key % 1_000] = list.add(value as object)),
    delete: (key) => key >= 0 && list.take(places[key % 1_000] as ListPlace<object>),
  };
}

describe('a transient list', () => {
  it('has what was put in and not taken out, in order', () => {
    const list = new TransientList<string>();
    const [a, b, c] = [list.add('a'), list.add('b'), list.add('c')] as const;
    expect([list.take(b), list.take(b), list.size, list.values()]).toEqual(['b', undefined, 2, ['a', 'c']]);
    expect([list.take(a), list.values()]).toEqual(['a', ['c']]);
    const d = list.add('d');
    expect([list.take(c), list.values(), list.take(d), list.values(), list.size]).toEqual([
      'c',
      ['d'],
      'd',
      [],
      0,
    ]);
    list.add('e');
    expect(list.places().map(({ value }) => value)).toEqual(['e']);
  });

  it('keeps little of what has gone from garbage collection, unlike a map', () => {
    expect(leastKeptBytes(listed)).toBeLessThan(plain / 2);
  });
});
