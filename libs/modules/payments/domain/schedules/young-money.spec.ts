import { ChargeBooks } from '../../../../testing/payments/charge-books';
import type { PayoutRecord } from '../records';
import { recordKeys } from '../records';
import { defaultSchedule } from './schedule-facts';
import { youngMoneyOf } from './young-slots';

const acct = 'acct_1';

/** 2026-01-05 is a Monday; of each payment of 10,000 that is the account's 9,680 are left. */
class Given extends ChargeBooks {
  delay(delayDays: number): this {
    const payoutSchedule = { ...defaultSchedule, delayDays, interval: 'daily' as const };
    this.submit({ type: 'UpdateConnectedAccount', accountId: acct, payoutSchedule });
    return this;
  }
  reserve(days: number, rollingBps = 1_000): this {
    this.submit({ type: 'UpdateConnectedAccount', accountId: acct, reserve: { days, rollingBps } });
    return this;
  }
  until(day: string, time = '12:00:00.000Z'): this {
    this.journal.run(`2026-${day}T${time}`);
    return this;
  }
  /** @param isAtOnce whether it is available when it is captured, and not two days later */
  paid(isAtOnce = true, amount = '10000'): string {
    return this.pay({ amount, connectedAccount: acct }, isAtOnce);
  }
  byHand(amount: string): this {
    this.submit({
      ...({ type: 'CreatePayout', actsAs: acct, amount, bankAccount: null, currency: 'USD' } as const),
      ...{ description: null, livemode: false, metadata: {} },
    });
    return this;
  }
  /** Of what the platform has. */
  transferred(amount: string): this {
    this.pay({ amount: '20000' }, true);
    this.submit({
      ...({ type: 'CreateTransfer', amount, currency: 'USD', description: null } as const),
      ...{ destination: acct, livemode: false, metadata: {}, sourcePayment: null, transferGroup: null },
    });
    return this;
  }
  /** The day and the amount of each payout. */
  get payouts(): readonly (readonly string[])[] {
    return [...this.journal.records].flatMap(([key, record]) => {
      if (!key.startsWith(recordKeys.payout)) return [];
      const { amount, createdAt } = (record as PayoutRecord).payout;
      return [[createdAt.slice(5, 10), amount]];
    });
  }
  get young() {
    return youngMoneyOf(this.journal.records, acct, 'USD');
  }
}

describe('what a reserve holds of young money', () => {
  it('is not waited for once more: old money is paid out in full', () => {
    const given = new Given().delay(3);
    given.paid();
    given.until('01-07').reserve(90).paid();
    given.until('01-10');
    expect(given.payouts).toEqual([
      ['01-08', '9680'],
      ['01-10', '8680'],
    ]);
    expect(given.of(acct)).toEqual([0n, 0n]);
  });

  it('is taken from what is settled together with it', () => {
    const given = new Given().delay(5).reserve(90);
    given.paid(false);
    given.until('01-06').paid(false);
    given.until('01-12');
    expect(given.payouts).toEqual([
      ['01-10', '8680'],
      ['01-11', '8680'],
    ]);
  });

  it('is the same part of each day that becomes available together', () => {
    const given = new Given().delay(5);
    given.reserve(90);
    // Captured later, so that both are available at one moment.
    const early = given.create({ connectedAccount: acct });
    given.until('01-07').paid(false);
    given.capture(early);
    given.until('01-13');
    expect(given.payouts).toEqual([
      ['01-10', '8680'],
      ['01-12', '8680'],
    ]);
  });

  it('waits again when it is released before the delay is over', () => {
    const given = new Given().delay(6).reserve(2);
    given.paid();
    given.until('01-09').transferred('500');
    given.until('01-12');
    expect(given.payouts).toEqual([
      ['01-10', '500'],
      ['01-11', '9680'],
    ]);
  });

  it('is forgotten when it is released', () => {
    const given = new Given().reserve(3);
    for (const day of ['01-06', '01-07', '01-08', '01-09', '01-10', '01-11', '01-12']) {
      given.until(day);
      given.paid();
    }
    expect(Object.keys(given.young.held ?? {})).toHaveLength(4);
  });
});

describe('what is taken for no payment', () => {
  it('has to wait as before when it comes back', () => {
    const given = new Given().delay(10);
    given.paid();
    given.byHand('9680');
    const payoutId = [...given.journal.records.keys()].findLast((key) => key.startsWith(recordKeys.payout));
    given.submit({
      ...({ type: 'CancelPayout', actsAs: acct } as const),
      payoutId: payoutId?.slice(recordKeys.payout.length) ?? '',
    });
    given.until('01-16');
    expect(given.payouts).toEqual([
      ['01-05', '9680'],
      ['01-15', '9680'],
    ]);
  });

  it('leaves what is pending to wait', () => {
    const given = new Given().delay(10);
    given.paid();
    given.paid(false);
    given.byHand('9680').until('01-16');
    expect(given.payouts).toEqual([
      ['01-05', '9680'],
      ['01-15', '9680'],
    ]);
  });
});
