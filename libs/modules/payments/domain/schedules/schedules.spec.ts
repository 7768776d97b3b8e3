import { allGiven, ChargeBooks, newAccount } from '../../../../testing/payments/charge-books';
import type { PayoutRecord } from '../records';
import { payoutScheduleKey, recordKeys, scheduleRecordOf } from '../records';
import { defaultSchedule } from './schedule-facts';
import type { PayoutSchedule } from './schedule-facts';
import { nextRun } from './schedule-time';
import { youngMoneyKey, youngSlotsOf } from './young-slots';

const acct = 'acct_1';

/** 2026-01-05 is a Monday. */
class Given extends ChargeBooks {
  schedule(more: Partial<PayoutSchedule>): this {
    const payoutSchedule = { ...defaultSchedule, delayDays: 0, ...more };
    this.submit({ type: 'UpdateConnectedAccount', accountId: acct, payoutSchedule });
    return this;
  }
  ofPlatform(more: Partial<PayoutSchedule>): this {
    const schedule = { ...defaultSchedule, delayDays: 0, ...more };
    this.submit({ type: 'SetPayoutSchedule', livemode: false, schedule });
    return this;
  }
  /** What falls due on the way, each at its own time. */
  until(time: string): this {
    this.journal.run(time);
    return this;
  }
  /** The day, the amount and the currency of each payout. */
  get payouts(): readonly (readonly string[])[] {
    return [...this.journal.records].flatMap(([key, record]) => {
      if (!key.startsWith(recordKeys.payout)) return [];
      const { amount, connectedAccount = 'platform', createdAt, currency } = (record as PayoutRecord).payout;
      return [[createdAt.slice(0, 10), connectedAccount, amount, currency]];
    });
  }
  get runs(): number {
    return this.journal.events.filter(({ type }) => (type as string) === 'PayoutScheduleRan').length;
  }
}

describe('the next run of a schedule', () => {
  it.each<[Partial<PayoutSchedule>, string, string | null]>([
    [{ interval: 'manual' }, '2026-01-05T12:00:00.000Z', null],
    [{ interval: 'daily' }, '2026-01-05T12:00:00.000Z', '2026-01-06'],
    [{ interval: 'daily' }, '2026-01-06T00:00:00.000Z', '2026-01-07'],
    [{ interval: 'weekly', weeklyAnchor: 'monday' }, '2026-01-05T00:00:00.000Z', '2026-01-12'],
    [{ interval: 'weekly', weeklyAnchor: 'tuesday' }, '2026-01-05T23:59:59.999Z', '2026-01-06'],
    [{ interval: 'weekly', weeklyAnchor: 'sunday' }, '2026-01-05T12:00:00.000Z', '2026-01-11'],
    [{ interval: 'weekly' }, '2026-01-05T12:00:00.000Z', '2026-01-12'],
    [{ interval: 'monthly', monthlyAnchor: 5 }, '2026-01-05T00:00:00.000Z', '2026-02-05'],
    [{ interval: 'monthly', monthlyAnchor: 31 }, '2026-01-31T12:00:00.000Z', '2026-02-28'],
    [{ interval: 'monthly', monthlyAnchor: 31 }, '2028-02-01T12:00:00.000Z', '2028-02-29'],
    [{ interval: 'monthly', monthlyAnchor: 30 }, '2026-12-30T12:00:00.000Z', '2027-01-30'],
    [{ interval: 'monthly' }, '2026-12-15T12:00:00.000Z', '2027-01-01'],
  ])('%j after %s is %s', (schedule, after, expected) => {
    const at = expected === null ? null : `${expected}T00:00:00.000Z`;
    expect(nextRun({ ...defaultSchedule, ...schedule }, after)).toBe(at);
  });
});

describe('a schedule', () => {
  it('pays out what an account has available, each time once', () => {
    const given = new Given().schedule({ interval: 'daily' });
    given.pay({ connectedAccount: acct }, true);
    given.until('2026-01-06T00:00:00.000Z');
    expect(given.payouts).toEqual([['2026-01-06', acct, '9680', 'USD']]);
    expect(given.of(acct)).toEqual([0n, 0n]);
    given.until('2026-01-06T23:00:00.000Z');
    expect([given.payouts.length, given.runs]).toEqual([1, 1]);
    given.pay({ amount: '1000', connectedAccount: acct }, true);
    given.until('2026-01-08T12:00:00.000Z');
    expect(given.payouts.slice(1)).toEqual([['2026-01-07', acct, '941', 'USD']]);
    expect(given.runs).toBe(3);
  });

  it('hands its payouts over at once, which say that it made them', () => {
    const given = new Given().schedule({ interval: 'daily' });
    given.pay({ connectedAccount: acct }, true);
    given.until('2026-01-06T00:00:00.000Z');
    const sent = given.journal.events.filter(({ type }) => type === 'PayoutSent');
    expect(sent).toMatchObject([{ data: { payout: { isAutomatic: true, status: 'in_transit' } } }]);
  });

  it('of the platform pays out each currency, and nothing of accounts', () => {
    const given = new Given().ofPlatform({ interval: 'weekly', weeklyAnchor: 'wednesday' });
    given.pay({}, true);
    given.pay({ currency: 'EUR', amount: '500' }, true);
    given.pay({ connectedAccount: acct }, true);
    given.until('2026-01-12T00:00:00.000Z');
    expect([...given.payouts].sort()).toEqual([
      ['2026-01-07', 'platform', '455', 'EUR'],
      ['2026-01-07', 'platform', '9680', 'USD'],
    ]);
    expect(given.of(acct)).toEqual([0n, 9680n]);
  });

  it('may be stored payout by payout, as much at once as an append takes, and pays out each once', () => {
    const given = new Given().ofPlatform({ interval: 'daily' });
    given.pay({}, true);
    given.pay({ currency: 'EUR', amount: '500' }, true);
    given.journal.now = '2026-01-06T00:00:00.000Z';
    const [key] = [...given.journal.records.keys()].filter((each) =>
      each.startsWith(recordKeys.payoutSchedule),
    );
    const run = { type: 'ActOnPayments', keys: [key ?? ''] } as const;
    expect(given.journal.decide(run)).toMatchObject({
      events: [{ type: 'PayoutCreated' }, { type: 'PayoutCreated' }, { type: 'PayoutScheduleRan' }],
      mayEndAfter: [1, 2, 3],
    });
    // No more than the first of it at a time.
    given.journal.advance(Date.parse(given.journal.now));
    expect([given.payouts.length, given.runs]).toEqual([2, 1]);
  });

  it('pays out what becomes available at its own moment', () => {
    const given = new Given().schedule({ interval: 'daily' }).ofPlatform({ interval: 'daily' });
    given.until('2026-01-06T00:00:00.000Z');
    given.pay({ connectedAccount: acct });
    given.pay({});
    given.until('2026-01-08T00:00:00.000Z');
    expect([...given.payouts].sort()).toEqual([
      ['2026-01-08', acct, '9680', 'USD'],
      ['2026-01-08', 'platform', '9680', 'USD'],
    ]);
  });

  it('waits while there is less than its minimum, nothing, or less', () => {
    const given = new Given().schedule({ interval: 'daily', minimumAmount: '1500' });
    given.pay({ amount: '1000', connectedAccount: acct }, true);
    given.until('2026-01-06T12:00:00.000Z');
    expect(given.payouts).toEqual([]);
    const payment = given.pay({ amount: '1000', connectedAccount: acct }, true);
    given.until('2026-01-07T12:00:00.000Z');
    expect(given.payouts).toEqual([['2026-01-07', acct, '1882', 'USD']]);
    given.refund(payment, '1000');
    expect(given.of(acct)).toEqual([0n, -1000n]);
    given.pay({ amount: '2000', connectedAccount: acct }, true);
    given.until('2026-01-09T12:00:00.000Z');
    // What it owed was paid first.
    expect(given.of(acct)).toEqual([0n, 912n]);
    expect(given.payouts).toHaveLength(1);
  });

  it('waits for the delay of a payment, beside its settlement', () => {
    const given = new Given().schedule({ interval: 'daily', delayDays: 4 });
    given.pay({ connectedAccount: acct });
    given.until('2026-01-08T12:00:00.000Z');
    // Available since the 7th.
    expect([given.of(acct), given.payouts]).toEqual([[0n, 9680n], []]);
    given.until('2026-01-09T00:00:00.000Z');
    expect(given.payouts).toEqual([['2026-01-09', acct, '9680', 'USD']]);
  });

  it('pays out what is old beside what is young, of which a refund takes first', () => {
    const given = new Given().schedule({ interval: 'daily', delayDays: 2 });
    given.pay({ amount: '5000', connectedAccount: acct }, true);
    given.until('2026-01-06T12:00:00.000Z');
    const young = given.pay({ amount: '3000', connectedAccount: acct }, true);
    given.refund(young, '1000');
    given.until('2026-01-07T00:00:00.000Z');
    expect(given.payouts).toEqual([['2026-01-07', acct, '4825', 'USD']]);
    given.until('2026-01-08T00:00:00.000Z');
    expect(given.payouts.slice(1)).toEqual([['2026-01-08', acct, '1883', 'USD']]);
  });

  it('pays out nothing of an account that may not be, and goes on when it may', () => {
    const given = new Given().schedule({ interval: 'daily' });
    given.pay({ connectedAccount: acct }, true);
    given.submit({ type: 'SuspendConnectedAccount', accountId: acct });
    given.until('2026-01-06T12:00:00.000Z');
    expect([given.payouts, given.runs]).toEqual([[], 1]);
    given.submit({ type: 'ReinstateConnectedAccount', accountId: acct });
    given.until('2026-01-07T12:00:00.000Z');
    expect(given.payouts).toEqual([['2026-01-07', acct, '9680', 'USD']]);
  });

  it('is run once after a time in which nobody acted', () => {
    const given = new Given().schedule({ interval: 'daily' });
    given.pay({ connectedAccount: acct }, true);
    given.journal.advance(Date.parse('2026-01-15T07:00:00.000Z'));
    expect([given.payouts, given.runs]).toEqual([[['2026-01-15', acct, '9680', 'USD']], 1]);
    expect(given.journal.dueAt(`payout_schedule:${acct}`)).toBe('2026-01-16T00:00:00.000Z');
    // A writer that asks for it again, because it did not hear of it, changes nothing.
    const before = given.journal.events.length;
    given.journal.submit({ type: 'ActOnPayments', keys: [`payout_schedule:${acct}`] });
    expect(given.journal.events).toHaveLength(before);
  });

  it('is over when it is manual, or the account is closed', () => {
    const given = new Given().schedule({ interval: 'daily' });
    expect(given.journal.dueAt(`payout_schedule:${acct}`)).toBe('2026-01-06T00:00:00.000Z');
    given.schedule({ interval: 'manual' });
    expect(given.journal.dueAt(`payout_schedule:${acct}`)).toBeUndefined();
    given.schedule({ interval: 'monthly', monthlyAnchor: 31 });
    expect(given.journal.dueAt(`payout_schedule:${acct}`)).toBe('2026-01-31T00:00:00.000Z');
    given.submit({ type: 'CloseConnectedAccount', accountId: acct });
    expect(given.journal.dueAt(`payout_schedule:${acct}`)).toBeUndefined();
  });

  it('begins with its account, and the same once more changes nothing', () => {
    const given = new Given();
    const account = newAccount('acct_2') as Extract<
      Parameters<Given['submit']>[0],
      { type: 'CreateConnectedAccount' }
    >;
    const payoutSchedule = { ...defaultSchedule, interval: 'daily' } as const;
    given.submit({ ...account, payoutSchedule });
    given.submit(allGiven('acct_2'));
    expect(given.journal.dueAt('payout_schedule:acct_2')).toBe('2026-01-06T00:00:00.000Z');
    given.ofPlatform({ interval: 'daily' });
    const before = given.journal.events.length;
    given.ofPlatform({ interval: 'daily' });
    given.submit({ type: 'UpdateConnectedAccount', accountId: 'acct_2', payoutSchedule });
    expect(given.journal.events).toHaveLength(before);
  });

  it('has an anchor of its interval alone', () => {
    const schedule = { ...defaultSchedule, interval: 'daily', weeklyAnchor: 'friday' } as const;
    const command = { type: 'SetPayoutSchedule', livemode: false, schedule } as const;
    expect(new Given().refused(command)).toMatchObject({
      ...{ code: 'payout_schedule_invalid', param: '/weekly_anchor' },
    });
  });
});

describe('the delay of a schedule', () => {
  it('holds for money that came before the schedule was set', () => {
    const given = new Given();
    given.pay({ connectedAccount: acct }, true);
    given.pay({}, true);
    given.schedule({ interval: 'daily', delayDays: 5 }).ofPlatform({ interval: 'daily', delayDays: 3 });
    given.until('2026-01-07T12:00:00.000Z');
    expect(given.payouts).toEqual([]);
    given.until('2026-01-12T00:00:00.000Z');
    expect(given.payouts).toEqual([
      ['2026-01-08', 'platform', '9680', 'USD'],
      ['2026-01-10', acct, '9680', 'USD'],
    ]);
  });

  it('holds for money that came before it was made longer, or shorter', () => {
    const given = new Given().schedule({ interval: 'daily', delayDays: 2 });
    given.pay({ connectedAccount: acct }, true);
    given.schedule({ interval: 'daily', delayDays: 90 });
    given.until('2026-04-04T12:00:00.000Z');
    expect(given.payouts).toEqual([]);
    given.until('2026-04-05T00:00:00.000Z');
    expect(given.payouts).toEqual([['2026-04-05', acct, '9680', 'USD']]);
    given.pay({ amount: '1000', connectedAccount: acct }, true);
    given.until('2026-04-06T12:00:00.000Z');
    expect(given.payouts).toHaveLength(1);
    given.schedule({ interval: 'daily', delayDays: 2 }).until('2026-04-07T00:00:00.000Z');
    expect(given.payouts.slice(1)).toEqual([['2026-04-07', acct, '941', 'USD']]);
  });

  it('counts from the day of the payment of which something is transferred', () => {
    const given = new Given();
    const sourcePayment = given.pay({}, true);
    given.until('2026-01-06T12:00:00.000Z');
    given.submit({
      ...({ type: 'CreateTransfer', amount: '7000', currency: 'USD', description: null } as const),
      ...{ destination: acct, livemode: false, metadata: {}, sourcePayment, transferGroup: null },
    });
    given.schedule({ interval: 'daily', delayDays: 3 }).until('2026-01-10T12:00:00.000Z');
    expect(given.payouts).toEqual([['2026-01-08', acct, '7000', 'USD']]);
  });

  it('holds for nothing that a refund took, whenever its payment was', () => {
    const given = new Given();
    given.pay({ amount: '5000', connectedAccount: acct }, true);
    given.until('2026-01-08T12:00:00.000Z');
    const young = given.pay({ amount: '3000', connectedAccount: acct }, true);
    given.schedule({ interval: 'daily', delayDays: 3 }).refund(young, '1000');
    given.until('2026-01-09T00:00:00.000Z');
    expect(given.payouts).toEqual([['2026-01-09', acct, '4825', 'USD']]);
    given.until('2026-01-11T00:00:00.000Z');
    expect(given.payouts.slice(1)).toEqual([['2026-01-11', acct, '1883', 'USD']]);
    const { length } = given.payouts;
    given.until('2026-04-15T00:00:00.000Z').refund(young, '1000');
    given.until('2026-04-20T00:00:00.000Z');
    expect(given.payouts).toHaveLength(length);
  });

  it('is known of as many days as the longest delay has, for each owner and currency', () => {
    const given = new Given();
    const start = Date.parse(given.journal.now);
    for (let day = 0; day < 110; day += 1) {
      given.journal.now = new Date(start + day * 86_400_000).toISOString();
      given.pay({ amount: '1000', connectedAccount: acct }, true);
    }
    given.pay({ amount: '2000', connectedAccount: acct }, true);
    const kept = Object.values(youngSlotsOf(given.journal.records, acct, 'USD'));
    expect(kept).toEqual([...Array<string>(89).fill('941'), '2853']);
  });

  it('holds for what an earlier release has kept with the schedule', () => {
    const given = new Given().schedule({ interval: 'daily', delayDays: 4 });
    const payment = given.pay({ connectedAccount: acct }, true);
    // As a checkpoint of that release has it.
    const { records } = given.journal;
    const known = scheduleRecordOf(records, acct);
    const kept = Object.entries(youngSlotsOf(records, acct, 'USD')).map(([slot, of]) => [`USD ${slot}`, of]);
    records.set(payoutScheduleKey(acct), { ...known, young: Object.fromEntries(kept) } as never);
    records.delete(youngMoneyKey(acct, 'USD'));
    given.refund(payment, '4000');
    given.until('2026-01-06T12:00:00.000Z').pay({ amount: '1000', connectedAccount: acct }, true);
    given.until('2026-01-08T12:00:00.000Z');
    expect(given.payouts).toEqual([]);
    given.until('2026-01-10T12:00:00.000Z');
    expect(given.payouts).toEqual([
      ['2026-01-09', acct, '5680', 'USD'],
      ['2026-01-10', acct, '941', 'USD'],
    ]);
    expect(scheduleRecordOf(records, acct)?.young).toEqual({});
  });
});
