import type { RefusedAttempt } from '@fintech-ledger/audit/domain';
import { WaitingLines } from './waiting-lines';

type Refusal = Omit<RefusedAttempt, 'count'>;

const refusal = (n: number, more: Partial<Refusal> = {}): Refusal => ({
  action: 'postTransaction',
  actor: 'key_1',
  at: '2026-01-05T09:00:00.000Z',
  code: 'unbalanced',
  requestId: `req_${n}`,
  targetId: 'led_1',
  targetType: 'ledger',
  ...more,
});
const linesOf = (ofSecondMax: number) =>
  new WaitingLines<Refusal>({ ofSecondMax, waitingMax: 10_000, kindOf: ({ code }) => code });
const counts = (lines: WaitingLines<Refusal>, nowMs?: number) =>
  lines.take(nowMs).flatMap(({ lines: all }) => all.map(({ count }) => count));

describe('lines that wait', () => {
  it('takes ten a second of one key and one code, and counts what comes beyond them in one line', () => {
    const lines = linesOf(10);
    for (let n = 0; n < 25; n += 1) lines.note('org_1', refusal(n), 1_000 + n);
    lines.note('org_1', refusal(25, { code: 'account_not_found' }), 1_900);
    lines.note('org_1', refusal(26, { actor: 'key_2' }), 1_900);
    expect(counts(lines, 1_950)).toEqual(Array.from({ length: 12 }, () => 1));
    expect(counts(lines, 2_000)).toEqual([15]);
    expect(counts(lines)).toEqual([]);
  });

  it('takes all of those that have no bound in a second', () => {
    const lines = linesOf(Infinity);
    for (let n = 0; n < 25; n += 1) lines.note('org_1', refusal(n), 1_000 + n);
    expect(counts(lines, 1_950)).toEqual(Array.from({ length: 25 }, () => 1));
  });

  it('names the first of those that it counts, and begins again with the next second', () => {
    const lines = linesOf(10);
    for (let n = 0; n < 12; n += 1) lines.note('org_1', refusal(n), 1_000);
    for (let n = 12; n < 15; n += 1) lines.note('org_1', refusal(n), 2_000);
    const [{ lines: all = [] } = {}] = lines.take();
    expect(all.map(({ requestId, count }) => [requestId, count])).toEqual([
      ...Array.from({ length: 10 }, (_, n) => [`req_${n}`, 1]),
      ['req_10', 2],
      ...[12, 13, 14].map((n) => [`req_${n}`, 1]),
    ]);
  });

  it('loses none when many keys are refused much while nothing can be written', () => {
    const lines = linesOf(10);
    const [keys, each] = [500, 40];
    for (let n = 0; n < keys * each; n += 1)
      lines.note(`org_${n % 7}`, refusal(n, { actor: `key_${n % keys}` }), 1_000 + n);
    const taken = lines.take().flatMap(({ lines: all }) => all);
    expect(taken.reduce((sum, { count }) => sum + count, 0)).toBe(keys * each);
    expect(taken.length).toBeLessThanOrEqual(10_000 + keys);
  });
});
