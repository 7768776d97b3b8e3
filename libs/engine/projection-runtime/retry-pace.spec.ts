import { restAfter } from './retry-pace';

/** The share of the time that reading again takes. */
const share = (tookMs: number, isFirst: boolean): number => tookMs / (tookMs + restAfter(tookMs, isFirst));

it('gives halted streams a share of the time, which all of them have together', () => {
  expect(share(10, true)).toBeCloseTo(0.2);
  expect(share(10, false)).toBeCloseTo(0.04);
});

it('does not rest for ever after a long stream', () => {
  expect(restAfter(60_000, false)).toBe(5_000);
});
