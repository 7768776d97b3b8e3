import type { Decision } from '@fintech-ledger/journal';
import { metadataOf } from '../../../testing/metadata-of';
import { isNoReport, PaymentsJournal } from '../../../testing/payments/payments-journal';
import type { CreatePayment, PaymentCommand } from './commands';
import type { PaymentEvent } from './events';
import type { PaymentFacts } from './facts';
import { railEffectsOf } from './rail-effects';
import type { RailOutcome } from './rail-calls';

const create: CreatePayment = {
  type: 'CreatePayment',
  customer: null,
  amount: '10000',
  captureMethod: 'automatic',
  confirm: true,
  currency: 'USD',
  description: 'order 1001',
  livemode: false,
  metadata: { order: '1001' },
  offSession: false,
  paymentMethod: 'pm_card_visa',
  rail: null,
  returnUrl: null,
  transferGroup: null,
};
const captured = (more: object = {}): RailOutcome => ({
  kind: 'captured',
  railReference: 'sim_1',
  fee: '320',
  availableOn: '2026-01-07T00:00:00.000Z',
  ...more,
});
const declined: RailOutcome = {
  kind: 'declined',
  railReference: 'sim_1',
  declineCode: 'insufficient_funds',
  message: 'The card has insufficient funds.',
};
const authorized: RailOutcome = { kind: 'authorized', railReference: 'sim_1' };
const actionRequired: RailOutcome = { kind: 'requires_action', railReference: 'sim_1', url: '/pay/x' };
const pay = 'pay_0';
const ms = (text: string): number => Date.parse(text);

class Given {
  readonly journal = new PaymentsJournal();

  /** Accepted, or the spec is wrong. */
  do(command: PaymentCommand): this {
    const decision = this.journal.submit(command);
    if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
    return this;
  }
  /** What the rail says of the payment's latest call. */
  says(outcome: RailOutcome): this {
    const key = this.payment.call?.key ?? '';
    return this.do({ type: 'RecordRailOutcome', call: key, outcome, payment: pay, refund: null });
  }
  /** What the rail says of a refund. */
  saysOf(refund: string, outcome: RailOutcome): this {
    return this.do({ type: 'RecordRailOutcome', call: refund, outcome, payment: pay, refund });
  }
  refund(amount?: string): this {
    return this.do({ ...refund, ...(amount !== undefined && { amount }) });
  }
  at(time: string): this {
    this.journal.advance(ms(time), isNoReport);
    return this;
  }
  refused(command: PaymentCommand): string {
    const decision = this.journal.decide(command);
    return decision.kind === 'refused'
      ? `${decision.refusal.code} ${decision.refusal.param ?? ''}`.trim()
      : 'accepted';
  }
  decide(command: PaymentCommand): Decision<PaymentEvent> {
    return this.journal.decide(command);
  }
  get payment(): PaymentFacts {
    return this.journal.payment(pay);
  }
  get types(): readonly string[] {
    return this.journal.events.map(({ type }) => type);
  }
  /** Balances that are not zero, without what is the same in all addresses. */
  get balances(): Readonly<Record<string, string>> {
    const all = this.journal.accounts.map(({ address }): [string, string] => [
      address.replace('payments:', '').replace(':USD', ''),
      String(this.journal.balance(address)),
    ]);
    return Object.fromEntries(all.filter(([, balance]) => balance !== '0'));
  }
}
const given = (): Given => new Given();
const refund = { type: 'CreateRefund', paymentId: pay, metadata: {}, reason: null } as const;
const confirm = { type: 'ConfirmPayment', paymentId: pay, offSession: false } as const;
const cancel = { type: 'CancelPayment', paymentId: pay, cancellationReason: 'abandoned' } as const;
const capture = { type: 'CapturePayment', paymentId: pay } as const;

describe('a payment', () => {
  it('is created without a method, and waits for one', () => {
    const it = given().do({ ...create, confirm: false, paymentMethod: null });
    expect(it.payment).toMatchObject({ status: 'requires_payment_method', attempt: null, call: null });
    expect(it.refused(confirm)).toBe('payment_method_required /payment_method');
    it.do({ type: 'UpdatePayment', paymentId: pay, paymentMethod: 'pm_card_visa', amount: '500' });
    expect(it.payment).toMatchObject({ status: 'requires_confirmation', amount: '500' });
    it.do({ type: 'UpdatePayment', paymentId: pay, paymentMethod: null });
    expect(it.payment.status).toBe('requires_payment_method');
    expect(it.types).toEqual(['PaymentCreated', 'PaymentUpdated', 'PaymentUpdated']);
  });

  it('keeps that its payer is not there until it is confirmed, unless the confirmation says', () => {
    const ask = { ...create, confirm: false, offSession: true } as const;
    const changed = { type: 'UpdatePayment', paymentId: pay, amount: '500' } as const;
    const calledOff = ({ payment }: Given) => [payment.call?.offSession, payment.offSession];
    const confirmOnly = { type: 'ConfirmPayment', paymentId: pay } as const;
    expect(given().do(ask).payment.offSession).toBe(true);
    expect(calledOff(given().do(ask).do(changed).do(confirmOnly))).toEqual([true, undefined]);
    expect(calledOff(given().do(ask).do(confirm))).toEqual([false, undefined]);
    expect(given().do(ask).do(cancel).payment.offSession).toBeUndefined();
    // A later confirmation is another one: who declined then may be there now.
    expect(calledOff(given().do(ask).do(confirmOnly).says(declined).do(confirmOnly))).toEqual([
      false,
      undefined,
    ]);
    expect(calledOff(given().do({ ...ask, confirm: true }))).toEqual([true, undefined]);
  });

  it('is confirmed by the event that creates it, has its rail called once, and booked with the outcome', () => {
    const it = given().do(create);
    expect(it.types).toEqual(['PaymentCreated']);
    expect(it.balances).toEqual({});
    expect(it.payment.attempt).toMatchObject({ id: 'att_0', status: 'pending', rail: 'simulator' });
    expect(railEffectsOf(it.journal.events[0] as PaymentEvent)).toEqual([
      {
        kind: 'authorize',
        key: 'att_0',
        attempt: 1,
        data: {
          amount: '10000',
          at: '2026-01-05T12:00:00.000Z',
          capture: true,
          currency: 'USD',
          livemode: false,
          offSession: false,
          payment: pay,
          paymentMethod: 'pm_card_visa',
          rail: 'simulator',
          returnUrl: null,
        },
      },
    ]);
    it.says(captured());
    expect(it.payment).toMatchObject({
      status: 'succeeded',
      amountCaptured: '10000',
      fee: '320',
      pending: '9680',
    });
    expect(it.balances).toEqual({
      'rails:simulator:clearing': '9680',
      'platform:pending': '9680',
      'expenses:processing': '320',
      'platform:result': '320',
    });
  });

  it('is booked once, however often the rail says it', () => {
    const it = given().do(create);
    const say = {
      type: 'RecordRailOutcome',
      call: 'att_0',
      outcome: captured(),
      payment: pay,
      refund: null,
    } as const;
    it.do(say)
      .do(say)
      .do({ ...say, outcome: declined });
    expect(it.types).toEqual(['PaymentCreated', 'PaymentCaptured']);
  });

  it('waits for a method again when it is declined, and says why', () => {
    const it = given().do(create).says(declined);
    expect(it.payment).toMatchObject({
      status: 'requires_payment_method',
      lastError: { code: 'payment_declined', declineCode: 'insufficient_funds' },
      attempt: { status: 'failed', code: 'payment_declined' },
    });
    expect(it.balances).toEqual({});
    it.do({ ...confirm, paymentMethod: 'pm_card_mastercard' }).says(captured());
    expect(it.payment).toMatchObject({ status: 'succeeded', lastError: null, attempt: { id: 'att_2' } });
  });

  it('waits for its payer, and is captured after the action', () => {
    const it = given().do(create).says(actionRequired);
    expect(it.payment).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect_to_url', url: '/pay/x' },
      attempt: { status: 'requires_action' },
    });
    it.says(captured());
    expect(it.payment).toMatchObject({
      status: 'succeeded',
      nextAction: null,
      attempt: { status: 'succeeded' },
    });
  });

  it('is authorized, and captured in part: the rest is released', () => {
    const it = given()
      .do({ ...create, captureMethod: 'manual' })
      .says(authorized);
    expect(it.payment).toMatchObject({
      status: 'requires_capture',
      amountCapturable: '10000',
      expiresAt: '2026-01-12T12:00:00.000Z',
    });
    expect(it.refused({ ...capture, amountToCapture: '10001' })).toBe(
      'capture_exceeds_authorized /amount_to_capture',
    );
    it.do({ ...capture, amountToCapture: '4000' });
    expect(it.payment.call).toMatchObject({ kind: 'capture', amount: '4000', state: 'awaited' });
    it.says(captured({ fee: '146' }));
    expect(it.payment).toMatchObject({ status: 'succeeded', amountCaptured: '4000', amountCapturable: '0' });
    expect(it.balances['platform:pending']).toBe('3854');
  });

  it('waits for a method again when what was authorized is not there any more', () => {
    const it = given()
      .do({ ...create, captureMethod: 'manual' })
      .says(authorized)
      .do(capture)
      .says(declined);
    expect(it.payment).toMatchObject({
      status: 'requires_payment_method',
      amountCapturable: '0',
      expiresAt: null,
    });
  });

  it('is canceled at the rail once that has begun, and at once before', () => {
    const before = given()
      .do({ ...create, confirm: false })
      .do(cancel);
    expect(before.payment).toMatchObject({ status: 'canceled', cancellationReason: 'abandoned' });
    const after = given()
      .do({ ...create, captureMethod: 'manual' })
      .says(authorized)
      .do(cancel);
    expect(after.payment).toMatchObject({ status: 'requires_capture', call: { kind: 'void' } });
    after.says({ kind: 'voided' });
    expect(after.payment).toMatchObject({ status: 'canceled', attempt: { status: 'canceled' } });
    expect(after.balances).toEqual({});
  });

  it('is booked when it was captured before it could be canceled', () => {
    const it = given().do(create).says(actionRequired).do(cancel).says(captured());
    expect(it.payment).toMatchObject({ status: 'succeeded', cancellationReason: null });
  });

  it('is canceled when its authorization ends', () => {
    const it = given()
      .do({ ...create, captureMethod: 'manual' })
      .says(authorized);
    it.at('2026-01-12T11:59:59.999Z');
    expect(it.payment.call?.state).toBe('ended');
    it.at('2026-01-12T12:00:00.000Z');
    expect(it.payment.call).toMatchObject({ kind: 'void', state: 'open' });
    it.says({ kind: 'voided' });
    expect(it.payment).toMatchObject({ status: 'canceled', cancellationReason: 'expired' });
  });

  it.each(['pending', 'unknown'] as const)(
    'is asked about when the rail says "%s", until it is known',
    (kind) => {
      const outcome: RailOutcome = kind === 'pending' ? { kind, railReference: 'sim_1' } : { kind };
      const it = given().do(create).says(outcome);
      expect(it.payment).toMatchObject({ status: 'processing', attempt: { status: kind } });
      it.at(it.payment.call?.askAt ?? '');
      expect(railEffectsOf(it.journal.events.at(-1) as PaymentEvent)).toMatchObject([
        { kind: 'ask', key: 'att_0', attempt: 2, data: { of: 'authorize', payment: pay } },
      ]);
      const asked = it.types.length;
      it.says({ kind: 'unknown' });
      expect(it.types).toHaveLength(asked);
      // The call never came there: it is made again by the same key.
      it.says({ kind: 'not_known' });
      expect(railEffectsOf(it.journal.events.at(-1) as PaymentEvent)).toMatchObject([
        { kind: 'authorize', key: 'att_0', attempt: 3 },
      ]);
      it.says(captured());
      expect(it.payment.status).toBe('succeeded');
    },
  );

  it('is asked about after a crash, less and less often', () => {
    const it = given().do(create);
    const waits: number[] = [];
    for (let i = 0; i < 11; i += 1) {
      const { askAt = '' } = it.payment.call ?? {};
      waits.push((ms(askAt) - ms(it.journal.now)) / 1_000);
      it.at(askAt);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600]);
  });
});

describe('what a payment is not asked', () => {
  const method = (paymentMethod: string, more: object = {}): PaymentCommand => ({
    ...create,
    paymentMethod,
    ...more,
  });

  it.each<[string, PaymentCommand]>([
    ['unknown_currency /currency', { ...create, currency: 'ABC' }],
    ['unknown_currency /currency', { ...create, currency: 'XAU' }],
    ['withdrawn_currency /currency', { ...create, currency: 'HRK' }],
    ['unknown_payment_method /payment_method', method('pm_none')],
    ['test_method_in_live_mode /payment_method', method('pm_card_visa', { livemode: true })],
    ['rail_unavailable /rail', method('pm_card_visa', { rail: 'other' })],
    ['rail_unavailable /rail', method('pm_card_visa', { rail: 'simulator', livemode: true })],
    ['payment_method_required /payment_method', { ...create, paymentMethod: null }],
    ['payment_not_found', confirm],
    ['payment_not_found /payment', refund],
  ])('%s', (code, command) => {
    expect(given().refused(command)).toBe(code);
  });

  it('has a transition that its status does not allow: the payment is shown as it is', () => {
    const it = given().do(create);
    // While the rail is called.
    for (const command of [
      confirm,
      cancel,
      capture,
      refund,
      { type: 'UpdatePayment', paymentId: pay } as const,
    ])
      expect(it.decide(command)).toMatchObject({
        refusal: { code: 'payment_unexpected_state', objects: { payment: { id: pay, object: 'payment' } } },
      });
    it.says(captured());
    for (const command of [
      confirm,
      cancel,
      capture,
      { type: 'UpdatePayment', paymentId: pay, amount: '5' } as const,
    ])
      expect(it.decide(command)).toMatchObject({
        refusal: { code: 'payment_unexpected_state', objects: { payment: { status: 'succeeded' } } },
      });
  });
});

describe('a change of a payment', () => {
  const change = { type: 'UpdatePayment', paymentId: pay } as const;

  it('merges metadata by key, whatever the status is', () => {
    const it = given().do(create).says(captured());
    it.do({ ...change, metadata: { b: '2', a: '1' } });
    expect(Object.entries(it.payment.metadata)).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['order', '1001'],
    ]);
    it.do({ ...change, metadata: { order: null } });
    expect(it.payment.metadata).toEqual({ a: '1', b: '2' });
    it.do({ ...change, metadata: null, description: null });
    expect(it.payment).toMatchObject({ metadata: {}, description: null });
  });

  it('leaves at most 50 keys of metadata, of one of earlier that has more only fewer', () => {
    for (const count of [50, 60]) {
      const it = given()
        .do({ ...create, metadata: metadataOf(count) })
        .says(captured());
      const decision = it.decide({ ...change, metadata: { new: 'v' } });
      expect(decision).toMatchObject({ refusal: { code: 'metadata_limit', param: '/metadata' } });
      expect(Object.keys(it.payment.metadata)).toHaveLength(count);
      it.do({ ...change, metadata: { k0: null } });
      expect(Object.keys(it.payment.metadata)).toHaveLength(count - 1);
    }
  });

  it('is no event when nothing changes', () => {
    const it = given().do(create).says(captured());
    expect(it.decide({ ...change, metadata: { order: '1001' } })).toMatchObject({
      events: [],
      answeredAs: [{}],
    });
  });
});

describe('a refund', () => {
  const paid = (): Given => given().do(create).says(captured());

  it('takes from what its payment has pending, then from what is available, which may become negative', () => {
    const it = paid().refund();
    expect(it.journal.refund('re_2')).toMatchObject({
      fromPending: '9680',
      fromAvailable: '320',
      status: 'pending',
    });
    expect(it.balances).toMatchObject({
      refunds_in_transit: '10000',
      'platform:available': '-320',
      'rails:simulator:clearing': '9680',
    });
    it.saysOf('re_2', { kind: 'refunded', railReference: 'sim_r' });
    expect(it.balances).toEqual({
      'rails:simulator:clearing': '-320',
      'platform:available': '-320',
      'expenses:processing': '320',
      'platform:result': '320',
    });
    expect(it.payment).toMatchObject({ amountRefunded: '10000', pending: '0', status: 'succeeded' });
  });

  it('is refused for more than is left', () => {
    const it = paid().refund('3333');
    expect(it.refused({ ...refund, amount: '6668' })).toBe('refund_exceeded /amount');
    it.refund('6667');
    expect(it.refused(refund)).toBe('refund_exceeded /amount');
  });

  it('that fails no longer counts, and gives back what it took', () => {
    const it = paid();
    const before = it.balances;
    it.refund('9700').saysOf('re_2', { kind: 'refund_failed', reason: 'lost_or_stolen_card' });
    expect(it.balances).toEqual(before);
    expect(it.payment).toMatchObject({ amountRefunded: '0', pending: '9680' });
    expect(it.journal.refund('re_2')).toMatchObject({
      status: 'failed',
      failureReason: 'lost_or_stolen_card',
    });
  });

  it('may fail after it succeeded, and after its payment was settled', () => {
    const it = paid().refund('1000').saysOf('re_2', { kind: 'refunded', railReference: 'sim_r' });
    it.at('2026-01-07T00:00:00.000Z');
    expect(it.balances).toMatchObject({ bank: '8680', 'platform:available': '8680' });
    it.saysOf('re_2', { kind: 'refund_failed', reason: 'unknown' });
    expect(it.balances).toMatchObject({ 'platform:available': '9680', 'rails:simulator:clearing': '1000' });
    // The rail gives it back with what it settles next.
    it.do(create);
    it.do({
      type: 'RecordRailOutcome',
      call: it.journal.payment('pay_6').call?.key ?? '',
      outcome: captured({ availableOn: '2026-01-09T00:00:00.000Z' }),
      payment: 'pay_6',
      refund: null,
    });
    it.at('2026-01-09T00:00:00.000Z');
    expect(it.balances).toMatchObject({ bank: '19360', 'platform:available': '19360' });
    expect(it.balances['rails:simulator:clearing']).toBeUndefined();
  });
});

it('that fails where nothing was left to settle makes that due again', () => {
  const it = given().do(create).says(captured()).refund('9700');
  it.saysOf('re_2', { kind: 'refunded', railReference: 'sim_r' }).at('2026-01-08T00:00:00.000Z');
  expect(it.types).not.toContain('PaymentsSettled');
  it.saysOf('re_2', { kind: 'refund_failed', reason: 'unknown' }).at('2026-01-08T00:00:00.001Z');
  expect(it.balances).toMatchObject({ bank: '9680', 'platform:available': '9680' });
});

describe('what was captured', () => {
  it('becomes available at its moment, in one event for all of it, and is paid out to the bank', () => {
    const it = given().do(create).says(captured());
    it.at('2026-01-06T23:59:59.999Z');
    expect(it.types).not.toContain('PaymentsSettled');
    it.at('2026-01-07T00:00:00.000Z');
    expect(it.types.filter((type) => type === 'PaymentsSettled')).toHaveLength(1);
    expect(it.balances).toMatchObject({ bank: '9680', 'platform:available': '9680' });
    expect(it.balances['platform:pending']).toBeUndefined();
  });

  it('is settled less the refunds that the rail keeps back', () => {
    const it = given()
      .do(create)
      .says(captured({ availableOn: '2026-01-05T12:00:00.000Z' }));
    expect(it.balances).toMatchObject({ bank: '9680', 'platform:available': '9680' });
    it.refund('1000').saysOf('re_2', { kind: 'refunded', railReference: 'sim_r' });
    expect(it.balances).toMatchObject({ 'rails:simulator:clearing': '-1000', 'platform:available': '8680' });
    it.do(create);
    it.do({
      type: 'RecordRailOutcome',
      call: it.journal.payment('pay_4').call?.key ?? '',
      outcome: captured(),
      payment: 'pay_4',
      refund: null,
    });
    it.at('2026-01-07T00:00:00.000Z');
    expect(it.balances).toMatchObject({ bank: '18360', 'platform:available': '18360' });
    expect(it.balances['rails:simulator:clearing']).toBeUndefined();
  });

  it('takes the pending balance below zero where the fee is more', () => {
    const it = given()
      .do({ ...create, amount: '20' })
      .says(captured({ fee: '31' }));
    expect(it.balances).toMatchObject({ 'platform:pending': '-11', 'rails:simulator:clearing': '-11' });
    it.at('2026-01-07T00:00:00.000Z');
    expect(it.balances).toMatchObject({ 'platform:available': '-11', bank: '-11' });
  });
});
