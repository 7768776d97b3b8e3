import { ReportBooks } from '../../../../testing/payments/report-books';
import { feeReportKey, feeReportOf } from './fee-records';
import { feeReportDueAt } from './fee-reports';

const key = feeReportKey('simulator', 'USD');

/** What a rail did on days before, and is heard of today. */
describe('the report of a rail', () => {
  it('is read of the day on which a rail has paid out what is heard of days later', () => {
    const books = new ReportBooks();
    const payment = books.create({});
    const call = books.journal.payment(payment).call?.key ?? '';
    books.journal.now = '2026-01-09T10:00:00.000Z';
    const availableOn = '2026-01-07T00:00:00.000Z';
    const outcome = { kind: 'captured', railReference: 'ch_1', fee: '320', availableOn } as const;
    books.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
    books.at('2026-01-09T23:59:59.999Z');
    expect([books.asked, books.journal.dueAt(key)]).toEqual([[], '2026-01-10T00:00:00.000Z']);
    books.at('2026-01-10T00:00:00.000Z');
    expect(books.asked).toMatchObject([{ from: availableOn, to: '2026-01-10T00:00:00.000Z' }]);
  });

  it('is read of all days on which a rail may have made a refund that is heard of days later', () => {
    const books = new ReportBooks();
    const refund = books.refund(books.pay({}), '1000');
    books.journal.advance(Date.parse('2026-01-06T12:00:00.000Z'));
    expect(books.journal.refund(refund).call).toMatchObject({ isQuestion: true });
    books.answer(refund, true);
    books.at('2026-01-06T23:59:59.999Z');
    expect(books.asked).toEqual([]);
    books.at('2026-01-07T00:00:00.000Z');
    const days = { from: '2026-01-05T00:00:00.000Z', to: '2026-01-07T00:00:00.000Z' };
    expect(books.asked).toMatchObject([days]);
    books.says([]);
    expect(books.journal.dueAt(key)).toBeUndefined();
  });

  it('is read of all days on which a rail may have taken what is disputed', () => {
    const books = new ReportBooks();
    const payment = books.create({});
    const call = books.journal.payment(payment).call?.key ?? '';
    const ofCapture = { railReference: 'ch_1', fee: '320', availableOn: '2026-03-01T00:00:00.000Z' };
    const outcome = { kind: 'captured', ...ofCapture, noticeAt: '2026-01-08T23:59:59.000Z' } as const;
    books.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
    const asked = (from: string, to: string): void => {
      expect(books.asked.at(-1)).toMatchObject({ from, to });
      books.says([]);
    };
    // No process runs then; the first one that does asks, and asks again, as nothing comes.
    books.journal.advance(Date.parse('2026-01-10T23:59:55.000Z'));
    expect([books.asked, books.journal.dueAt(key)]).toEqual([[], '2026-01-11T00:00:00.000Z']);
    books.at('2026-01-11T00:01:00.000Z');
    asked('2026-01-08T00:00:00.000Z', '2026-01-11T00:00:00.000Z');
    // The question of the day before was repeated after midnight.
    expect(books.journal.dueAt(key)).toBe('2026-01-12T00:00:00.000Z');
    const reason = { reason: 'fraudulent', railReference: 'dp_1', evidenceDueBy: '2026-01-15T00:00:00.000Z' };
    const news = { kind: 'disputed', amount: '10000', fee: '1500', ...reason } as const;
    books.submit({ type: 'RecordDispute', call: `${payment}:dispute`, news, payment });
    books.at('2026-01-12T00:00:00.000Z');
    asked('2026-01-09T00:00:00.000Z', '2026-01-12T00:00:00.000Z');
  });

  it('is read once a day, however often on it what a rail did days before is heard of', () => {
    const books = new ReportBooks();
    const payment = books.pay({});
    const refunds = Array.from({ length: 6 }, () => books.refund(payment, '100'));
    books.at('2026-01-10T08:00:00.000Z');
    books.says([]);
    const before = books.asked.length;
    const heardAt = (time: string): number => {
      books.at(time);
      books.answer(refunds.pop() ?? '', true);
      books.at(time);
      books.says([]);
      return books.asked.length - before;
    };
    const hours = ['08', '12', '16', '20'].map((hour) => heardAt(`2026-01-10T${hour}:00:00.000Z`));
    expect(hours).toEqual([0, 0, 0, 0]);
    books.at('2026-01-11T00:00:00.000Z');
    // The day before the first one is read again.
    const from = '2026-01-04T00:00:00.000Z';
    expect(books.asked.slice(before)).toMatchObject([{ from, to: '2026-01-11T00:00:00.000Z' }]);
    // What is heard of while it is read, or after it, is of the next one.
    expect(['00', '12'].map((hour) => heardAt(`2026-01-11T${hour}:00:00.000Z`))).toEqual([1, 1]);
    books.at('2026-01-12T00:00:00.000Z');
    expect(books.asked.slice(before + 1)).toMatchObject([{ from, to: '2026-01-12T00:00:00.000Z' }]);
    books.says([]);
    expect(books.journal.dueAt(key)).toBeUndefined();
  });

  it('is not put off by what is heard of at the midnight at which it is due', () => {
    const books = new ReportBooks();
    const payment = books.pay({});
    const refunds = [books.refund(payment, '100'), books.refund(payment, '100')];
    books.at('2026-01-10T08:00:00.000Z');
    books.says([]);
    const before = books.asked.length;
    books.answer(refunds[0] ?? '', true);
    books.journal.now = '2026-01-11T00:00:00.000Z';
    books.answer(refunds[1] ?? '', true);
    books.at('2026-01-11T00:00:00.000Z');
    expect(books.asked.slice(before)).toMatchObject([{ to: '2026-01-11T00:00:00.000Z' }]);
    // The second refund may have been made on the day that begins.
    expect(books.journal.dueAt(key)).toBe('2026-01-11T00:00:10.000Z');
    books.says([]);
    expect(books.journal.dueAt(key)).toBe('2026-01-12T00:00:00.000Z');
  });

  it('is read when the day is over on which something is settled after all, as a refund fails', () => {
    const books = new ReportBooks();
    // Nothing is left to settle, and the report of that day is read.
    const refund = books.refund(books.pay({}), '9680');
    books.at('2026-01-08T00:00:00.000Z');
    books.says([]);
    books.at('2026-01-10T08:00:00.000Z');
    const before = books.asked.length;
    books.answer(refund, false);
    books.at('2026-01-10T23:59:59.999Z');
    expect(books.journal.events.at(-1)?.type).toBe('PaymentsSettled');
    books.at('2026-01-11T00:00:00.000Z');
    const days = { from: '2026-01-06T00:00:00.000Z', to: '2026-01-11T00:00:00.000Z' };
    expect(books.asked.slice(before)).toMatchObject([days]);
  });

  it('is due as before where earlier releases have noted its days', () => {
    const books = new ReportBooks();
    const refund = books.refund(books.pay({}), '1000');
    books.journal.now = '2026-01-06T23:00:00.000Z';
    books.answer(refund, true);
    const record = feeReportOf(books.journal.records as never, key);
    if (!record?.unread) throw new Error('nothing is noted');
    const { first, last } = record.unread;
    const notedOn = '2026-01-06T00:00:00.000Z';
    expect(record.unread).toEqual({ first: '2026-01-05T00:00:00.000Z', last: notedOn, notedOn });
    expect(feeReportDueAt({ ...record, unread: { first, last } })).toBe('2026-01-06T00:00:00.000Z');
  });
});
