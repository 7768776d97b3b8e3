import { setTimeout as delay } from 'node:timers/promises';
import { journalStream } from '@fintech-ledger/envelope';
import { envelope } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import type { PaymentCommand } from '@fintech-ledger/payments/domain';
import { HttpSpec } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(300_000);

type Json = Readonly<Record<string, unknown>>;
type Create = Extract<PaymentCommand, { readonly type: 'CreatePayment' }>;

const plain: Omit<Create, 'paymentMethod'> = {
  type: 'CreatePayment',
  customer: null,
  amount: '10000',
  captureMethod: 'automatic',
  confirm: true,
  currency: 'USD',
  description: null,
  livemode: false,
  metadata: {},
  offSession: false,
  rail: null,
  returnUrl: null,
  transferGroup: null,
};
const answerOf = (outcome: CommandOutcome): Json => {
  if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.refusal));
  return JSON.parse(outcome.answer) as Json;
};

describe.each(['embedded', 'distributed'] as const)('rails of a sandbox of the %s product', (mode) => {
  let parts: PartsInProcess;
  let organizationId = '';
  let ledger = '';

  const submit = (command: PaymentCommand, key?: string): Promise<CommandOutcome> => {
    const context = { organizationId, actor: 'key_1', correlationId: 'r', dryRun: false };
    const keyed = key === undefined ? {} : { idempotencyKey: key, requestHash: key };
    return parts.gateway.submit(envelope(journalStream(ledger), command, { ...context, ...keyed }));
  };
  const pay = (paymentMethod: string, more: Partial<Create> = {}, key?: string): Promise<CommandOutcome> =>
    submit({ ...plain, paymentMethod, ...more }, key);
  /** The types of a payment's events, in their order. */
  const typesOf = async (id: unknown): Promise<readonly string[]> => {
    const events = await parts.store.readStream(journalStream(ledger), { limit: 1_000 });
    return events.filter(({ data }) => data.includes(String(id))).map(({ type }) => type);
  };
  const until = async (id: unknown, type: string): Promise<readonly string[]> => {
    for (;;) {
      const types = await typesOf(id);
      if (types.includes(type)) return types;
      await delay(200);
    }
  };

  beforeAll(async () => {
    parts = await startParts(mode);
    const live = new HttpSpec(parts.url, parts.apiKey, '');
    const sandbox = await live.send({ path: '/v1/sandboxes', body: { name: 'Rails' } });
    organizationId = String(sandbox.json['id']);
    const apiKey = String(sandbox.json['api_key']);
    for (;;) {
      const made = await live.send({ method: 'GET', path: '/v1/payments_ledger', apiKey });
      ledger = String(made.json['id']);
      if (made.status === 200) break;
      await delay(200);
    }
  });
  afterAll(() => parts?.close());

  it('answers a payment with what the rail says, and a retry with the same bytes', async () => {
    const paid = await pay('pm_card_visa', {}, 'k1');
    const shown = { object: 'payment', status: 'succeeded', amount_received: '10000', rail: 'simulator' };
    expect(answerOf(paid)).toMatchObject({ ...shown, livemode: false });
    expect(await pay('pm_card_visa', {}, 'k1')).toEqual({ ...paid, replayed: true });
    const types = await typesOf(answerOf(paid)['id']);
    expect(types).toEqual(['PaymentCreated', 'PaymentCaptured']);
  });

  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  ])('refuses %s with the payment, for ever', async (method, decline_code) => {
    const declined = await pay(method, {}, method);
    expect(declined).toMatchObject({
      kind: 'refused',
      refusal: {
        code: 'payment_declined',
        meta: { decline_code },
        objects: { payment: { status: 'requires_payment_method', last_payment_error: { decline_code } } },
      },
    });
    expect(await pay(method, {}, method)).toEqual({ ...declined, replayed: true });
  });

  it('has one charge of requests that come at once with one key', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay('pm_card_mastercard', {}, 'k8')));
    expect(new Set(answers.map((one) => JSON.stringify(answerOf(one)))).size).toBe(1);
  });

  it('captures, in part, what it authorized, and gives it back', async () => {
    const held = answerOf(await pay('pm_card_visa', { captureMethod: 'manual' }));
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: '10000' });
    const paymentId = String(held['id']);
    const captured = answerOf(await submit({ type: 'CapturePayment', paymentId, amountToCapture: '4000' }));
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: '4000' });
    const refund = { type: 'CreateRefund', paymentId, metadata: {}, reason: null } as const;
    expect(answerOf(await submit({ ...refund, amount: '1000' }))).toMatchObject({ status: 'succeeded' });
    const other = answerOf(await pay('pm_card_visa', { captureMethod: 'manual' }));
    const cancel = {
      type: 'CancelPayment',
      paymentId: String(other['id']),
      cancellationReason: null,
    } as const;
    expect(answerOf(await submit(cancel))).toMatchObject({ status: 'canceled' });
  });

  it('says that it is processing what the rail decides later, and asks the payer where it must', async () => {
    expect(answerOf(await pay('pm_sim_lateSuccess'))).toMatchObject({ status: 'processing' });
    const asked = answerOf(
      await pay('pm_card_threeDSecure2Required', { returnUrl: 'https://shop.example/' }),
    );
    const action = { status: 'requires_action', next_action: { type: 'redirect_to_url' } };
    expect(asked).toMatchObject(action);
    const absent = await pay('pm_card_threeDSecure2Required', { offSession: true });
    expect(absent).toMatchObject({ refusal: { meta: { decline_code: 'authentication_required' } } });
  });

  it('finds out by asking what nobody answered, charges once, and keeps its answer', async () => {
    const methods = ['pm_sim_timeoutApproved', 'pm_sim_timeoutDeclined'];
    const paid = await Promise.all(methods.map((method) => pay(method, {}, method)));
    for (const one of paid) expect(answerOf(one)).toMatchObject({ status: 'processing' });
    const [approved, declined] = paid.map((one) => answerOf(one)['id']);
    const begin = ['PaymentCreated', 'PaymentProcessing', 'PaymentCallRepeated'];
    expect(await until(approved, 'PaymentCaptured')).toEqual([...begin, 'PaymentCaptured']);
    expect(await until(declined, 'PaymentDeclined')).toEqual([...begin, 'PaymentDeclined']);
    const again = await Promise.all(methods.map((method) => pay(method, {}, method)));
    expect(again).toEqual(paid.map((one) => ({ ...one, replayed: true })));
  });
});
