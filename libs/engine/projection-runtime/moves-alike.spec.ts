import type { Advance } from './admit';
import { takeTogether } from './moves-alike';

const advance = (stream: string, from: number, to: number, hash = `${stream}${to}`): Advance => ({
  stream,
  from,
  to,
  hash,
});

describe('moves of checkpoints', () => {
  it('are taken together where all projections of a stream move alike', () => {
    const [a, b, c] = [advance('a', 0, 2), advance('b', 4, 5), advance('c', 1, 2)];
    const { alike, others } = takeTogether([
      { projection: 'x', advances: [a, b, c] },
      { projection: 'y', advances: [b, { ...a }] },
    ]);
    expect(alike).toEqual([
      { projections: ['x', 'y'], advances: [a, b] },
      { projections: ['x'], advances: [c] },
    ]);
    expect(others.flatMap(({ advances }) => advances)).toEqual([]);
  });

  it.each([
    ['from another place', advance('a', 1, 2)],
    ['to another place', advance('a', 0, 1, 'a2')],
    ['to another event', advance('a', 0, 2, 'other')],
  ])('are not taken together when one of them moves %s', (_what, other) => {
    const [own, b] = [advance('a', 0, 2), advance('b', 0, 1)];
    const moves = [
      { projection: 'x', advances: [own, b] },
      { projection: 'y', advances: [other] },
      { projection: 'z', advances: [own, b] },
    ];
    const { alike, others } = takeTogether(moves);
    expect(alike).toEqual([{ projections: ['x', 'z'], advances: [b] }]);
    expect(others).toEqual([
      { projection: 'x', advances: [own] },
      { projection: 'y', advances: [other] },
      { projection: 'z', advances: [own] },
    ]);
  });

  it('are not taken together when they begin a stream', () => {
    const moves = [{ projection: 'x', advances: [advance('a', -1, 2)] }];
    expect(takeTogether(moves)).toEqual({ alike: [], others: moves });
  });
});
