import { setTimeout as sleep } from 'node:timers/promises';
import { GuardedClock } from './guarded-clock';

const hour = 3_600_000;
const years = 10 * 365 * 24 * hour;

/** A clock whose times are set by hand, and a database whose clock agrees unless it is told not to. */
async function guarded(options: { isSameClock: boolean }) {
  const time = {
    wall: Date.parse('2026-01-01T00:00:00.000Z'),
    even: 0,
    uptime: 0,
    other: 0,
    isReachable: true,
  };
  const world = { confirmations: 3, confirmedUntilMs: 0, doubts: [] as (string | undefined)[] };
  time.other = time.wall;
  const clock = new GuardedClock({
    witness: {
      ask: async () => {
        if (!time.isReachable) throw new Error('not reachable');
        const { isSameClock } = options;
        const { confirmations, confirmedUntilMs } = world;
        return { timeMs: isSameClock ? time.wall : time.other, isSameClock, confirmations, confirmedUntilMs };
      },
      keep: async (untilMs) => void (world.confirmedUntilMs = untilMs),
    },
    onDoubt: (reason) => world.doubts.push(reason),
    wallMs: () => time.wall,
    evenMs: () => time.even,
    uptimeMs: () => time.uptime,
    limits: { lookMs: 5, askMs: 20 },
  });
  await clock.start();
  const pass = (ms: number): void => {
    for (const name of ['wall', 'even', 'uptime', 'other'] as const) time[name] += ms;
  };
  const until = async (isDoubted: boolean): Promise<void> => {
    do {
      pass(10);
      clock.nowMs();
      await sleep(5);
    } while ((clock.doubt() !== undefined) !== isDoubted);
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i += 1) {
      pass(10);
      clock.nowMs();
      await sleep(5);
    }
  };
  return { clock, time, world, pass, until, settle };
}

describe('a guarded clock', () => {
  it('says what the system says, as long as that goes on evenly', async () => {
    const { clock, time, pass, world } = await guarded({ isSameClock: true });
    for (let i = 0; i < 100; i += 1) {
      pass(60_000);
      time.wall += 500;
      expect(clock.nowMs()).toBe(time.wall);
    }
    expect([clock.doubt(), world.doubts]).toEqual([undefined, []]);
    clock.stop();
  });

  it.each([years, -years, 10_000])(
    'never says a jump of %i ms that the database does not share',
    async (jump) => {
      const { clock, time, until } = await guarded({ isSameClock: false });
      const before = clock.nowMs();
      time.wall += jump;
      expect(clock.nowMs()).toBe(before);
      expect(clock.doubt()).toContain('jumped');
      await until(true);
      expect(Math.abs(clock.nowMs() - before)).toBeLessThan(hour);
      time.wall -= jump;
      await until(false);
      expect(clock.nowMs()).toBe(time.wall);
      clock.stop();
    },
  );

  it('believes a jump that the clock of another machine shares: this one was suspended', async () => {
    const { clock, time, until, world } = await guarded({ isSameClock: false });
    time.wall += years;
    time.other += years;
    clock.nowMs();
    await until(false);
    expect(clock.nowMs()).toBe(time.wall);
    expect(world.doubts).toEqual([expect.stringContaining('jumped'), undefined]);
    clock.stop();
  });

  it('is not believed before it was compared once', async () => {
    const time = { isReachable: false };
    const clock = new GuardedClock({
      witness: {
        ask: () =>
          time.isReachable
            ? Promise.resolve({
                timeMs: Date.now(),
                isSameClock: true,
                confirmations: 0,
                confirmedUntilMs: 0,
              })
            : Promise.reject(new Error('not reachable')),
        keep: () => Promise.resolve(),
      },
      onDoubt: () => undefined,
      limits: { lookMs: 5 },
    });
    await clock.start();
    expect(clock.doubt()).toContain('not compared');
    time.isReachable = true;
    while (clock.doubt() !== undefined) await sleep(5);
    clock.stop();
  });

  it('is not believed when it jumps while the database is being asked', async () => {
    const time = { jump: 0, answer: (): void => undefined };
    const clock = new GuardedClock({
      witness: {
        ask: () =>
          new Promise((resolve) => {
            const timeMs = Date.now();
            time.answer = () =>
              resolve({ timeMs, isSameClock: false, confirmations: 0, confirmedUntilMs: 0 });
          }),
        keep: () => Promise.resolve(),
      },
      onDoubt: () => undefined,
      wallMs: () => Date.now() + time.jump,
      limits: { lookMs: 3_600_000 },
    });
    const started = clock.start();
    time.jump = years;
    time.answer();
    await started;
    expect(clock.doubt()).toBeDefined();
    clock.stop();
  });

  it('refuses until the database can be asked', async () => {
    const { clock, time, until, settle } = await guarded({ isSameClock: false });
    time.isReachable = false;
    time.wall += hour;
    time.other += hour;
    await settle();
    expect(clock.doubt()).toContain('looked into');
    time.isReachable = true;
    await until(false);
    clock.stop();
  });

  it('notices a clock that was wrong from the start, or goes wrong slowly', async () => {
    const { clock, time, until } = await guarded({ isSameClock: false });
    time.other -= 6_000;
    await until(true);
    expect(clock.doubt()).toContain("ahead of the database's");
    time.other += 12_000;
    await settleUntil(() => clock.doubt()?.includes('behind') === true);
    clock.stop();
  });

  describe('where the database runs on the same one', () => {
    it('believes a jump of up to an hour', async () => {
      const { clock, time, until } = await guarded({ isSameClock: true });
      time.wall += hour - 1_000;
      clock.nowMs();
      await until(false);
      expect(clock.nowMs()).toBe(time.wall);
      clock.stop();
    });

    it('believes a longer one when the machine was suspended for as long', async () => {
      const { clock, time, until } = await guarded({ isSameClock: true });
      time.wall += 10 * hour;
      time.uptime += 10 * hour;
      clock.nowMs();
      await until(false);
      clock.stop();
    });

    it('waits for an operator otherwise, for a new word of his', async () => {
      const { clock, time, world, until, settle } = await guarded({ isSameClock: true });
      const before = clock.nowMs();
      time.wall += years;
      await settle();
      expect(clock.doubt()).toContain('ledgerctl clock confirm');
      expect(clock.nowMs() - before).toBeLessThan(hour);
      world.confirmations += 1;
      await until(false);
      expect(clock.nowMs()).toBe(time.wall);
      clock.stop();
    });
  });

  it('keeps until when events may be ahead, once an operator has confirmed that', async () => {
    const { clock, time, world, settle } = await guarded({ isSameClock: true });
    const recorded = time.wall + 5 * hour;
    expect(clock.isConfirmed(recorded)).toBe(false);
    await settle();
    expect(clock.isConfirmed(recorded)).toBe(false);
    world.confirmations += 1;
    await settle();
    expect(clock.isConfirmed(recorded)).toBe(true);
    expect(world.confirmedUntilMs).toBe(recorded);
    expect(clock.isConfirmed(recorded + 1)).toBe(false);
    clock.stop();
  });
});

async function settleUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}
