import { setImmediate as turn } from 'node:timers/promises';
import { atOnceBesideOthersMax, countedAtOnceMs, turnWaitMsMax } from '../limits';
import { TurnsBesideOthers } from './turns-beside-others';

/** Requests of organizations, as they begin. */
function office(areSeveral = true) {
  const world = { areSeveral, nowMs: 0 };
  const turns = new TurnsBesideOthers({ areSeveral: () => world.areSeveral, nowMs: () => world.nowMs });
  const begun: string[] = [];
  const enter = (owner: string, name = owner): (() => void) =>
    turns.enter(owner, (isInTime) => begun.push(isInTime ? name : `${name} late`));
  const many = (owner: string, count: number): (() => void)[] =>
    Array.from({ length: count }, (_, i) => enter(owner, `${owner}${i}`));
  return { world, begun, enter, many };
}
const max = atOnceBesideOthersMax;

describe('requests of one organization', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
  afterEach(() => void jest.useRealTimers());

  it('begin all at once while it is alone', () => {
    const { begun, many } = office(false);
    many('a', 5 * max);
    expect(begun).toHaveLength(5 * max);
  });

  it('begin a few at a time beside others, who wait for none of them', async () => {
    const { begun, enter, many } = office();
    const [first] = many('a', 5 * max);
    expect(begun).toHaveLength(max);
    enter('b');
    expect(begun.at(-1)).toBe('b');
    first?.();
    await turn();
    expect(begun.at(-1)).toBe(`a${max}`);
    expect(begun).toHaveLength(max + 2);
  });

  it('begin in the order in which they came, and all of them do', async () => {
    const { begun, many } = office();
    const ends = many('a', 3 * max);
    for (const end of ends) {
      end();
      await turn();
    }
    expect(begun).toEqual(Array.from({ length: 3 * max }, (_, i) => `a${i}`));
  });

  it('are not begun when their client left, and nobody waits for them', async () => {
    const { begun, many } = office();
    const ends = many('a', max + 2);
    ends[max]?.();
    ends[0]?.();
    await turn();
    expect(begun.at(-1)).toBe(`a${max + 1}`);
    expect(begun).toHaveLength(max + 1);
  });

  it('count no more once they have taken long: they wait for something', async () => {
    const { world, begun, many } = office();
    const ends = many('a', 2 * max + 1);
    world.nowMs = countedAtOnceMs;
    jest.advanceTimersByTime(countedAtOnceMs);
    await turn();
    expect(begun).toHaveLength(2 * max);
    // The end of one that counted no more frees nothing.
    ends[0]?.();
    await turn();
    expect(begun).toHaveLength(2 * max);
    ends[max]?.();
    await turn();
    expect(begun).toHaveLength(2 * max + 1);
  });

  it('are told when their turn does not come in time', async () => {
    const { begun, many } = office();
    const ends = many('a', max + 1);
    jest.advanceTimersByTime(turnWaitMsMax - 1);
    expect(begun).toHaveLength(max);
    jest.advanceTimersByTime(1);
    expect(begun.at(-1)).toBe(`a${max} late`);
    for (const end of ends) end();
    await turn();
    expect(begun).toHaveLength(max + 1);
  });

  it('leave in any number at once', async () => {
    const { begun, many } = office();
    const [first, ...others] = many('a', 4_000);
    for (const end of others.slice(max - 1)) end();
    first?.();
    await turn();
    expect(begun).toHaveLength(max);
  });

  it('begin with the next one that ends once the others are gone', async () => {
    const { world, begun, many } = office();
    const [first] = many('a', 4 * max);
    world.areSeveral = false;
    first?.();
    await turn();
    expect(begun).toHaveLength(4 * max);
  });
});
