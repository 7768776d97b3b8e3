import { Turns } from './turns';

/** Turns of an event loop that the test runs, on a clock that work moves. */
function turnsAt() {
  const clock = { nowMs: 0 };
  const scheduled: (() => void)[] = [];
  const turns = new Turns({ nowMs: () => clock.nowMs, later: (run) => scheduled.push(run) });
  return {
    turns,
    clock,
    /** Runs the next turn. Returns how long it lasted. */
    turn(): number {
      const before = clock.nowMs;
      scheduled.shift()?.();
      return clock.nowMs - before;
    },
    get isAtRest() {
      return scheduled.length === 0;
    },
  };
}

describe('the turns of a process', () => {
  it('end after 10 ms, however many have work, and everybody gets on in each round', () => {
    const { turns, clock, turn } = turnsAt();
    const done = new Map<string, number>();
    const worker = (name: string, steps: number): void => {
      const work = (): void => {
        const isOver = turns.slice();
        for (;;) {
          clock.nowMs += 0.5;
          done.set(name, (done.get(name) ?? 0) + 1);
          if (done.get(name) === steps) return;
          if (isOver()) return turns.ask(work);
        }
      };
      turns.ask(work);
    };
    for (let i = 0; i < 40; i += 1) worker(`w${i}`, 1_000);
    worker('small', 1);
    const lasted = [turn(), turn(), turn(), turn(), turn()];
    // One step more than the time that there is: nothing is stopped within a step.
    expect(Math.max(...lasted)).toBeLessThanOrEqual(10.5);
    expect(done.get('small')).toBe(1);
    expect(done.size).toBe(41);
  });

  it('belong to one alone when nobody else asks', () => {
    const { turns, clock, turn } = turnsAt();
    let steps = 0;
    turns.ask(() => {
      const isOver = turns.slice();
      while (!isOver()) {
        steps += 1;
        clock.nowMs += 1;
      }
    });
    turn();
    expect(steps).toBe(10);
  });

  it('count what is done between them as well', () => {
    const { turns, clock, turn } = turnsAt();
    const first = turns.slice();
    clock.nowMs += 10;
    expect(first()).toBe(true);
    expect(turns.slice()()).toBe(true);
    turn();
    expect(turns.slice()()).toBe(false);
  });

  it('call who asks twice once, and leave the event loop alone when nobody asks', () => {
    const harness = turnsAt();
    let calls = 0;
    const work = (): void => void (calls += 1);
    harness.turns.ask(work);
    harness.turns.ask(work);
    harness.turn();
    expect(calls).toBe(1);
    expect(harness.isAtRest).toBe(true);
  });
});
