import { linesOfConversion } from '@fintech-ledger/payments/domain';
import { FundedJournal } from '../../../testing/payments/funded-journal';
import type { FxCommand } from './commands';
import { scheduledRatesMax } from './limits';
import { inForce, quoteKey, ratesKey, ratesOf } from './records';

const set = (more: object): FxCommand => ({
  type: 'SetFxRate',
  ...{ ask: '1.11', base: 'EUR', bid: '1.09', livemode: false, quote: 'USD', source: 'ECB', validFrom: null },
  ...more,
});
const ask = (amount: string, currency: string, to: string): FxCommand => ({
  type: 'CreateFxQuote',
  from: { amount, currency },
  livemode: false,
  to,
});
const convert = (quote: string): FxCommand => ({ type: 'CreateFxConversion', livemode: false, quote });
const at = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;

describe('a rate', () => {
  it('is of two known currencies, above zero, its bid not above its ask', () => {
    const books = new FundedJournal();
    expect(books.refused(set({ base: 'QQQ' }))).toEqual(['unknown_currency', '/base']);
    expect(books.refused(set({ quote: 'XAU' }))).toEqual(['unknown_currency', '/quote']);
    expect(books.refused(set({ quote: 'DEM' }))).toEqual(['withdrawn_currency', '/quote']);
    expect(books.refused(set({ quote: 'EUR' }))).toEqual(['same_currency', '/quote']);
    expect(books.refused(set({ bid: '0.000' }))).toEqual(['rate_invalid', '/bid']);
    expect(books.refused(set({ bid: '0', ask: '0' }))).toEqual(['rate_invalid', '/bid']);
    expect(books.refused(set({ bid: '1.1100001' }))).toEqual(['rate_invalid', '/bid']);
    expect(books.fx(set({ bid: '1.1100' })).rate).toMatchObject({
      bid: { numerator: '11100', denominator: '10000' },
    });
  });

  it('holds from its moment on; of two from one moment the later one counts', () => {
    const books = new FundedJournal();
    const bidNow = (): string => books.quote('10000', 'EUR', 'USD').to.amount;
    books.rate('EUR', 'USD', '3', '3', at(20));
    books.rate('EUR', 'USD', '2', '2', at(10));
    expect(books.refused(ask('10000', 'EUR', 'USD'))).toEqual(['rate_not_found', '/to']);
    books.rate('EUR', 'USD', '1', '1', at(1));
    expect(bidNow()).toBe('10000');
    books.rate('EUR', 'USD', '9', '9', '2025-01-01T00:00:00.000Z');
    expect(bidNow()).toBe('10000');
    books.rate('EUR', 'USD', '4', '4', at(1));
    expect(bidNow()).toBe('40000');
    books.journal.now = at(10);
    expect(bidNow()).toBe('20000');
    books.journal.now = at(19);
    expect(bidNow()).toBe('20000');
    books.journal.now = at(21);
    expect(bidNow()).toBe('30000');
  });

  it('waits for its time with a limit, and what is over is forgotten', () => {
    const books = new FundedJournal();
    books.rate('EUR', 'USD', '1');
    for (let i = 0; i < scheduledRatesMax; i += 1)
      books.rate('EUR', 'USD', '2', '2', new Date(Date.UTC(2026, 1, 1, i)).toISOString());
    const full = ['too_many_scheduled_rates', '/valid_from'];
    expect(books.refused(set({ validFrom: '2026-03-01T00:00:00.000Z' }))).toEqual(full);
    // One of them is set again, and one that holds now.
    books.rate('EUR', 'USD', '3', '3', '2026-02-01T00:00:00.000Z');
    books.rate('EUR', 'USD', '4');
    books.journal.now = '2026-02-03T00:00:00.000Z';
    books.rate('EUR', 'USD', '5');
    const pair = { base: 'EUR', quote: 'USD' };
    const known = ratesOf(books.journal.records, pair);
    expect(known).toHaveLength(1 + scheduledRatesMax - 49);
    expect(inForce(known, books.journal.now)?.bid.numerator).toBe('5');
    expect(books.journal.records.has(ratesKey(pair))).toBe(true);
  });
});

describe('a quote', () => {
  it('takes the bid, or the ask of the inverse pair, and is rounded down', () => {
    const books = new FundedJournal();
    books.rate('EUR', 'USD', '1.09', '1.11');
    expect(books.quote('10000', 'EUR', 'USD')).toMatchObject({
      ...{ side: 'bid', to: { amount: '10900', currency: 'USD' }, cost: '11000', spread: '100' },
      ...{ createdAt: '2026-01-05T12:00:00.000Z', expiresAt: '2026-01-05T12:01:00.000Z', conversion: null },
    });
    expect(books.quote('11100', 'USD', 'EUR')).toMatchObject({
      ...{ side: 'ask', to: { amount: '10000', currency: 'EUR' }, cost: '10090', spread: '90' },
      pair: { base: 'EUR', quote: 'USD' },
    });
    books.rate('USD', 'EUR', '0.5');
    expect(books.quote('11100', 'USD', 'EUR')).toMatchObject({ side: 'bid', to: { amount: '5550' } });
    expect(books.quote('10000', 'EUR', 'USD')).toMatchObject({ side: 'bid', to: { amount: '10900' } });
  });

  it('is refused without a rate, for one currency, or where nothing is left', () => {
    const books = new FundedJournal();
    books.rate('EUR', 'USD', '1.09', '1.11');
    books.rate('USD', 'JPY', '150');
    books.rate('USD', 'CLF', '999999999999');
    expect(books.refused(ask('1', 'EUR', 'JPY'))).toEqual(['rate_not_found', '/to']);
    expect(books.refused(ask('1', 'EUR', 'EUR'))).toEqual(['same_currency', '/to']);
    expect(books.refused(ask('1', 'QQQ', 'EUR'))).toEqual(['unknown_currency', '/from/currency']);
    expect(books.refused(ask('1', 'EUR', 'QQQ'))).toEqual(['unknown_currency', '/to']);
    expect(books.refused(ask('1', 'EUR', 'DEM'))).toEqual(['withdrawn_currency', '/to']);
    // 0.9 of a cent; and 50 digits.
    books.rate('JPY', 'USD', '0.009');
    expect(books.refused(ask('1', 'JPY', 'USD'))).toEqual(['amount_too_small', '/from/amount']);
    expect(books.refused(ask('9'.repeat(36), 'USD', 'CLF'))).toEqual(['amount_too_large', '/from/amount']);
  });

  it('keeps its rate, and is over at its moment', () => {
    const books = new FundedJournal();
    books.pay('20000', 'EUR');
    books.rate('EUR', 'USD', '1.09', '1.11');
    const [first, second] = [books.quote('10000', 'EUR', 'USD'), books.quote('10000', 'EUR', 'USD')];
    books.rate('EUR', 'USD', '5');
    books.later(59_999);
    expect(books.convert(first.id).to).toEqual({ amount: '10900', currency: 'USD' });
    books.later(1);
    expect(books.refused(convert(second.id))).toEqual(['quote_expired', '/quote']);
    // Used before it expired: that it was used says more.
    expect(books.refused(convert(first.id))).toEqual(['quote_used', '/quote']);
  });
});

describe('a conversion', () => {
  it('books the position at mid, and the spread as revenue against the result', () => {
    const books = new FundedJournal();
    books.pay('20000', 'EUR');
    books.rate('EUR', 'USD', '1.09', '1.11');
    const { id: quote } = books.quote('10000', 'EUR', 'USD');
    const [event] = books.submit(convert(quote));
    const { journal } = books;
    expect(books.available('EUR')).toBe(10_000n);
    expect(books.available('USD')).toBe(10_900n);
    expect(journal.balance('payments:positions:EUR-USD:EUR')).toBe(10_000n);
    expect(journal.balance('payments:positions:EUR-USD:USD')).toBe(-11_000n);
    expect(journal.balance('payments:revenue:spread:USD')).toBe(100n);
    expect(journal.balance('payments:platform:spread:USD')).toBe(100n);
    expect(journal.balance('payments:platform:result:USD')).toBe(-100n);
    expect(linesOfConversion(event as never)).toMatchObject([
      { type: 'conversion', amount: -10_000n, currency: 'EUR', source: 'fxc_4', owner: 'platform' },
      { type: 'conversion', amount: 10_900n, currency: 'USD', source: 'fxc_4', owner: 'platform' },
    ]);
    expect(journal.records.get(quoteKey(quote))).toMatchObject({ quote: { conversion: 'fxc_4' } });
  });

  it('takes no more than is available, and of a known quote', () => {
    const books = new FundedJournal();
    books.pay('9999', 'EUR');
    books.rate('EUR', 'USD', '1.09', '1.11');
    const { id: quote } = books.quote('10000', 'EUR', 'USD');
    expect(books.refused(convert(quote))).toEqual(['insufficient_available', '/quote']);
    expect(books.refused(convert('fxq_none'))).toEqual(['quote_not_found', '/quote']);
    books.pay('1', 'EUR');
    books.convert(quote);
    expect(books.available('EUR')).toBe(0n);
  });

  it('is exact past what a floating point number can say', () => {
    const books = new FundedJournal();
    books.pay('9007199254740993', 'USD');
    books.rate('USD', 'KWD', '1');
    books.convert(books.quote('9007199254740993', 'USD', 'KWD').id);
    expect(books.available('KWD')).toBe(90_071_992_547_409_930n);
    books.convert(books.quote('90071992547409930', 'KWD', 'USD').id);
    expect([books.available('USD'), books.available('KWD')]).toEqual([9_007_199_254_740_993n, 0n]);
    expect(books.journal.balance('payments:positions:USD-KWD:USD')).toBe(0n);
  });
});
