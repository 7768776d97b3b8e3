import fc from 'fast-check';
import { cut } from './news';

/** Runs of a few types over one stream, as the read model has them. */
const streams = fc
  .array(
    fc.record({
      type: fc.constantFrom('a', 'b', 'c'),
      gap: fc.nat({ max: 3 }),
      length: fc.integer({ min: 1, max: 400 }),
    }),
    {
      maxLength: 120,
    },
  )
  .map((parts) => {
    const ends: Record<string, number> = {};
    const runs = parts.map(({ type, gap, length }, n) => {
      const first = (ends[type] ?? -1) + 1 + gap;
      ends[type] = first + length - 1;
      return { first, last: first + length - 1, type, recordedMs: n };
    });
    return runs.sort((a, b) => a.first - b.first);
  });

describe('what is taken of a stream', () => {
  it('is all of it, once, in order, in steps that end', () => {
    fc.assert(
      fc.property(streams, (runs) => {
        const reached = Math.max(-1, ...runs.map(({ last }) => last)) + 2;
        const told: string[] = [];
        let taken = -1;
        for (let step = 0; taken < reached; step += 1) {
          expect(step).toBeLessThan(2_000);
          // As the statement finds them: what is not taken yet, so many of them.
          const found = runs.filter(({ last }) => last > taken).slice(0, 100);
          const { places, through } = cut(found, taken, reached, 0);
          expect(through).toBeGreaterThan(taken);
          for (const { revision, type } of places) {
            expect(revision).toBeGreaterThan(taken);
            told.push(`${revision} ${type}`);
          }
          taken = through;
        }
        const all = runs.flatMap(({ first, last, type }) =>
          Array.from({ length: last - first + 1 }, (_, n) => [first + n, type] as const),
        );
        all.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
        expect(told).toEqual(all.map(([revision, type]) => `${revision} ${type}`));
      }),
      { numRuns: 60 },
    );
  });
});
