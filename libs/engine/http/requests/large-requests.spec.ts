import { largeAtOnceMax, largeBesideOthersMax, largeWaitMsMax } from '../limits';
import type { ApiRequest } from './api-request';
import { LargeRequests } from './large-requests';

/** Requests of some owners, each with the number in which it began. */
function requests(areSeveral: () => boolean) {
  const large = new LargeRequests(areSeveral);
  const begun: string[] = [];
  const enter = (owner: string, name: string): (() => void) => {
    const { turn, leave } = large.enter(owner);
    void turn.then((mayBegin) => begun.push(mayBegin ? name : `not ${name}`));
    return leave;
  };
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { begun, enter, settled };
}

describe('large requests', () => {
  it('that wait too long are refused, and those that began are not', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    try {
      const large = new LargeRequests(() => true);
      const ends: string[] = [];
      const request = (): ApiRequest =>
        ({ principal: { organizationId: 'a' }, whenClosed: null }) as unknown as ApiRequest;
      const [first, second] = [request(), request()];
      large.begin(
        first,
        () => ends.push('first parsed'),
        () => ends.push('first refused'),
      );
      large.begin(
        second,
        () => ends.push('second parsed'),
        ({ code }) => ends.push(`second: ${code}`),
      );
      await new Promise((resolve) => setImmediate(resolve));
      jest.advanceTimersByTime(largeWaitMsMax);
      for (const { whenClosed } of [first, second]) whenClosed?.();
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(ends.toSorted()).toEqual(['first parsed', 'second: unavailable']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('of one owner are in work up to a bound, and then in their order', async () => {
    const { begun, enter, settled } = requests(() => false);
    const names = Array.from({ length: largeAtOnceMax + 2 }, (_, at) => String(at));
    const [first] = names.map((name) => enter('a', name));
    await settled();
    expect(begun).toEqual(names.slice(0, largeAtOnceMax));
    first?.();
    await settled();
    expect(begun).toEqual(names.slice(0, largeAtOnceMax + 1));
  });

  it('of one owner are fewer while others are there, and more again later', async () => {
    let areSeveral = true;
    const { begun, enter, settled } = requests(() => areSeveral);
    const leave = Array.from({ length: largeBesideOthersMax + 3 }, (_, at) => enter('a', String(at)));
    enter('b', 'other');
    await settled();
    expect(begun).toEqual(['0', 'other']);
    areSeveral = false;
    leave[0]?.();
    await settled();
    expect(begun).toEqual(['0', 'other', '1', '2', '3']);
  });

  it('that are left before their turn have none', async () => {
    const { begun, enter, settled } = requests(() => true);
    const [first, second] = [enter('a', 'first'), enter('a', 'second')];
    enter('a', 'third');
    second();
    first();
    await settled();
    expect(begun).toEqual(['first', 'not second', 'third']);
  });
});
