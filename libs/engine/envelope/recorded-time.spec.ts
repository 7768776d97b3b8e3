import fc from 'fast-check';
import { recordedTimeMs } from './recorded-time';

describe('recordedTimeMs', () => {
  const times = fc
    .date({ min: new Date(Date.UTC(2025, 0, 1)), max: new Date(Date.UTC(2027, 0, 1)), noInvalidDate: true })
    .map((date) => date.toISOString());

  it('is what Date.parse says, of times of one hour and of others, in any order', () => {
    const near = fc
      .integer({ min: 0, max: 7_200_000 })
      .map((ms) => new Date(1_767_225_600_000 + ms).toISOString());
    fc.assert(
      fc.property(fc.array(fc.oneof(near, times), { minLength: 2 }), (all) => {
        for (const text of all) expect(recordedTimeMs(text)).toBe(Date.parse(text));
      }),
    );
  });

  it('is what Date.parse says of what has another form', () => {
    const edited = fc
      .tuple(times, fc.nat({ max: 24 }), fc.constantFrom('', '0', '9', ':', '.', 'Z', 'x', ' ', '-'))
      .map(([text, at, char]) => text.slice(0, at) + char + text.slice(at + 1));
    fc.assert(
      fc.property(times, edited, (before, text) => {
        recordedTimeMs(before);
        expect(recordedTimeMs(text)).toBe(Date.parse(text));
      }),
      { numRuns: 2_000, examples: [['2026-01-01T00:00:00.000Z', '2026-01-01T00:60:00.000Z']] },
    );
  });
});
