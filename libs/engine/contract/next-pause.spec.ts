import { jitteredPauseAfter, nextPause, pauseAfter } from './next-pause';

describe('the pause before the next attempt', () => {
  it('begins with the least, doubles, and stays at the most', () => {
    const pauses: number[] = [];
    for (let last = 0; pauses.length < 5; last = pauses.at(-1) ?? 0) pauses.push(nextPause(last, 50, 300));
    expect(pauses).toEqual([50, 100, 200, 300, 300]);
  });
});

describe('the pause after failures in a row', () => {
  it('begins with the first, doubles, and stays at the most', () => {
    expect([0, 1, 2, 3, 4, 5_000].map((failures) => pauseAfter(failures, 50, 300))).toEqual([
      50, 100, 200, 300, 300, 300,
    ]);
  });

  it('is shortened at random by up to a half', () => {
    expect(jitteredPauseAfter(1, 50, 300, () => 0)).toBe(50);
    expect(jitteredPauseAfter(1, 50, 300, () => 0.5)).toBe(75);
    expect(jitteredPauseAfter(9, 50, 300, () => 1)).toBe(300);
  });
});
