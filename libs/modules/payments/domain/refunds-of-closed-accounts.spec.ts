import { SplitBooks, splitParty } from '../../../testing/payments/split-books';
import type { PayoutFacts } from './payout-facts';
import { payoutOf, transferOf } from './records';

const acct = 'acct_1';
const splits = [
  splitParty('a', acct, { shareBps: 3_000 }),
  splitParty('b', 'acct_2', { shareBps: 2_000 }),
  splitParty('us', 'platform', { shareBps: 5_000 }),
];
const close = { type: 'CloseConnectedAccount', accountId: acct } as const;
const dayMs = 86_400_000;
const erase = { type: 'EraseConnectedAccount', accountId: acct } as const;

class Given extends SplitBooks {
  constructor() {
    super();
    this.pay({ amount: '50000' }, true);
  }
  /** All that an account has leaves it. */
  empty(account: string): this {
    const [, available] = this.of(account);
    const [event] = this.submit({
      ...({ type: 'CreatePayout', actsAs: account, amount: String(available), bankAccount: null } as const),
      ...{ currency: 'USD', description: null, livemode: false, metadata: {} },
    });
    const { id } = (event?.data as { readonly payout: PayoutFacts }).payout;
    this.journal.advance(Math.floor(Date.parse(this.journal.now) / dayMs + 1) * dayMs);
    const outcome = { kind: 'paid_out', railReference: 'po' } as const;
    const { attempt = 0, key = '' } = payoutOf(this.journal.records, id)?.call ?? {};
    this.submit({ type: 'RecordPayoutOutcome', attempt, call: key, outcome, payout: id });
    return this;
  }
  closes(): this {
    this.empty(acct).submit(close);
    return this;
  }
  transfer(amount: string): string {
    const [event] = this.submit({
      ...({ type: 'CreateTransfer', amount, currency: 'USD', description: null, destination: acct } as const),
      ...{ livemode: false, metadata: {}, sourcePayment: null, transferGroup: null },
    });
    return (event?.data as { readonly transfer: { readonly id: string } }).transfer.id;
  }
  refusedRefund(paymentId: string, amount: string): unknown {
    return this.refused({ type: 'CreateRefund', amount, metadata: {}, paymentId, reason: null });
  }
}

describe('a refund of a split payment with a party whose account is closed', () => {
  it('takes its share all the same, which it owes until the platform pays it', () => {
    const given = new Given();
    const payment = given.pay({ splits }, true);
    given.closes();
    const before = given.of('platform')[1];
    const refund = given.refund(payment, '10000');
    expect([given.of(acct), given.of('acct_2')]).toEqual([
      [0n, -3_000n],
      [0n, 0n],
    ]);
    expect(given.of('platform')[1]).toBe(before - 5_000n);
    expect(given.shares(payment)).toEqual([0n, 0n, 0n]);
    expect(given.journal.refund(refund).sharesReversed).toEqual(['3000', '2000', '5000']);
    given.answer(refund, true);
    given.transfer('3000');
    expect(given.of(acct)).toEqual([0n, 0n]);
    expect(given.of('platform')[1]).toBe(before - 8_000n);
  });

  it('is the same in parts, and of one that is erased', () => {
    const given = new Given();
    const payment = given.pay({ splits }, true);
    given.closes();
    given.submit(erase);
    for (const amount of ['3333', '3333', '3334']) given.answer(given.refund(payment, amount), true);
    expect([given.of(acct), given.shares(payment)]).toEqual([
      [0n, -3_000n],
      [0n, 0n, 0n],
    ]);
  });

  it('that fails gives the share back: to nothing, or to what is paid out or taken back', () => {
    const given = new Given();
    const payment = given.pay({ splits }, true);
    given.closes();
    const refund = given.refund(payment, '10000');
    // Nobody forgets who it was as long as that may happen.
    expect(given.refused(erase)).toMatchObject({ code: 'account_not_empty' });
    const transferId = given.transfer('3000');
    given.answer(refund, false);
    expect([given.of(acct), given.shares(payment)]).toEqual([
      [0n, 3_000n],
      [3_000n, 2_000n, 5_000n],
    ]);
    given.submit({ type: 'ReverseTransfer', transferId });
    given.answer(given.refund(payment, '5000'), false);
    expect(given.of(acct)).toEqual([0n, 0n]);
  });

  it('is refused where another party, whose account is open, has not enough', () => {
    const given = new Given();
    const payment = given.pay({ splits }, true);
    given.closes().empty('acct_2');
    expect(given.refusedRefund(payment, '10000')).toMatchObject({
      code: 'insufficient_available',
      meta: { account: 'acct_2', available: '0' },
    });
  });

  it('is refused where its account is suspended, which can be reinstated and paid', () => {
    const given = new Given();
    const payment = given.pay({ splits }, true);
    given.empty(acct).submit({ type: 'SuspendConnectedAccount', accountId: acct });
    expect(given.refusedRefund(payment, '10000')).toMatchObject({ code: 'insufficient_available' });
  });
});

describe('a refund that reverses the transfer to a closed account', () => {
  it('takes it all the same, and gives it back when it fails', () => {
    const given = new Given();
    const payment = given.pay({ transferData: { amount: null, destination: acct } }, true);
    given.closes();
    const refund = given.refund(payment, '4000', 'transfer');
    expect(given.of(acct)).toEqual([0n, -4_000n]);
    given.answer(refund, false);
    expect(given.of(acct)).toEqual([0n, 0n]);
    given.refund(payment, '10000', 'transfer');
    given.transfer('10000');
    expect(given.of(acct)).toEqual([0n, 0n]);
  });

  it('is no reversal by hand, which takes what the account has alone', () => {
    const given = new Given();
    const transferId = given.transfer('1000');
    given.closes();
    expect(given.refused({ type: 'ReverseTransfer', transferId })).toMatchObject({
      code: 'insufficient_available',
    });
    expect(transferOf(given.journal.records, transferId)?.amountReversed).toBe('0');
  });
});
