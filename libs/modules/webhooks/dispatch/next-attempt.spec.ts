import fc from 'fast-check';
import type { Outcome } from '@fintech-ledger/outbound';
import { afterAttempt, attemptDelaysMs } from './next-attempt';
import { retryAfterMs } from './retry-after';

const answered = (status: number, retryAfter?: string): Outcome => ({
  kind: 'answered',
  status,
  retryAfter,
  response: null,
  ms: 1,
});
const timeout: Outcome = { kind: 'failed', reason: 'timeout', detail: '', status: undefined, ms: 20_000 };
const start = Date.UTC(2026, 0, 1);

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.oneof(
  fc.integer({ min: 300, max: 599 }).map((status) => answered(status)),
  fc.constant(timeout),
  fc.constant<Outcome>({ kind: 'refused', refusal: { code: 'forbidden_url', detail: '' }, ms: 1 }),
  fc
    .tuple(fc.constantFrom(429, 503), fc.nat({ max: 1_000_000 }))
    .map(([status, s]) => answered(status, `${s}`)),
  fc.tuple(fc.constantFrom(429, 503), fc.string()).map(([status, text]) => answered(status, text)),
);

describe('the attempts at a message', () => {
  it('are ten, with delays that each count from the end of the one before', () => {
    const ends: unknown[] = [];
    let at = start;
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      const next = afterAttempt({ attempt, outcome: timeout, endedAt: at, random: 0.5 });
      ends.push(next.kind === 'retried' ? next.at - at : next.kind);
      if (next.kind === 'retried') at = next.at + 20_000;
    }
    expect(ends).toEqual([...attemptDelaysMs.slice(1), 'failed']);
  });

  it('never come before the delay of the schedule less a fifth, nor after twice the delay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), failures, random, (attempt, outcome, share) => {
        const next = afterAttempt({ attempt, outcome, endedAt: start, random: share });
        const delay = attemptDelaysMs[attempt] ?? 0;
        if (next.kind !== 'retried') throw new Error(next.kind);
        expect(next.at - start).toBeGreaterThanOrEqual(0.8 * delay);
        expect(next.at - start).toBeLessThanOrEqual(2 * delay);
      }),
    );
  });

  it('are a fifth off at most where the receiver does not say when', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), random, (attempt, share) => {
        const next = afterAttempt({
          attempt,
          outcome: answered(500, '999999'),
          endedAt: start,
          random: share,
        });
        const delay = attemptDelaysMs[attempt] ?? 0;
        expect(next).toMatchObject({ kind: 'retried' });
        if (next.kind === 'retried')
          expect(Math.abs(next.at - start - delay)).toBeLessThanOrEqual(0.2 * delay + 1);
      }),
    );
  });

  it('wait as long as the receiver says, where that is between the delay and twice the delay', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 361, max: 600 }),
        random,
        fc.constantFrom(429, 503),
        (s, share, status) => {
          const ended = { attempt: 2, endedAt: start, random: share };
          const inSeconds = afterAttempt({ ...ended, outcome: answered(status, `${s}`) });
          const date = new Date(start + s * 1_000).toUTCString();
          expect(inSeconds).toEqual({ kind: 'retried', at: start + s * 1_000, disablesEndpoint: false });
          expect(afterAttempt({ ...ended, outcome: answered(status, date) })).toEqual(inSeconds);
        },
      ),
    );
  });

  it('have no eleventh, whatever the answers', () => {
    fc.assert(
      fc.property(failures, random, fc.integer({ min: 10, max: 1_000 }), (outcome, share, attempt) => {
        expect(afterAttempt({ attempt, outcome, endedAt: start, random: share }).kind).toBe('failed');
      }),
    );
  });

  it.each([200, 201, 204, 299])('end with %d', (status) => {
    expect(afterAttempt({ attempt: 10, outcome: answered(status), endedAt: start, random: 0 })).toEqual({
      kind: 'succeeded',
    });
  });

  it.each([199, 300, 301, 400, 404, 500])('do not end with %d', (status) => {
    expect(afterAttempt({ attempt: 1, outcome: answered(status), endedAt: start, random: 0 })).toEqual({
      kind: 'retried',
      at: start + 4_000,
      disablesEndpoint: false,
    });
  });

  it('disable the endpoint where it answers 410; the message waits for it to be enabled', () => {
    const gone = { outcome: answered(410), endedAt: start, random: 0 };
    expect(afterAttempt({ ...gone, attempt: 1 })).toMatchObject({ kind: 'retried', disablesEndpoint: true });
    expect(afterAttempt({ ...gone, attempt: 10 })).toEqual({ kind: 'failed', disablesEndpoint: true });
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ])('%s is %d ms', (value, ms) => {
    expect(retryAfterMs(value, start)).toBe(ms);
  });

  it.each(['', '-1', '1.5', '1e3', 'soon', '2026-01-01', 'Thu, 99 Jan 2026 00:01:00 GMT', '9'.repeat(11)])(
    '%j says nothing',
    (value) => {
      expect(retryAfterMs(value, start)).toBeUndefined();
    },
  );
});
