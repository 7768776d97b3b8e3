import { ChargeBooks, newAccount, newPayment } from '../../../../testing/payments/charge-books';
import type { CreatePayment } from '../commands';
import type { PaymentFacts } from '../facts';
import type { RailOutcome } from '../rail-calls';
import { underWayOf } from '../records';

const whole = { destination: 'acct_1', amount: null };
const destination = (amount: string, applicationFeeAmount: string): Partial<CreatePayment> => ({
  ...{ amount, applicationFeeAmount, transferData: whole },
});
const direct = (amount: string, applicationFeeAmount?: string): Partial<CreatePayment> => ({
  ...{ amount, connectedAccount: 'acct_1' },
  ...(applicationFeeAmount !== undefined && { applicationFeeAmount }),
});
const thirds = ['3333', '3333', '3334'] as const;

describe('a destination payment', () => {
  it('of 2,000 with a fee of 1,000, refunded by 1,500 with both flags, reverses 1,500 and gives 750 back', () => {
    const books = new ChargeBooks();
    const payment = books.pay(destination('2000', '1000'));
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [912n, 0n],
      [1_000n, 0n],
    ]);
    const refund = books.refund(payment, '1500', 'fee', 'transfer');
    expect(books.journal.refund(refund)).toMatchObject({
      ...{ applicationFeeRefunded: '750', transferReversed: '1500', fromPending: '1500' },
    });
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [162n, 0n],
      [250n, 0n],
    ]);
    books.answer(refund, true);
    books.settle();
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [0n, 162n],
      [0n, 250n],
    ]);
    expect(books.linesOf('acct_1')).toEqual([
      ['transfer', 2_000n],
      ['application_fee', -1_000n],
      ['application_fee_refund', 750n],
      ['transfer_reversal', -1_500n],
    ]);
    expect(books.journal.balance('payments:revenue:application_fees:USD')).toBe(250n);
    // 2,000 less the rail's 88 and the refund of 1,500, which it had netted.
    expect(books.journal.balance('payments:bank:USD')).toBe(412n);
    expect(books.journal.balance('payments:rails:simulator:clearing:USD')).toBe(0n);
  });

  it.each([false, true])('gives back what it took when all of it is refunded (settled: %s)', (isSettled) => {
    const books = new ChargeBooks();
    const payment = books.pay(destination('10000', '1234'));
    if (isSettled) books.settle();
    const fees = thirds.map((part) => {
      const refund = books.refund(payment, part, 'fee', 'transfer');
      books.answer(refund, true);
      const { applicationFeeRefunded, transferReversed } = books.journal.refund(refund);
      expect(transferReversed).toBe(part);
      return applicationFeeRefunded;
    });
    expect(fees).toEqual(['411', '411', '412']);
    books.settle();
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [0n, -320n],
      [0n, 0n],
    ]);
  });

  it('makes a transfer with its capture, in one event, which can be reversed by hand', () => {
    const books = new ChargeBooks();
    const payment = books.pay({ ...destination('10000', '1000'), transferGroup: 'order-1' });
    const { data, type } = books.journal.events.at(-1) ?? {};
    expect([type, data]).toMatchObject([
      'DestinationPaymentCaptured',
      { transfer: { amount: '10000', pending: '10000', sourcePayment: payment, transferGroup: 'order-1' } },
    ]);
    const [transferId = ''] = books.journal.payment(payment).transfers ?? [];
    const reverse = { type: 'ReverseTransfer', transferId } as const;
    expect(books.refused(reverse)).toMatchObject({ code: 'insufficient_available' });
    books.submit({ ...reverse, amount: '4000' });
    expect(books.of('acct_1')).toEqual([5_000n, 0n]);
    // Reversals by hand count: of 10,000 × 5,000 / 10,000 there are 4,000 already.
    const refund = books.refund(payment, '5000', 'transfer');
    expect(books.journal.refund(refund)).toMatchObject({ transferReversed: '1000' });
    expect(books.of('acct_1')).toEqual([4_000n, 0n]);
  });

  it('transfers an amount of its own, or from an available capture what is available', () => {
    const books = new ChargeBooks();
    books.pay({ transferData: { destination: 'acct_1', amount: '8500' } });
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [1_180n, 0n],
      [8_500n, 0n],
    ]);
    books.pay(destination('10000', '500'), true);
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [1_180n, 180n],
      [8_500n, 9_500n],
    ]);
  });

  it('takes nothing back that its account has not: the refund is refused, and names it', () => {
    const books = new ChargeBooks();
    const payment = books.pay(destination('10000', '1000'));
    books.settle();
    const [transferId = ''] = books.journal.payment(payment).transfers ?? [];
    books.submit({ type: 'ReverseTransfer', transferId, amount: '8500' });
    const refund = { type: 'CreateRefund', paymentId: payment, metadata: {}, reason: null } as const;
    expect(books.refused({ ...refund, reversesTransfer: true })).toMatchObject({
      code: 'insufficient_available',
      meta: { account: 'acct_1', available: '500' },
    });
    // The fee that comes back with it pays for it.
    books.submit({ ...refund, reversesTransfer: true, refundsApplicationFee: true });
    expect(books.of('acct_1')).toEqual([0n, 0n]);
  });

  it('whose refund fails has fee and transfer as if the others had come after all reversals by hand', () => {
    const books = new ChargeBooks();
    const payment = books.pay(destination('10000', '1000'));
    const first = books.refund(payment, '1000', 'fee', 'transfer');
    const [transferId = ''] = books.journal.payment(payment).transfers ?? [];
    books.submit({ type: 'ReverseTransfer', transferId, amount: '500' });
    const second = books.refund(payment, '4000', 'fee', 'transfer');
    expect(books.journal.refund(second)).toMatchObject({ transferReversed: '3500' });
    books.answer(second, true);
    books.answer(first, false);
    // 4,000 by the refund that remains, of which 500 by hand.
    expect(books.journal.refund(first)).toMatchObject({
      ...{ transferAgain: '1000', applicationFeeAgain: '100' },
      ...{ transferReversed: '0', applicationFeeRefunded: '0' },
    });
    expect(books.journal.payment(payment)).toMatchObject({
      ...{ amountRefunded: '4000', applicationFeeRefunded: '400', reversedByRefunds: '3500' },
    });
    expect(books.linesOf('acct_1').slice(-2)).toEqual([
      ['transfer', 1_000n],
      ['application_fee', -100n],
    ]);
    books.settle();
    books.answer(second, false);
    expect(books.journal.payment(payment)).toMatchObject({
      amountRefunded: '0',
      applicationFeeRefunded: '0',
    });
    expect(books.of('acct_1')).toEqual([0n, 8_500n]);
    expect(books.of('platform')).toEqual([0n, 1_180n]);
  });
});

describe('a direct payment', () => {
  it('of 10,000 with a fee of 1,500 leaves 8,180 to the account after the fee of the rail, and 1,500 to the platform', () => {
    const books = new ChargeBooks();
    books.pay(direct('10000', '1500'));
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [1_500n, 0n],
      [8_180n, 0n],
    ]);
    const line = books.lines.find(({ owner }) => owner === 'acct_1');
    expect(line).toMatchObject({ type: 'payment', amount: 10_000n, fee: 1_820n, applicationFee: 1_500n });
    expect(books.linesOf('platform')).toEqual([['application_fee', 1_500n]]);
    // The account bears the rail's fee: it is no expense of the platform's.
    expect(books.journal.balance('payments:expenses:processing:USD')).toBe(0n);
    books.settle();
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [0n, 1_500n],
      [0n, 8_180n],
    ]);
  });

  it('gives its fee back as its refunds add up: 411, 411 and 412 of 1,234', () => {
    const books = new ChargeBooks();
    const payment = books.pay(direct('10000', '1234'));
    const fees = thirds.map(
      (part) => books.journal.refund(books.refund(payment, part, 'fee')).applicationFeeRefunded,
    );
    expect(fees).toEqual(['411', '411', '412']);
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [0n, 0n],
      [0n, -320n],
    ]);
    books.settle();
    // What came to nothing is closed, so that no line stays pending.
    expect(books.journal.events.map(({ type }) => type)).toContain('AccountSettlementClosed');
  });

  it('is refunded by its account alone, whose balance may become negative; a failure gives it back', () => {
    const books = new ChargeBooks();
    const payment = books.pay(direct('10000', '1500'));
    const refund = books.refund(payment, '10000');
    expect(books.of('acct_1')).toEqual([0n, -1_820n]);
    books.settle();
    books.answer(refund, false);
    expect([books.of('platform'), books.of('acct_1')]).toEqual([
      [0n, 1_500n],
      [0n, 8_180n],
    ]);
  });

  it('of less than the fee of its rail leaves the account in debt, and is settled all the same', () => {
    const books = new ChargeBooks();
    books.pay(direct('20'));
    expect(books.of('acct_1')).toEqual([-11n, 0n]);
    books.settle();
    expect(books.of('acct_1')).toEqual([0n, -11n]);
  });

  it('of as much as the fee of its rail is booked, and comes to nothing', () => {
    const books = new ChargeBooks();
    books.pay(direct('31'));
    expect(books.of('acct_1')).toEqual([0n, 0n]);
    expect(books.lines).toMatchObject([{ owner: 'acct_1', amount: 31n, fee: 31n }]);
    books.settle();
    expect(books.journal.events.at(-1)?.type).toBe('AccountSettlementClosed');
  });

  it('is the source of no transfer, as a destination payment is none', () => {
    const books = new ChargeBooks();
    books.submit(newAccount('acct_2'));
    for (const more of [direct('10000'), destination('10000', '1')])
      expect(
        books.refused({
          type: 'CreateTransfer',
          ...{ amount: '1', currency: 'USD', description: null, livemode: false },
          ...{ destination: 'acct_2', metadata: {}, sourcePayment: books.pay(more), transferGroup: null },
        }),
      ).toMatchObject({ code: 'source_not_transferable' });
  });
});

describe('is refused', () => {
  const refusedBy = (more: Partial<CreatePayment>, books = new ChargeBooks()): unknown =>
    books.refused({ ...newPayment, ...more });

  it('what is more than the payment, then and when it is changed or captured', () => {
    const tooMuch = { code: 'application_fee_exceeds_amount', param: '/application_fee_amount' };
    const tooFar = { code: 'transfer_exceeds_amount', param: '/transfer_data/amount' };
    const part = { transferData: { destination: 'acct_1', amount: '101' } };
    expect(refusedBy(direct('100', '101'))).toMatchObject(tooMuch);
    expect(refusedBy({ amount: '100', ...part })).toMatchObject(tooFar);
    const books = new ChargeBooks();
    const open = { confirm: false, captureMethod: 'manual' } as const;
    const paymentId = books.create({ ...direct('200', '101'), ...open });
    // The field that was sent is named, not one of the payment.
    const change = { type: 'UpdatePayment', paymentId, amount: '100' } as const;
    expect(books.refused(change)).toMatchObject({ ...tooMuch, param: '/amount' });
    const [first, second] = [direct('200', '101'), { amount: '200', ...part }].map((more) => {
      const id = books.create({ ...more, captureMethod: 'manual' });
      const outcome = { kind: 'authorized', railReference: 'ch_1' } as const;
      const call = books.journal.payment(id).call?.key ?? '';
      books.submit({ type: 'RecordRailOutcome', call, outcome, payment: id, refund: null });
      return { type: 'CapturePayment', paymentId: id, amountToCapture: '100' } as const;
    });
    if (first === undefined || second === undefined) throw new Error('there are two');
    const param = '/amount_to_capture';
    expect(books.refused(first)).toMatchObject({ ...tooMuch, param });
    expect(books.refused({ ...first, applicationFeeAmount: '101' })).toMatchObject(tooMuch);
    expect(books.refused(second)).toMatchObject({ ...tooFar, param });
    const noFee = { ...second, amountToCapture: '150', applicationFeeAmount: '1' };
    expect(books.refused(noFee)).toMatchObject({ code: 'recipient_invalid' });
    books.submit({ ...first, applicationFeeAmount: '50' });
    books.capture(first.paymentId);
    // 100 less the fee of the rail, 33, and 50.
    expect(books.of('acct_1')).toEqual([17n, 0n]);
  });

  it('what an account may not have: unknown, closed, suspended, or without the capability', () => {
    const books = new ChargeBooks();
    books.submit(newAccount('acct_2'));
    const to = (id: string) => ({ transferData: { amount: null, destination: id } });
    const by = (id: string) => ({ connectedAccount: id });
    const inactive = { code: 'capability_inactive', param: '/connected_account' };
    expect(refusedBy(by('acct_2'), books)).toMatchObject(inactive);
    expect(refusedBy(by('acct_9'), books)).toMatchObject({ code: 'unknown_connected_account' });
    expect(refusedBy({ ...by('acct_9'), actsAs: 'acct_9' }, books)).toMatchObject({
      ...{ code: 'connected_account_not_found', param: '/Connected-Account' },
    });
    expect(refusedBy(to('acct_9'), books)).toMatchObject({
      ...{ code: 'unknown_destination', param: '/transfer_data/destination' },
    });
    const waiting = ['acct_1', 'acct_1'].map((id, n) =>
      books.create({ ...(n === 0 ? by(id) : to(id)), confirm: false }),
    );
    books.submit({ type: 'SuspendConnectedAccount', accountId: 'acct_1' });
    expect(refusedBy(by('acct_1'), books)).toMatchObject(inactive);
    expect(refusedBy(to('acct_1'), books)).toMatchObject({ code: 'account_suspended' });
    const codes = waiting.map((paymentId) =>
      books.refused({ type: 'ConfirmPayment', paymentId, offSession: false }),
    );
    expect(codes).toMatchObject([{ code: 'capability_inactive' }, { code: 'account_suspended' }]);
    // A confirm has no field for either; the account itself is named by a header.
    expect(codes.filter((refusal) => 'param' in (refusal as object))).toEqual([]);
    const [paymentId = ''] = waiting;
    const itself = { type: 'ConfirmPayment', paymentId, offSession: false, actsAs: 'acct_1' } as const;
    expect(books.refused(itself)).toMatchObject({ ...inactive, param: '/Connected-Account' });
    const transfer = {
      type: 'CreateTransfer',
      ...{ amount: '1', currency: 'USD', description: null, destination: 'acct_1' },
      ...{ livemode: false, metadata: {}, sourcePayment: null, transferGroup: null },
    } as const;
    expect(books.refused(transfer)).toMatchObject({ code: 'account_suspended', param: '/destination' });
  });

  it('an option of a refund for which there is nothing, and a payment of somebody else', () => {
    const books = new ChargeBooks();
    const refund = { type: 'CreateRefund', metadata: {}, reason: null } as const;
    const ofPlatform = { ...refund, paymentId: books.pay({}) };
    const option = 'refund_option_invalid';
    expect(books.refused({ ...ofPlatform, reversesTransfer: true })).toMatchObject({
      ...{ code: option, param: '/reverse_transfer' },
    });
    expect(books.refused({ ...ofPlatform, refundsApplicationFee: true })).toMatchObject({
      ...{ code: option, param: '/refund_application_fee' },
    });
    expect(books.refused({ ...ofPlatform, actsAs: 'acct_1' })).toMatchObject({ code: 'payment_not_found' });
    const own = { ...refund, paymentId: books.pay(direct('500')) };
    expect(books.refused({ ...own, actsAs: 'acct_2' })).toMatchObject({ code: 'payment_not_found' });
    books.submit({ ...own, actsAs: 'acct_1' });
  });

  it('closing an account while a payment or a refund of it is under way', () => {
    const books = new ChargeBooks();
    const close = { type: 'CloseConnectedAccount', accountId: 'acct_1' } as const;
    const paymentId = books.create({ ...direct('100'), confirm: false });
    expect(books.refused(close)).toMatchObject({ code: 'account_not_empty' });
    books.submit({ type: 'CancelPayment', paymentId, cancellationReason: null });
    expect(underWayOf(books.journal.records, 'acct_1')).toBe(0);
    const refund = books.refund(books.pay(destination('100', '100')), '100', 'fee', 'transfer');
    expect(underWayOf(books.journal.records, 'acct_1')).toBe(1);
    expect(books.refused(close)).toMatchObject({ code: 'account_not_empty' });
    books.answer(refund, true);
    books.settle();
    books.submit(close);
  });
});

it.each([
  ['direct', direct('200', '101'), [164n, 0n]],
  ['destination', destination('200', '101'), [200n, 0n]],
] as const)('a capture takes back the fee with 0: %s', (_what, more, has) => {
  const books = new ChargeBooks();
  const paymentId = books.create({ ...more, captureMethod: 'manual' });
  const outcome = { kind: 'authorized', railReference: 'ch_1' } as const;
  const call = books.journal.payment(paymentId).call?.key ?? '';
  books.submit({ type: 'RecordRailOutcome', call, outcome, payment: paymentId, refund: null });
  books.submit({ type: 'CapturePayment', paymentId, applicationFeeAmount: '0' });
  books.capture(paymentId);
  expect(books.of('acct_1')).toEqual(has);
  expect(books.journal.payment(paymentId)).not.toHaveProperty('applicationFeeAmount');
});

describe('a transfer to an account whose settlement is below zero', () => {
  it.each([100n, 500n])('goes back of what is available, and moves no more than that: of %s', (available) => {
    const books = new ChargeBooks();
    // The whole is the platform's, and the rail's fee the account's.
    books.pay(direct('10000', '10000'));
    const sourcePayment = books.pay({});
    const more = { amount: '100', currency: 'USD', description: null, destination: 'acct_1' } as const;
    const made = {
      ...more,
      livemode: false,
      metadata: {},
      transferGroup: null,
      type: 'CreateTransfer',
    } as const;
    books.submit({ ...made, sourcePayment });
    expect(books.of('acct_1')).toEqual([-220n, 0n]);
    const transferId = [...books.journal.records.values()].flatMap((record) =>
      record.kind === 'transfer' ? [(record as unknown as { transfer: { id: string } }).transfer.id] : [],
    )[0] as string;
    expect(books.refused({ type: 'ReverseTransfer', transferId })).toMatchObject({
      ...{ code: 'insufficient_available', meta: { available: '0' } },
    });
    books.pay({}, true);
    books.submit({ ...made, amount: String(available), sourcePayment: null });
    books.submit({ type: 'ReverseTransfer', transferId });
    expect(books.of('acct_1')).toEqual([-220n, available - 100n]);
  });
});

describe.each([
  ['direct', direct],
  ['destination', destination],
] as const)('the fee of a payment whose capture was declined: %s', (_what, paid) => {
  const confirmedAgain = (fee: string | undefined, named: string, lose: boolean): PaymentFacts => {
    const books = new ChargeBooks();
    const { applicationFeeAmount: _fee, ...unnamed } = paid('10000', '1');
    const more = fee === undefined ? unnamed : paid('10000', fee);
    const paymentId = books.create({ ...more, captureMethod: 'manual' });
    const say = (outcome: RailOutcome): void => {
      const call = books.journal.payment(paymentId).call?.key ?? '';
      books.submit({ type: 'RecordRailOutcome', call, outcome, payment: paymentId, refund: null });
    };
    say({ kind: 'authorized', railReference: 'ch_1' });
    books.submit({ type: 'CapturePayment', paymentId, applicationFeeAmount: named });
    if (lose) {
      // Nothing comes, so the rail is asked, and called again.
      say({ kind: 'unknown' });
      say({ kind: 'not_known' });
    }
    say({ kind: 'declined', railReference: 'ch_1', declineCode: 'generic_decline', message: 'No.' });
    const again = { offSession: false, paymentMethod: 'pm_card_visa' };
    books.submit({ type: 'ConfirmPayment', paymentId, ...again });
    say({ kind: 'authorized', railReference: 'ch_2' });
    books.submit({ type: 'CapturePayment', paymentId });
    books.capture(paymentId);
    return books.journal.payment(paymentId);
  };

  it.each([
    ['1000', '500', false],
    ['1000', '500', true],
    ['1000', '0', false],
    ['1000', '1000', true],
    [undefined, '500', false],
    [undefined, '500', true],
  ])('is that of the payment, %s, and not of that capture, %s (asked: %s)', (fee, named, isLost) => {
    expect(confirmedAgain(fee, named, isLost).applicationFeeAmount).toBe(fee);
  });
});
