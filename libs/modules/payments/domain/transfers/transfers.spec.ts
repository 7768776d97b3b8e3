import { metadataOf } from '../../../../testing/metadata-of';
import { PaymentsJournal } from '../../../../testing/payments/payments-journal';
import { paymentEvents } from '../events';
import type { PaymentEvent } from '../events';
import { netOf } from '../balance-line';
import { balanceLinesOf } from '../balance-lines';
import { currenciesOf } from '../records';
import type { CreateTransfer, TransferCommand } from './transfer-commands';

const account = {
  type: 'CreateConnectedAccount',
  accountId: 'acct_1',
  accountType: 'individual',
  businessProfile: null,
  capabilities: [],
  country: 'DE',
  defaultCurrency: 'USD',
  email: null,
  livemode: false,
  metadata: {},
  payoutSchedule: {
    delayDays: 2,
    interval: 'manual',
    minimumAmount: null,
    monthlyAnchor: null,
    weeklyAnchor: null,
  },
  reserve: null,
  subject: 'sub_1',
} as const;
const transfer: CreateTransfer = {
  type: 'CreateTransfer',
  amount: '3000',
  currency: 'USD',
  description: null,
  destination: 'acct_1',
  livemode: false,
  metadata: {},
  sourcePayment: null,
  transferGroup: 'order-1',
};

/** A journal with an account, and payments that are settled two days later. */
class Books {
  readonly journal = new PaymentsJournal();

  constructor() {
    this.submit(account);
  }

  submit(command: Parameters<PaymentsJournal['submit']>[0]): readonly PaymentEvent[] {
    const decision = this.journal.submit(command);
    if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
    return decision.events;
  }

  pay(amount = '10000', fee = '320'): string {
    const [created] = this.submit({
      type: 'CreatePayment',
      ...{
        amount,
        captureMethod: 'automatic',
        confirm: true,
        currency: 'USD',
        customer: null,
        description: null,
      },
      ...{ livemode: false, metadata: {}, offSession: false, paymentMethod: 'pm_card_visa', rail: null },
      ...{ returnUrl: null, transferGroup: null },
    } as const);
    const payment = (created?.data as { payment: { id: string } }).payment.id;
    const { call } = this.journal.payment(payment);
    const availableOn = new Date(Date.parse(this.journal.now) + 172_800_000).toISOString();
    const outcome = { kind: 'captured', railReference: 'ch_1', fee, availableOn } as const;
    this.submit({ type: 'RecordRailOutcome', call: call?.key ?? '', outcome, payment, refund: null });
    return payment;
  }

  settle(): void {
    this.journal.advance(Date.parse(this.journal.now) + 172_800_001);
  }

  transfer(more: Partial<CreateTransfer> = {}): string {
    const event = this.submit({ ...transfer, ...more }).at(-1);
    return (event?.data as { transfer: { id: string } }).transfer.id;
  }

  refused(command: TransferCommand | Parameters<PaymentsJournal['decide']>[0]): unknown {
    const decision = this.journal.decide(command);
    return decision.kind === 'refused' ? decision.refusal : decision;
  }

  /** Available, and pending. */
  of(owner: string): readonly [bigint, bigint] {
    const path = owner === 'platform' ? 'payments:platform' : `payments:accounts:${owner}`;
    const [available = 0n, pending = 0n] = ['available', 'pending'].map((bucket) =>
      this.journal.balance(`${path}:${bucket}:USD`),
    );
    return [available, pending];
  }

  /** What holds at every moment. */
  check(): void {
    const { journal } = this;
    const pending = this.of('platform')[1] + this.of('acct_1')[1];
    expect(journal.balance('payments:rails:simulator:clearing:USD')).toBe(pending);
    const available = this.of('platform')[0] + this.of('acct_1')[0];
    expect(journal.balance('payments:bank:USD')).toBe(available);
    const booked = journal.events.filter(({ type }) => paymentEvents.names.includes(type));
    const lines = booked.flatMap((event) => balanceLinesOf(event));
    for (const owner of ['platform', 'acct_1']) {
      const net = lines.filter((line) => line.owner === owner).reduce((sum, line) => sum + netOf(line), 0n);
      expect([owner, net]).toEqual([owner, this.of(owner)[0] + this.of(owner)[1]]);
    }
  }
}

describe('a transfer of what is available', () => {
  it('goes to the account, with a line for each of the two, and never takes more than there is', () => {
    const books = new Books();
    expect(books.refused(transfer)).toMatchObject({
      code: 'insufficient_available',
      meta: { account: 'platform', available: '0' },
    });
    books.pay();
    books.settle();
    const id = books.transfer();
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [6_680n, 0n],
      [3_000n, 0n],
    ]);
    expect(balanceLinesOf(books.journal.events.at(-1) as PaymentEvent)).toMatchObject([
      { owner: 'platform', type: 'transfer', amount: -3_000n, source: id, settlement: null },
      { owner: 'acct_1', type: 'transfer', amount: 3_000n, source: id, settlement: null },
    ]);
    expect(currenciesOf(books.journal.records, 'acct_1')).toEqual(['USD']);
    books.check();
  });

  it('goes back, whole or in parts, and no further', () => {
    const books = new Books();
    books.pay();
    books.settle();
    const transferId = books.transfer();
    books.submit({ type: 'ReverseTransfer', transferId, amount: '1000' });
    expect(books.of('acct_1')).toEqual([2_000n, 0n]);
    expect(books.refused({ type: 'ReverseTransfer', transferId, amount: '2001' })).toMatchObject({
      code: 'reversal_exceeds_transfer',
      meta: { amount_left: '2000' },
    });
    books.submit({ type: 'ReverseTransfer', transferId });
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [9_680n, 0n],
      [0n, 0n],
    ]);
    expect(books.refused({ type: 'ReverseTransfer', transferId })).toMatchObject({
      code: 'reversal_exceeds_transfer',
    });
    books.check();
  });

  it('is described otherwise, and changes no money by that', () => {
    const books = new Books();
    books.pay();
    books.settle();
    const transferId = books.transfer();
    expect(
      books.submit({ type: 'UpdateTransfer', transferId, description: 'x', metadata: { a: 'b' } }),
    ).toMatchObject([
      { type: 'TransferUpdated', data: { transfer: { description: 'x', metadata: { a: 'b' } } } },
    ]);
    expect(books.submit({ type: 'UpdateTransfer', transferId, description: 'x' })).toEqual([]);
    books.submit({ type: 'UpdateTransfer', transferId, metadata: metadataOf(49) });
    const tooMany = { type: 'UpdateTransfer', transferId, metadata: { new: 'v' } } as const;
    expect(books.refused(tooMany)).toMatchObject({ code: 'metadata_limit', param: '/metadata' });
    for (const command of [
      { type: 'UpdateTransfer', transferId: 'tr_none' },
      { type: 'ReverseTransfer', transferId: 'tr_none' },
    ] as const)
      expect(books.refused(command)).toMatchObject({ code: 'transfer_not_found' });
  });
});

describe('a transfer of a payment', () => {
  it('is pending as long as the payment is, whole, and its fee stays with the platform', () => {
    const books = new Books();
    const sourcePayment = books.pay();
    const id = books.transfer({ sourcePayment, amount: '10000' });
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [0n, -320n],
      [0n, 10_000n],
    ]);
    expect(books.journal.payment(sourcePayment)).toMatchObject({
      transfers: [id],
      amountTransferred: '10000',
    });
    books.check();
    books.settle();
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [-320n, 0n],
      [10_000n, 0n],
    ]);
    books.check();
  });

  it('takes at most what is left of it, less refunds and earlier transfers', () => {
    const books = new Books();
    const sourcePayment = books.pay();
    books.transfer({ sourcePayment, amount: '4000' });
    books.submit({
      type: 'CreateRefund',
      paymentId: sourcePayment,
      amount: '2500',
      metadata: {},
      reason: null,
    });
    expect(books.refused({ ...transfer, sourcePayment, amount: '3501' })).toMatchObject({
      code: 'transfer_exceeds_source',
      meta: { amount_left: '3500' },
    });
    books.transfer({ sourcePayment, amount: '3500' });
    expect(books.refused({ ...transfer, sourcePayment, amount: '1' })).toMatchObject({
      code: 'transfer_exceeds_source',
    });
  });

  it('goes back of what is pending first, then of what is available, and never below zero', () => {
    const books = new Books();
    const sourcePayment = books.pay();
    const transferId = books.transfer({ sourcePayment, amount: '6000' });
    books.submit({ type: 'ReverseTransfer', transferId, amount: '1000' });
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [0n, 4_680n],
      [0n, 5_000n],
    ]);
    books.check();
    books.settle();
    books.submit({ type: 'ReverseTransfer', transferId, amount: '2000' });
    expect(books.of('acct_1')).toEqual([3_000n, 0n]);
    books.check();
    expect(books.journal.payment(sourcePayment)).toMatchObject({ amountTransferred: '3000' });
  });

  it('that is settled is of what is available, and never of more', () => {
    const books = new Books();
    const sourcePayment = books.pay();
    books.settle();
    expect(books.refused({ ...transfer, sourcePayment, amount: '9681' })).toMatchObject({
      code: 'insufficient_available',
    });
    books.transfer({ sourcePayment, amount: '9680' });
    expect(books.of('acct_1')).toEqual([9_680n, 0n]);
    books.check();
  });

  it('is of one that succeeded, in its currency, at most a hundred times', () => {
    const books = new Books();
    const sourcePayment = books.pay();
    expect(books.refused({ ...transfer, sourcePayment: 'pay_none' })).toMatchObject({
      code: 'payment_not_found',
      param: '/source_payment',
    });
    expect(books.refused({ ...transfer, sourcePayment, currency: 'EUR' })).toMatchObject({
      code: 'source_not_transferable',
    });
    for (let n = 0; n < 100; n += 1) books.transfer({ sourcePayment, amount: '1' });
    expect(books.refused({ ...transfer, sourcePayment, amount: '1' })).toMatchObject({
      ...{ code: 'too_many_transfers', param: '/source_payment' },
    });
  });
});

it('refuses an account that there is not, and one that is closed; one with money is not closed', () => {
  const books = new Books();
  books.pay();
  books.settle();
  expect(books.refused({ ...transfer, destination: 'acct_2' })).toMatchObject({
    code: 'unknown_destination',
    param: '/destination',
  });
  expect(books.refused({ ...transfer, currency: 'QQQ' })).toMatchObject({ code: 'unknown_currency' });
  const transferId = books.transfer();
  const close = { type: 'CloseConnectedAccount', accountId: 'acct_1' } as const;
  expect(books.refused(close)).toMatchObject({ code: 'account_not_empty' });
  books.submit({ type: 'ReverseTransfer', transferId });
  books.submit(close);
  expect(books.refused(transfer)).toMatchObject({ code: 'unknown_destination' });
});
