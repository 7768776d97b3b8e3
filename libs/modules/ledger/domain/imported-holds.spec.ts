import { at, given } from '../../../testing/decider-specification';
import type { Step } from '../../../testing/decider-specification';
import { credit, debit, hold, open, transfer } from '../../../testing/ledger/command-builders';
import type { CaptureHold, ExpireHolds, LedgerCommand, VoidHold } from './commands';
import { linesToldMax } from './limits';
import type { TransactionSnapshot } from './transaction';

const day = (date: number): string => `2026-01-${String(date).padStart(2, '0')}T00:00:00.000Z`;
const accounts = [open('cash', 'asset'), open('acme', 'liability')];
const id = 'txn_2';
/** Of a file that is imported on the 10th: it had expired on the 5th. */
const terms = { effectiveAt: day(1), expiresAt: day(5), isImport: true };
const imported = (isFollowed: boolean, entries = transfer('acme', 'cash', '80')): Step[] => [
  ...accounts,
  at(day(10)),
  hold(entries, { ...terms, isFollowed }),
];
const expire: ExpireHolds = { type: 'ExpireHolds', transactionIds: [id] };
const capture = (more: Partial<CaptureHold> = {}): CaptureHold => ({
  ...{ type: 'CaptureHold', transactionId: id, isImport: true },
  ...more,
});
const part = { entries: transfer('acme', 'cash', '10'), final: false };
const release = (more: Partial<VoidHold>): VoidHold => ({
  ...{ type: 'VoidHold', transactionId: id, isImport: true },
  ...more,
});
const holdAfter = (...history: Step[]): TransactionSnapshot => {
  const record = given(...history).ledger.get(`t:${id}`);
  if (record?.kind !== 'transaction') throw new Error('there is no hold');
  return record.snapshot;
};

describe('a hold of an imported file', () => {
  it('keeps the time at which it expires, and ends at once where that is over', () => {
    expect(holdAfter(...imported(false))).toMatchObject({ status: 'pending', expiresAt: day(5) });
    given(...imported(false))
      .when(expire)
      .then({ type: 'HoldExpired', data: { transaction: { status: 'expired', expiresAt: day(5) } } });
  });

  it('stays open for a week where the file says what became of it, and is released then', () => {
    expect(holdAfter(...imported(true))).toMatchObject({ expiresAt: day(5), openUntil: day(17) });
    given(...imported(true), at('2026-01-16T23:59:59.999Z'))
      .when(expire)
      .then();
    given(...imported(true), at(day(17)))
      .when(expire)
      .then({ type: 'HoldExpired', data: { transaction: { status: 'expired' } } });
    expect(holdAfter(...imported(true), at(day(17)), expire)).not.toHaveProperty('openUntil');
  });

  it('is as any other one where it expires later than that', () => {
    const later = hold(transfer('acme', 'cash', '80'), { ...terms, expiresAt: day(20), isFollowed: true });
    expect(holdAfter(...accounts, at(day(10)), later)).not.toHaveProperty('openUntil');
  });

  it.each([2, linesToldMax + 2])(
    'ends as it expires after the last capture of the file: %s lines',
    (lines) => {
      const entries = Array.from({ length: lines }, (_, i) =>
        i % 2 ? credit('cash', '10') : debit('acme', '10'),
      );
      const before = imported(true, entries);
      const one = { entries: transfer('acme', 'cash', '1'), final: false };
      expect(holdAfter(...before, capture({ ...one, isFollowed: true }))).toMatchObject({
        openUntil: day(17),
      });
      // A client's own capture takes nothing from what the file has to say yet.
      expect(holdAfter(...before, { type: 'CaptureHold', transactionId: id, ...one })).toMatchObject({
        openUntil: day(17),
      });
      const after = [...before, capture({ ...one, isFollowed: true }), capture(one)];
      expect(holdAfter(...after)).not.toHaveProperty('openUntil');
      given(...after)
        .when(expire)
        .then({ type: 'HoldExpired', data: { transaction: { status: 'posted' } } });
    },
  );

  it('has what became of it count when the file says, and never before it', () => {
    const voided = release({ effectiveAt: day(3) });
    given(...imported(true))
      .when(voided)
      .then({ type: 'HoldVoided', data: { effectiveAt: day(3), transaction: { status: 'voided' } } });
    given(...imported(true))
      .when(capture({ ...part, effectiveAt: '2025-12-01T00:00:00.000Z' }))
      .then({ type: 'HoldCaptured', data: { effectiveAt: day(1) } });
  });

  it('has nothing count in a period whose books are closed', () => {
    const closed = { type: 'ClosePeriod', through: day(4), reason: 'done' } as const;
    const { ledger } = given(...imported(true), closed, capture({ ...part, effectiveAt: day(4) }));
    expect(ledger.events.at(-1)?.data).not.toHaveProperty('effectiveAt');
    given(...imported(true), closed)
      .when(capture({ ...part, effectiveAt: '2026-01-04T00:00:00.001Z' }))
      .then({ type: 'HoldCaptured', data: { effectiveAt: '2026-01-04T00:00:00.001Z' } });
  });

  it('had expired, or was voided, as the file says, whatever the time is', () => {
    given(...imported(false))
      .when(release({ isExpiry: false }))
      .then({ type: 'HoldVoided' });
    const open = hold(transfer('acme', 'cash', '80'), { ...terms, expiresAt: day(20) });
    given(...accounts, at(day(10)), open)
      .when(release({ isExpiry: true }))
      .then({ type: 'HoldExpired', data: { transaction: { status: 'expired' } } });
    given(...imported(false), expire)
      .when(release({ isExpiry: true }))
      .thenRefused('hold_expired');
  });

  it('is open for the file until its release is recorded, which a client is told of before', () => {
    const over = [...imported(true), at(day(18))];
    given(...over)
      .when(capture())
      .then({ type: 'HoldCaptured', data: { transaction: { status: 'posted' } } });
    given(...over)
      .when({ type: 'CaptureHold', transactionId: id })
      .thenRefused('hold_expired');
  });

  it('is what it says for an import alone', () => {
    const of = (command: LedgerCommand): LedgerCommand => ({ ...command, isImport: false }) as LedgerCommand;
    given(...accounts, at(day(10)))
      .when(hold(transfer('acme', 'cash', '80'), { ...terms, isImport: false, isFollowed: true }))
      .thenRefused('expires_in_the_past');
    const open = hold(transfer('acme', 'cash', '80'), { expiresAt: day(20), isFollowed: true });
    expect(holdAfter(...accounts, at(day(10)), open)).not.toHaveProperty('openUntil');
    const acted = [
      capture({ ...part, effectiveAt: day(3) }),
      release({ isExpiry: true, effectiveAt: day(3) }),
    ];
    const { ledger } = given(...accounts, at(day(10)), open, ...acted.map(of));
    expect(ledger.events.slice(-2).map(({ type }) => type)).toEqual(['HoldCaptured', 'HoldVoided']);
    for (const { data } of ledger.events.slice(-2)) expect(data).not.toHaveProperty('effectiveAt');
  });
});
