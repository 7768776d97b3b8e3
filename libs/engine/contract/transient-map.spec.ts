import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TransientMap } from './maps';

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
    const plain = keptBytes(new Map());
    expect(keptBytes(new TransientMap())).toBeLessThan(plain / 2);
  });
});
