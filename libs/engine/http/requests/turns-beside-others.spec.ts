import { setImmediate } from 'node:timers/promises';
import { atOnceBesideOthersMax, countedAtOnceMs, turnWaitMsMax } from '../limits';
import { TurnsBesideOthers } from './turns-beside-others';

/** Requests of organizations, as they begin. */
function office(areSeveral = true) {
  const world = { areSeveral };
  const turns = new TurnsBesideOthers(() => world.areSeveral);
  const begun: string[] = [];
  const enter = (owner: string, name = owner): (() => void) =>
    turns.enter(owner, (isInTime) => begun.push(isInTime ? name : `${name} late`));
  const many = (owner: string, count: number): (() => void)[] =>
    Array.from({ length: count }, (_, i) => enter(owner, `${owner}${i}`));
  return { world, begun, enter, many };
}
const max = atOnceBesideOthersMax;
/** Until who waits has learnt of his turn, and has begun. */
const turn = async (): Promise<void> => {
  await setImmediate();
  await setImmediate();
};

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
    const { begun, many } = office();
    const ends = many('a', 2 * max + 1);
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
    // A few more than begin until then, if each takes long.
    const count = max * (turnWaitMsMax / countedAtOnceMs) + 2 * max;
    const ends = many('a', count);
    expect(begun).toHaveLength(max);
    await jest.advanceTimersByTimeAsync(turnWaitMsMax - 1);
    await turn();
    expect(begun.some((name) => name.endsWith('late'))).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await turn();
    expect(begun.at(-1)).toBe(`a${count - 1} late`);
    for (const end of ends) end();
    await turn();
    expect(new Set(begun.map((name) => name.split(' ')[0])).size).toBe(count);
    expect(begun).toHaveLength(count);
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
