import type { PaymentCommand, PaymentEvent, PaymentFacts } from '@fintech-ledger/payments/domain';
import { railEffectsOf } from '@fintech-ledger/payments/domain';
import { PaymentsJournal } from '../../../testing/payments/payments-journal';
import type { CustomerCommand } from './commands';

type Create = Extract<PaymentCommand, { readonly type: 'CreatePayment' }>;
const pay: Create = {
  type: 'CreatePayment',
  amount: '10000',
  captureMethod: 'automatic',
  confirm: true,
  currency: 'USD',
  customer: null,
  description: null,
  livemode: false,
  metadata: {},
  offSession: false,
  paymentMethod: null,
  rail: null,
  returnUrl: null,
  transferGroup: null,
};
const customer = (id: string): CustomerCommand => ({
  type: 'CreateCustomer',
  address: null,
  customerId: `cus_${id}`,
  defaultPaymentMethod: null,
  description: null,
  email: null,
  livemode: false,
  metadata: {},
  name: null,
  phone: null,
  subject: `sub_${id}`,
});
const save = (id: string, template = 'pm_card_visa'): CustomerCommand => ({
  type: 'AttachPaymentMethod',
  customerId: `cus_${id}`,
  livemode: false,
  template,
});

/** Ids carry revisions: what each of these saved is `pm_2` and `pm_3`. */
function journal(...more: readonly (CustomerCommand | PaymentCommand)[]): PaymentsJournal {
  const made = new PaymentsJournal();
  for (const command of [
    customer('1'),
    customer('2'),
    save('1'),
    save('2', 'pm_card_chargeDeclined'),
    ...more,
  ])
    if (made.submit(command).kind === 'refused') throw new Error(`a ${command.type} was refused`);
  return made;
}
function created(of: PaymentsJournal, command: Partial<Create>): PaymentFacts {
  const decision = of.submit({ ...pay, ...command });
  if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
  const last = decision.events.at(-1) as Extract<
    PaymentEvent,
    { readonly data: { readonly payment: unknown } }
  >;
  return last.data.payment;
}
const refusal = (of: PaymentsJournal, command: PaymentCommand): unknown => {
  const decision = of.decide(command);
  return decision.kind === 'refused' ? [decision.refusal.code, decision.refusal.param] : decision;
};

describe('a payment of a customer', () => {
  it('names them, whatever it is paid with', () => {
    const payment = created(journal(), { customer: 'cus_1', paymentMethod: 'pm_card_visa' });
    expect(payment).toMatchObject({ customer: 'cus_1', paymentMethod: 'pm_card_visa' });
    expect(payment.attempt).not.toHaveProperty('template');
  });

  it('is not made of somebody who is not there, or is deleted', () => {
    expect(refusal(journal(), { ...pay, customer: 'cus_9' })).toEqual(['unknown_customer', '/customer']);
    const deleted = journal({ type: 'DeleteCustomer', customerId: 'cus_1' });
    expect(refusal(deleted, { ...pay, customer: 'cus_1', paymentMethod: 'pm_card_visa' })).toEqual([
      'unknown_customer',
      '/customer',
    ]);
  });

  it('keeps their id when they are deleted later', () => {
    const of = journal();
    const { id } = created(of, { customer: 'cus_1', confirm: false });
    of.submit({ type: 'DeleteCustomer', customerId: 'cus_1' });
    expect(of.payment(id)).toMatchObject({ customer: 'cus_1' });
  });
});

describe('a saved payment method', () => {
  it('pays for its owner, who is named by it, and behaves as what it was made of', () => {
    const of = journal();
    const payment = created(of, { paymentMethod: 'pm_2' });
    expect(payment).toMatchObject({
      customer: 'cus_1',
      paymentMethod: 'pm_2',
      attempt: { paymentMethod: 'pm_2', template: 'pm_card_visa', card: { last4: '4242' } },
    });
    const [effect] = railEffectsOf(of.events.at(-1) as PaymentEvent);
    expect(effect?.data).toMatchObject({ paymentMethod: 'pm_card_visa' });
  });

  it('pays for nobody else', () => {
    const of = journal();
    expect(refusal(of, { ...pay, customer: 'cus_2', paymentMethod: 'pm_2' })).toEqual([
      'payment_method_mismatch',
      '/payment_method',
    ]);
    const { id } = created(of, { customer: 'cus_2', confirm: false });
    const mismatch = ['payment_method_mismatch', '/payment_method'];
    expect(refusal(of, { type: 'UpdatePayment', paymentId: id, paymentMethod: 'pm_2' })).toEqual(mismatch);
    const confirm = { type: 'ConfirmPayment', paymentId: id, offSession: false } as const;
    expect(refusal(of, { ...confirm, paymentMethod: 'pm_2' })).toEqual(mismatch);
    const { id: theirs } = created(of, { paymentMethod: 'pm_2', confirm: false });
    expect(refusal(of, { type: 'UpdatePayment', paymentId: theirs, customer: 'cus_2' })).toEqual(mismatch);
  });

  it('that was detached pays no more, nor does what was saved with it before', () => {
    const of = journal();
    const { id } = created(of, { paymentMethod: 'pm_2', confirm: false });
    of.submit({ type: 'DetachPaymentMethod', paymentMethodId: 'pm_2' });
    const detached = ['payment_method_detached', '/payment_method'];
    expect(refusal(of, { ...pay, paymentMethod: 'pm_2' })).toEqual(detached);
    expect(refusal(of, { type: 'ConfirmPayment', paymentId: id, offSession: false })).toEqual(detached);
    expect(refusal(of, { ...pay, paymentMethod: 'pm_none' })).toEqual([
      'unknown_payment_method',
      '/payment_method',
    ]);
  });
});

describe('a confirm', () => {
  const asDefault: CustomerCommand = {
    type: 'UpdateCustomer',
    customerId: 'cus_1',
    defaultPaymentMethod: 'pm_2',
  };

  it('takes the method that it names, else that of the payment, else the default of the customer', () => {
    const of = journal(asDefault);
    expect(created(of, { customer: 'cus_1' })).toMatchObject({ paymentMethod: 'pm_2' });
    expect(created(of, { customer: 'cus_1', paymentMethod: 'pm_card_mastercard' })).toMatchObject({
      paymentMethod: 'pm_card_mastercard',
    });
    const { id } = created(of, { customer: 'cus_1', confirm: false });
    expect(of.payment(id)).toMatchObject({ status: 'requires_payment_method', paymentMethod: null });
    of.submit({ type: 'ConfirmPayment', paymentId: id, offSession: false });
    expect(of.payment(id)).toMatchObject({ paymentMethod: 'pm_2', attempt: { template: 'pm_card_visa' } });
  });

  it('without any method is refused', () => {
    const of = journal();
    expect(refusal(of, { ...pay, customer: 'cus_1' })).toEqual([
      'payment_method_required',
      '/payment_method',
    ]);
    const { id } = created(of, { customer: 'cus_1', confirm: false });
    expect(refusal(of, { type: 'ConfirmPayment', paymentId: id, offSession: false })).toEqual([
      'payment_method_required',
      '/payment_method',
    ]);
  });
});

describe('who pays may be changed', () => {
  it('until the payment is confirmed', () => {
    const of = journal();
    const { id } = created(of, { confirm: false });
    of.submit({ type: 'UpdatePayment', paymentId: id, customer: 'cus_1' });
    expect(of.payment(id)).toMatchObject({ customer: 'cus_1' });
    of.submit({ type: 'UpdatePayment', paymentId: id, customer: null });
    expect(of.payment(id)).not.toHaveProperty('customer');
    expect(refusal(of, { type: 'UpdatePayment', paymentId: id, customer: 'cus_9' })).toEqual([
      'unknown_customer',
      '/customer',
    ]);
    of.submit({ type: 'CancelPayment', paymentId: id, cancellationReason: null });
    expect(refusal(of, { type: 'UpdatePayment', paymentId: id, customer: 'cus_1' })).toEqual([
      'payment_unexpected_state',
      undefined,
    ]);
  });
});
