import { sliceMsMax } from '../limits';
import { Slices } from './slices';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An event loop that goes on when it is told to, and a clock that stands. */
function loop() {
  const due: (() => void)[] = [];
  let now = 0;
  return {
    slices: new Slices({ nowMs: () => now, later: (run) => due.push(run) }),
    pass: (ms: number) => (now += ms),
    async turn(): Promise<void> {
      await settled();
      for (const run of due.splice(0)) run();
      await settled();
    },
    get isIdle() {
      return due.length === 0;
    },
  };
}

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 1; number <= count; number += 1) yield number;
}

describe('slices', () => {
  it('are one in a turn of the event loop', async () => {
    const { slices, turn } = loop();
    const begun: string[] = [];
    for (const name of ['a', 'b', 'c']) void slices.next('one').then(() => begun.push(name));
    await turn();
    expect(begun).toEqual(['a']);
    await turn();
    expect(begun).toEqual(['a', 'b']);
  });

  it('leave time to others while several owners are there', async () => {
    const later: boolean[] = [];
    let areSeveral = false;
    const slices = new Slices({
      later: (run, isBeside) => {
        later.push(isBeside);
        setImmediate(run);
      },
      areSeveral: () => areSeveral,
    });
    await slices.next('one');
    areSeveral = true;
    await slices.next('one');
    expect(later).toEqual([false, true]);
  });

  it('are had by owners in turns, however many requests one of them has', async () => {
    const event = loop();
    const begun: string[] = [];
    const ask = (owner: string): void => void event.slices.next(owner).then(() => begun.push(owner));
    for (let count = 0; count < 4; count += 1) ask('many');
    ask('few');
    ask('other');
    while (!event.isIdle) await event.turn();
    expect(begun).toEqual(['many', 'few', 'other', 'many', 'many', 'many']);
  });

  it('end when they have lasted long enough', async () => {
    const event = loop();
    const taken: number[] = [];
    const all = (async () => {
      for await (const number of event.slices.of('one', numbers(5))) {
        taken.push(number);
        event.pass(1);
      }
    })();
    const after: number[][] = [];
    for (let turns = 0; turns < 4; turns += 1) {
      await event.turn();
      after.push([...taken]);
    }
    expect(after).toEqual([
      [1, 2],
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
    await all;
  });

  it('have twice their time between the end of one and the begin of the next, while several owners are there', async () => {
    const slices = new Slices({ areSeveral: () => true });
    const begun: number[] = [];
    const ended: number[] = [];
    const work = async (): Promise<void> => {
      await slices.next('one');
      begun.push(performance.now());
      while (performance.now() - (begun.at(-1) ?? 0) < 3 * sliceMsMax);
      ended.push(performance.now());
    };
    await Promise.all([work(), work(), work()]);
    // Timers may fire a millisecond early.
    for (const n of [1, 2])
      expect((begun[n] ?? 0) - (ended[n - 1] ?? 0)).toBeGreaterThan(2 * sliceMsMax - 1.5);
  });

  it('are left by who stops taking', async () => {
    const event = loop();
    let isClosed = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield* numbers(10);
      } finally {
        isClosed = true;
      }
    }
    const all = (async () => {
      for await (const number of event.slices.of('one', source())) if (number === 1) break;
    })();
    await event.turn();
    await all;
    expect([isClosed, event.isIdle]).toEqual([true, true]);
  });
});
