import { largeAtOnceMax, largeBesideOthersMax, largeWaitMsMax } from '../limits';
import { ApiProblem } from '../problems/api-problem';
import type { ApiRequest } from './api-request';
import { LargeRequests } from './large-requests';

/** Requests of some owners, and what became of them, in order. */
function requests(areSeveral: () => boolean) {
  const large = new LargeRequests(areSeveral);
  const begun: string[] = [];
  const enter = (owner: string, name: string): (() => void) => {
    const request = { principal: { organizationId: owner }, whenClosed: null } as unknown as ApiRequest;
    const refuse = (error: Error): void =>
      void begun.push(`${name}: ${error instanceof ApiProblem ? error.code : error.message}`);
    large.begin(request, () => void begun.push(name), refuse);
    return () => request.whenClosed?.();
  };
  /** One slice is in a turn of the event loop. */
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 3 * largeAtOnceMax; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, enter, settled };
}

describe('large requests', () => {
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

  it('that are left before their turn are not parsed', async () => {
    const { begun, enter, settled } = requests(() => true);
    const [first, second] = [enter('a', 'first'), enter('a', 'second')];
    enter('a', 'third');
    await settled();
    second();
    first();
    await settled();
    expect(begun).toEqual(['first', 'third']);
  });

  it('that wait too long are refused, and those that began are not', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    try {
      const { begun, enter, settled } = requests(() => true);
      const leave = [enter('a', 'first'), enter('a', 'second')];
      await settled();
      jest.advanceTimersByTime(largeWaitMsMax);
      await settled();
      for (const each of leave) each();
      await settled();
      expect(begun).toEqual(['first', 'second: unavailable']);
    } finally {
      jest.useRealTimers();
    }
  });
});
