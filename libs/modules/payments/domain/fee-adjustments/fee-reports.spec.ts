import { reportedFee as fee, ReportBooks } from '../../../../testing/payments/report-books';
import { splitParty } from '../../../../testing/payments/split-books';
import type { PaymentEvent } from '../events';
import { feeReportKey } from './fee-records';

const key = feeReportKey('simulator', 'USD');
const differs = 'payments:expenses:fee_adjustments:USD';

describe('the report of a rail', () => {
  it('is read at the end of the day on which it settles, and what differs is booked', () => {
    const books = new ReportBooks();
    const [more, less] = [books.pay({}), books.pay({ connectedAccount: 'acct_1' })];
    books.at('2026-01-07T23:59:59.999Z');
    expect([books.asked, books.journal.dueAt(key)]).toEqual([[], '2026-01-08T00:00:00.000Z']);
    books.at('2026-01-08T00:00:00.000Z');
    const days = { from: '2026-01-07T00:00:00.000Z', to: '2026-01-08T00:00:00.000Z' };
    expect(books.asked).toMatchObject([{ currency: 'USD', cursor: null, rail: 'simulator', ...days }]);
    expect(books.says([fee(more, '350'), fee(less, '300')])).toMatchObject([
      { type: 'FeeAdjusted', data: { feeAdjustment: { object: more, amount: '30' } } },
      { type: 'FeeAdjusted', data: { feeAdjustment: { object: less, amount: '-20' } } },
      { type: 'FeeReportRead', data: { feeReport: { adjusted: 2, lines: 2, call: { state: 'ended' } } } },
    ]);
    expect([books.journal.balance(differs), books.of('acct_1')]).toEqual([30n, [0n, 9_700n]]);
    // Nothing has settled since: nothing is due, for however long.
    expect(books.journal.dueAt(key)).toBeUndefined();
    books.at('2027-01-01T00:00:00.000Z');
    expect(books.asked).toHaveLength(1);
  });

  it.each([
    ['of the platform, that come to nothing', {}, '9680'],
    ['of a connected account', { connectedAccount: 'acct_1' }, '0'],
    ['of a connected account, that come to nothing', { connectedAccount: 'acct_1' }, '9680'],
  ])('is read of the day of payments %s', (_of, more, refunded) => {
    const books = new ReportBooks();
    const payment = books.pay(more);
    if (refunded !== '0') books.answer(books.refund(payment, refunded), true);
    if (refunded !== '0') {
      books.at('2026-01-06T00:00:00.000Z');
      books.says([]);
    }
    books.at('2026-01-08T00:00:00.000Z');
    expect(books.asked.at(-1)?.to).toBe('2026-01-08T00:00:00.000Z');
    expect(books.says([fee(payment, '321')])).toMatchObject([{ type: 'FeeAdjusted' }, {}]);
  });

  it.each([
    ['the platform', {}],
    ['a connected account', { connectedAccount: 'acct_1' }],
    ['both', { transferData: { amount: null, destination: 'acct_1' } }],
    ['the parties of a split', { splits: [splitParty('one', 'acct_1', { remainder: true })] }],
  ])('is read of the day of what is available at once, of %s', (_of, more) => {
    const books = new ReportBooks();
    const payment = books.pay(more, true);
    books.at('2026-01-06T00:00:00.000Z');
    const days = { from: '2026-01-05T00:00:00.000Z', to: '2026-01-06T00:00:00.000Z' };
    expect(books.asked).toMatchObject([days]);
    expect(books.says([fee(payment, '350')])).toMatchObject([{ type: 'FeeAdjusted' }, {}]);
    books.at('2026-01-12T12:00:00.000Z');
    expect([books.asked.length, books.journal.dueAt(key)]).toEqual([1, undefined]);
  });

  it('is not read of days on which a rail is asked in time, and nothing is disputed', () => {
    const books = new ReportBooks();
    const payment = books.create({});
    const call = books.journal.payment(payment).call?.key ?? '';
    const ofCapture = { railReference: 'ch_1', fee: '320', availableOn: '2026-03-01T00:00:00.000Z' };
    const outcome = { kind: 'captured', ...ofCapture, noticeAt: '2026-01-08T12:00:00.000Z' } as const;
    books.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
    books.at('2026-01-08T12:00:00.000Z');
    const news = { kind: 'not_disputed' } as const;
    books.submit({ type: 'RecordDispute', call: `${payment}:dispute`, news, payment });
    books.at('2026-02-01T00:00:00.000Z');
    expect(books.asked).toEqual([]);
  });

  it('is read of the day of a refund too, and the day before it is read again', () => {
    const books = new ReportBooks();
    const payment = books.pay({});
    books.at('2026-01-08T00:00:00.000Z');
    books.says([]);
    books.at('2026-01-20T10:00:00.000Z');
    const refund = books.refund(payment, '1000');
    books.answer(refund, true);
    books.at('2026-01-21T00:00:00.000Z');
    const days = { from: '2026-01-07T00:00:00.000Z', to: '2026-01-21T00:00:00.000Z' };
    expect(books.asked.at(-1)).toMatchObject(days);
    const said = books.says([
      fee(payment, '330'),
      fee(refund, '7', { kind: 'refund', railReference: 're_1' }),
    ]);
    expect(said).toMatchObject([
      { data: { feeAdjustment: { kind: 'payment', amount: '10' } } },
      { data: { feeAdjustment: { kind: 'refund', amount: '7' } } },
      { type: 'FeeReportRead' },
    ]);
  });

  it('is read a page at a time, each of them once, whoever says it again', () => {
    const books = new ReportBooks();
    const payments = [books.pay({}), books.pay({}), books.pay({})];
    const [first = '', second = '', third = ''] = payments;
    books.at('2026-01-08T00:00:00.000Z');
    const page = { cursor: 'p2', call: books.reports.at(-1)?.call.key ?? '' };
    books.says([fee(first, '350')], page);
    expect(books.asked.at(-1)).toMatchObject({ cursor: 'p2', from: '2026-01-07T00:00:00.000Z' });
    // The first page comes late, a second time: the one that is asked for now is another one.
    expect(books.says([fee(first, '999')], page)).toEqual([]);
    books.says([fee(second, '350'), fee(first, '350')], { cursor: 'p3' });
    expect(books.says([fee(third, '350')])).toMatchObject([
      { type: 'FeeAdjusted' },
      { data: { feeReport: { adjusted: 3, lines: 4, page: 3, call: { state: 'ended' } } } },
    ]);
    expect(books.says([fee(third, '999')])).toEqual([]);
    expect([books.journal.balance(differs), books.asked.length]).toEqual([90n, 3]);
  });

  it('is asked for again where nothing comes: later and later, and by the process that comes next', () => {
    const books = new ReportBooks();
    books.pay({});
    books.at('2026-01-08T00:00:00.000Z');
    const resume = (): readonly PaymentEvent[] =>
      books.submit({ type: 'ActOnPayments', isResumed: true, keys: [key] });
    expect(books.journal.dueAt(key)).toBe('2026-01-08T00:00:10.000Z');
    books.at('2026-01-08T00:00:10.000Z');
    expect(books.asked).toHaveLength(2);
    expect(books.journal.dueAt(key)).toBe('2026-01-08T00:00:30.000Z');
    expect(resume()).toMatchObject([{ type: 'FeeReportAsked', data: { feeReport: { page: 1 } } }]);
    books.says([], { cursor: 'p2' });
    // The first attempt at a page of which nobody has heard.
    expect(resume()).toMatchObject([
      { data: { feeReport: { cursor: 'p2', page: 2, call: { attempt: 2 } } } },
    ]);
    books.says([]);
    expect(resume()).toEqual([]);
  });

  it('has what settles while it is read in the next one', () => {
    const books = new ReportBooks();
    books.pay({});
    books.at('2026-01-06T00:00:00.000Z');
    books.pay({});
    books.at('2026-01-08T00:00:00.000Z');
    books.says([], { cursor: 'p2' });
    // The second payment settles at the moment at which the report is asked for.
    books.says([]);
    books.at('2026-01-09T00:00:00.000Z');
    const days = { from: '2026-01-07T00:00:00.000Z', to: '2026-01-09T00:00:00.000Z' };
    expect(books.asked.at(-1)).toMatchObject({ cursor: null, ...days });
  });

  it('of months in which nobody acted is read in one go', () => {
    const books = new ReportBooks();
    books.pay({});
    books.journal.advance(Date.parse('2026-05-01T10:00:00.000Z'));
    books.at('2026-05-01T10:00:00.000Z');
    const days = { from: '2026-01-07T00:00:00.000Z', to: '2026-05-01T00:00:00.000Z' };
    expect(books.asked).toMatchObject([days]);
  });

  it('is the same when the journal is read again', () => {
    const books = new ReportBooks();
    const payment = books.pay({});
    books.at('2026-01-08T00:00:00.000Z');
    books.says([fee(payment, '350')], { cursor: 'p2' });
    const again = new ReportBooks([]);
    for (const event of books.journal.events) again.journal.apply(event);
    expect(again.journal.records.get(key)).toEqual(books.journal.records.get(key));
  });
});
