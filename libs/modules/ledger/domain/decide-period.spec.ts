import { at, given } from '../../../testing/decider-specification';
import { hold, open, post, transfer } from '../../../testing/ledger/command-builders';
import type { TransactionRequest } from './commands';
import type { ClosePeriod } from './period';

const endOfJanuary = '2026-01-31T23:59:59.999Z';
const february = '2026-02-01T00:00:00.000Z';
const now = '2026-02-03T09:00:00.000Z';
const close = (through: string = endOfJanuary): ClosePeriod => ({
  type: 'ClosePeriod',
  through,
  reason: 'January is reconciled',
});
const accounts = [open('cash', 'asset'), open('acme', 'liability')];
const closed = [...accounts, post(transfer('cash', 'acme', '100')), at(now), close()];
const id = 'txn_2';
const booking = (terms: Partial<TransactionRequest>) => post(transfer('cash', 'acme', '1'), terms);

describe('closing a period', () => {
  it('is an event, which says how far the books were closed before', () => {
    given(...accounts, at(now))
      .when(close('2026-02-01T00:59:59.999+01:00'))
      .then({
        type: 'PeriodClosed',
        data: {
          closedAt: now,
          id: 'pcl_2',
          previousThrough: null,
          reason: 'January is reconciled',
          through: endOfJanuary,
        },
      });
    given(...closed)
      .when(close(february))
      .then({ type: 'PeriodClosed', data: { previousThrough: endOfJanuary, through: february } });
  });

  it.each([
    ['invalid_time', 'yesterday'],
    ['period_in_future', '2026-02-03T09:00:00.001Z'],
    // What is booked now, and says no time, must be after every close.
    ['period_in_future', now],
    ['period_already_closed', endOfJanuary],
    ['period_already_closed', '2026-01-15T00:00:00Z'],
  ] as const)('is refused with %s: through %s', (code, through) => {
    given(...closed)
      .when(close(through))
      .thenRefused(code);
  });
});

describe('what is booked after a close', () => {
  it.each([endOfJanuary, '2026-01-01T00:00:00Z', '1999-01-01T00:00:00Z'])(
    'is refused at %s',
    (effectiveAt) => {
      given(...closed)
        .when(booking({ effectiveAt }))
        .thenRefused('period_closed');
      given(...closed)
        .when(booking({ effectiveAt, pending: true }))
        .thenRefused('period_closed');
      given(...closed)
        .when({ type: 'ReverseTransaction', transactionId: id, effectiveAt })
        .thenRefused('period_closed');
    },
  );

  it.each([february, null, '2027-01-01T00:00:00Z'])('is booked at %s', (effectiveAt) => {
    given(...closed)
      .when(booking({ effectiveAt }))
      .then({
        type: 'TransactionPosted',
        data: {
          transaction: { effectiveAt: effectiveAt === null ? now : new Date(effectiveAt).toISOString() },
        },
      });
    given(...closed)
      .when({ type: 'ReverseTransaction', transactionId: id, effectiveAt })
      .then({ type: 'TransactionReversed' });
  });

  it('is refused item by item in a bulk', () => {
    const { entries } = booking({});
    const transactions = [{ entries }, { entries, effectiveAt: endOfJanuary }];
    given(...closed)
      .when({ type: 'PostTransactions', atomic: true, transactions })
      .thenRefused('period_closed');
  });

  it('counts when it is booked, where it corrects something of the closed period, and names that', () => {
    given(...closed)
      .when(booking({ effectiveAt: '2026-01-15T00:00:00Z', correctionOf: id }))
      .then({ type: 'TransactionPosted', data: { transaction: { correctionOf: id, effectiveAt: now } } });
  });

  it('keeps the time of a correction that counts in an open period', () => {
    given(...closed)
      .when(booking({ effectiveAt: february, correctionOf: id }))
      .then({
        type: 'TransactionPosted',
        data: { transaction: { correctionOf: id, effectiveAt: february } },
      });
  });

  it.each([endOfJanuary, null])('corrects only what is there (%s)', (effectiveAt) => {
    given(...closed)
      .when(booking({ effectiveAt, correctionOf: 'txn_99' }))
      .thenRefused('unknown_transaction');
  });
});

describe('a hold of before a close', () => {
  const due = '2026-01-20T00:00:00.000Z';
  const held = (expiresAt: string | null) => [
    ...accounts,
    hold(transfer('cash', 'acme', '100'), { effectiveAt: '2026-01-05T00:00:00Z', expiresAt }),
    at(now),
    close(),
  ];

  it('is captured and voided as ever', () => {
    given(...held(null))
      .when({ type: 'CaptureHold', transactionId: id })
      .then({ type: 'HoldCaptured' });
    given(...held(null))
      .when({ type: 'VoidHold', transactionId: id })
      .then({ type: 'HoldVoided' });
  });

  it('expires as ever', () => {
    given(...held(due))
      .when({ type: 'ExpireHolds', transactionIds: [id] })
      .then({ type: 'HoldExpired' });
  });
});

it('an event that closes what was closed already breaks an invariant', () => {
  const again = {
    type: 'PeriodClosed',
    data: { closedAt: now, id: 'pcl_9', previousThrough: null, reason: 'x', through: february },
  } as const;
  expect(() => given(...closed, again)).toThrow('the books are closed through 2026-01-31T23:59:59.999Z');
});
