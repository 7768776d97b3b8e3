import { nextPause } from './next-pause';

describe('the pause before the next attempt', () => {
  it('begins with the least, doubles, and stays at the most', () => {
    const pauses: number[] = [];
    for (let last = 0; pauses.length < 5; last = pauses.at(-1) ?? 0) pauses.push(nextPause(last, 50, 300));
    expect(pauses).toEqual([50, 100, 200, 300, 300]);
  });
});
