import { ChargeBooks } from '../../../../testing/payments/charge-books';
import { SplitBooks, splitParty } from '../../../../testing/payments/split-books';
import { nettingOf } from '../records';
import type { AdjustFees, ReportedFee } from './fee-adjustment-commands';

const [from, to] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];
const asked = (...fees: readonly ReportedFee[]): AdjustFees => ({
  ...{ type: 'AdjustFees', fees, from, hasMore: false, livemode: false, rail: 'simulator', to },
});
const feeOf = (object: string, fee: string, more: Partial<ReportedFee> = {}): ReportedFee => ({
  ...{ fee, kind: 'payment', object, railReference: 'ch_1' },
  ...more,
});
const reported = (object: string, fee: string, more: Partial<ReportedFee> = {}): AdjustFees =>
  asked(feeOf(object, fee, more));
const clearing = 'payments:rails:simulator:clearing:USD';
const differs = 'payments:expenses:fee_adjustments:USD';

describe('a fee that a rail reports otherwise than expected', () => {
  it('is borne by the platform of its own payment, as an expense apart, and kept back by the rail', () => {
    const books = new ChargeBooks();
    const payment = books.pay({});
    books.settle();
    expect(books.submit(reported(payment, '350'))).toMatchObject([
      {
        type: 'FeeAdjusted',
        data: { feeAdjustment: { amount: '30', connectedAccount: null, expected: '320', reported: '350' } },
      },
      { type: 'FeesCompared', data: { feeComparison: { from, hasMore: false, rail: 'simulator', to } } },
    ]);
    expect(books.of('platform')).toEqual([0n, 9_650n]);
    expect(books.linesOf('platform').at(-1)).toEqual(['adjustment', -30n]);
    const { journal } = books;
    expect([journal.balance(differs), journal.balance('payments:expenses:processing:USD')]).toEqual([
      30n,
      320n,
    ]);
    // The rail has paid out 30 less than was expected, and the next settlement says so.
    expect([journal.balance(clearing), nettingOf(journal.records, 'simulator', 'USD')]).toEqual([-30n, 30n]);
    books.pay({});
    books.settle();
    expect([journal.balance(clearing), journal.balance('payments:bank:USD')]).toEqual([0n, 9_650n + 9_680n]);
  });

  it('is booked once, however often the report is read, and again when it says something else', () => {
    const books = new ChargeBooks();
    const payment = books.pay({});
    for (const [fee, amount] of [
      ['350', '30'],
      ['350', undefined],
      ['300', '-50'],
      ['300', undefined],
      ['320', '20'],
      ['-5', '-325'],
    ] as const) {
      const said = books.submit(reported(payment, fee));
      expect(said).toMatchObject(
        amount === undefined ? [] : [{ data: { feeAdjustment: { amount } } }, { type: 'FeesCompared' }],
      );
    }
    expect(books.journal.balance(differs)).toBe(-325n);
    expect(books.of('platform')).toEqual([9_680n, 325n]);
  });

  it('is borne by the account of a direct payment, also where that has nothing, and is no expense then', () => {
    const books = new ChargeBooks();
    const payment = books.pay({ connectedAccount: 'acct_1' });
    books.submit(reported(payment, '10400'));
    expect(books.of('acct_1')).toEqual([9_680n, -10_080n]);
    expect(books.linesOf('acct_1').at(-1)).toEqual(['adjustment', -10_080n]);
    expect(books.linesOf('platform')).toEqual([]);
    expect(books.journal.balance(differs)).toBe(0n);
  });

  it.each(['destination', 'split'] as const)('is borne by the platform of a %s payment', (how) => {
    const books = new SplitBooks();
    const whole = { transferData: { destination: 'acct_1', amount: null } };
    const parties = [splitParty('a', 'acct_1', { shareBps: 10_000 })];
    const payment = books.pay(how === 'split' ? { splits: parties } : whole);
    const before = books.of('acct_1');
    books.submit(reported(payment, '330'));
    expect([books.of('acct_1'), books.linesOf('platform').at(-1)]).toEqual([before, ['adjustment', -10n]]);
  });

  it('is one of a refund, too, for which none was expected', () => {
    const books = new ChargeBooks();
    const refund = books.refund(books.pay({}), '1000');
    const fee = reported(refund, '7', { kind: 'refund', railReference: 're_1' });
    // What the rail has not made has no fee.
    expect(books.submit(fee)).toEqual([]);
    books.answer(refund, true);
    expect(books.submit(fee)).toMatchObject([
      { data: { feeAdjustment: { amount: '7', expected: '0' } } },
      { type: 'FeesCompared' },
    ]);
    expect(books.submit(fee)).toEqual([]);
  });

  it('is booked with all others that are asked for at once, and each of them counts for the next', () => {
    const books = new ChargeBooks();
    const [one, other] = [books.pay({}), books.pay({})];
    const said = books.submit(asked(feeOf(one, '350'), feeOf(other, '300'), feeOf(one, '350')));
    expect(said).toMatchObject([
      { data: { feeAdjustment: { object: one, amount: '30' } } },
      { data: { feeAdjustment: { object: other, amount: '-20' } } },
      { type: 'FeesCompared' },
    ]);
    expect(books.journal.balance(differs)).toBe(10n);
  });

  it('is of nothing that the books do not have', () => {
    const books = new ChargeBooks();
    const payment = books.pay({});
    const waiting = books.create({});
    for (const command of [
      reported('pay_none', '350'),
      reported(waiting, '350'),
      reported(payment, '350', { railReference: 'ch_2' }),
      { ...reported(payment, '350'), rail: 'bank_transfer' },
      reported(payment, '350', { kind: 'refund' }),
      reported(payment, '350', { kind: 'dispute_fee' }),
    ])
      expect(books.submit(command)).toEqual([]);
  });
});
