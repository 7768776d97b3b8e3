import { stretchesOf } from './stretches';

const sizes = { fillers: 2, least: 10, most: 100 };

describe('stretchesOf', () => {
  it.each([
    { after: null, end: '1000', lengths: Array<number>(10).fill(100) },
    { after: '490', end: '1000', lengths: [85, 85, 85, 85, 85, 85] },
    { after: null, end: '101', lengths: [51, 50] },
    { after: '80', end: '95', lengths: [10, 5] },
  ])('shares out evenly what is after $after up to $end, each position once', ({ after, end, lengths }) => {
    const stretches = [...stretchesOf(after, end, sizes)];
    let last: string | null = after;
    for (const stretch of stretches) {
      expect(stretch.after).toBe(last);
      last = stretch.until;
    }
    expect(last).toBe(end);
    expect(stretches.map((each) => Number(each.until) - Number(each.after ?? 0))).toEqual(lengths);
  });

  it('has none where nothing is left, or more was done than there is', () => {
    for (const after of ['7', '8']) expect([...stretchesOf(after, '7', sizes)]).toEqual([]);
    expect([...stretchesOf(null, '0', sizes)]).toEqual([]);
  });
});
