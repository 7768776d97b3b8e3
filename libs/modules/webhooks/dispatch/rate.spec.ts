import fc from 'fast-check';
import { afterAttempts, attemptsLeft } from './rate';

describe('the rate of an endpoint', () => {
  it('is never exceeded by more than one second gives, and is reached by who always has something', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 2_000 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 50, maxLength: 200 }),
        (perSecond, pauses) => {
          let now = 1_800_000_000_000;
          const begun = now;
          let emptyAt: number | null = null;
          let taken = 0;
          for (const pause of pauses) {
            const { live } = attemptsLeft({ perSecond, emptyAt }, now);
            emptyAt = live === 0 ? emptyAt : afterAttempts({ perSecond, emptyAt }, now, live);
            taken += live;
            const given = (perSecond * (now - begun)) / 1_000;
            expect(taken).toBeLessThanOrEqual(perSecond + given + 1);
            expect(taken).toBeGreaterThanOrEqual(perSecond + given - 1);
            now += pause;
          }
        },
      ),
    );
  });

  it('leaves half of it to what happens when a replay takes all that it may', () => {
    const now = 1_800_000_000_000;
    const full = { perSecond: 100, emptyAt: null };
    expect(attemptsLeft(full, now)).toEqual({ live: 100, replayed: 50 });
    const emptyAt = afterAttempts(full, now, 50);
    expect(attemptsLeft({ ...full, emptyAt }, now)).toEqual({ live: 50, replayed: 0 });
    expect(attemptsLeft({ ...full, emptyAt }, now + 100)).toEqual({ live: 60, replayed: 10 });
  });

  it('is one attempt a second where it is 1, also for a replay', () => {
    const now = 1_800_000_000_000;
    const one = { perSecond: 1, emptyAt: null };
    expect(attemptsLeft(one, now)).toEqual({ live: 1, replayed: 1 });
    const emptyAt = afterAttempts(one, now, 1);
    expect(attemptsLeft({ ...one, emptyAt }, now + 999)).toEqual({ live: 0, replayed: 0 });
    expect(attemptsLeft({ ...one, emptyAt }, now + 1_000)).toEqual({ live: 1, replayed: 1 });
  });
});
