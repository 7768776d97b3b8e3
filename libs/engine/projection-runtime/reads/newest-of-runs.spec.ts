import fc from 'fast-check';
import { newestOfRuns } from './newest-of-runs';
import type { RunPlaces, RunRow } from './newest-of-runs';

interface Run extends RunRow {
  readonly type: string;
}
interface Place {
  readonly recordedMs: number;
  readonly streamKey: number;
  readonly revision: number;
  readonly type: string;
}
const places: RunPlaces<Run, Place, Place> = {
  placeOf: ({ type }, at) => ({ ...at, type }),
  compare: (a, b) =>
    a.recordedMs - b.recordedMs ||
    a.streamKey - b.streamKey ||
    a.revision - b.revision ||
    (a.type < b.type ? -1 : a.type > b.type ? 1 : 0),
};
const order = (a: Place, b: Place): number => places.compare(b, a);

/** All of them, one by one. */
const placesOf = (runs: readonly Run[]): readonly Place[] =>
  runs
    .flatMap(({ recorded_ms: ms, stream_key: key, first, last, type }) =>
      Array.from({ length: Number(last) - Number(first) + 1 }, (_, n) => ({
        ...{ recordedMs: Number(ms), streamKey: Number(key), revision: Number(first) + n, type },
      })),
    )
    .sort(order);

const anyRun = fc
  .tuple(fc.integer({ min: 8, max: 12 }), fc.integer({ min: 9, max: 11 }), fc.nat(20), fc.nat(9))
  .chain(([ms, key, first, more]) =>
    fc.constantFrom('a.made', 'b.made', 'c.made').map((type) => ({
      ...{
        recorded_ms: String(ms),
        stream_key: String(key),
        first: String(first),
        last: String(first + more),
      },
      type,
    })),
  );

describe('the newest places of runs', () => {
  it('are those that all of them would begin with, after any of them', () => {
    fc.assert(
      fc.property(
        fc.array(anyRun, { maxLength: 12 }),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        (runs, count, nth) => {
          const all = placesOf(runs);
          expect(newestOfRuns(runs, count, places)).toEqual(all.slice(0, count));
          const after = all[nth % Math.max(all.length, 1)];
          if (after === undefined) return;
          const behind = all.filter((place) => order(place, after) > 0);
          expect(newestOfRuns(runs, count, places, after)).toEqual(behind.slice(0, count));
        },
      ),
    );
  });
});
