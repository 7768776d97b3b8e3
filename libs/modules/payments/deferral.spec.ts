import { ChargeBooks } from '../../testing/payments/charge-books';
import { paymentsDeferral } from './deferral';
import type { PaymentCommand } from './domain';

type View = Parameters<typeof paymentsDeferral.busy>[1];

/** What the command waits for, of a payment whose rail is called, or is not. */
function waitsFor(
  command: (payment: string) => PaymentCommand,
  isCalled: boolean,
  more: Parameters<ChargeBooks['create']>[0] = {},
): string | undefined {
  const books = new ChargeBooks();
  const id = books.create(more);
  if (!isCalled) books.capture(id);
  const { records } = books.journal;
  return paymentsDeferral.busy(command(id), { get: (key: string) => records.get(key) } as View);
}
const described = { description: null, metadata: {} };
const refund = { type: 'CreateRefund', metadata: {}, paymentId: 'pay_1', reason: null } as const;
const transfer = {
  type: 'CreateTransfer',
  ...{ amount: '100', currency: 'USD', destination: 'acct_1', livemode: false, transferGroup: null },
  ...described,
} as const;

describe('while a rail is called for a payment', () => {
  it.each<[string, (payment: string) => PaymentCommand]>([
    ['a cancellation', (paymentId) => ({ type: 'CancelPayment', paymentId, cancellationReason: null })],
    ['a change', (paymentId) => ({ type: 'UpdatePayment', paymentId, description: 'x' })],
    ['a split', (payment) => ({ type: 'CreateSplit', payment, splitRule: 'spr_1', ...described })],
    ['a transfer of it', (sourcePayment) => ({ ...transfer, sourcePayment })],
  ])('%s waits for what it says', (_what, command) => {
    expect(waitsFor(command, true)).toMatch(/pay/);
    expect(waitsFor(command, false)).toBeUndefined();
  });

  it('a connected account waits for its own payments alone', () => {
    const cancel = (actsAs: string) => (paymentId: string) =>
      ({ type: 'CancelPayment', actsAs, cancellationReason: null, paymentId }) as const;
    const own = { connectedAccount: 'acct_1' };
    expect(waitsFor(cancel('acct_1'), true, own)).toMatch(/pay/);
    expect(waitsFor(cancel('acct_2'), true, own)).toBeUndefined();
    expect(waitsFor(cancel('acct_1'), true)).toBeUndefined();
  });

  it.each<[string, PaymentCommand, string]>([
    ['a split', { type: 'CreateSplit', payment: 'pay_1', splitRule: 'spr_1', ...described }, '/payment'],
    ['a transfer', { ...transfer, sourcePayment: 'pay_1' }, '/source_payment'],
    ['a refund', refund, '/payment'],
  ])('%s that has waited long enough is refused at its payment', (_what, command, param) => {
    const view = { get: () => undefined } as unknown as View;
    const refusal = paymentsDeferral.underWay(view, 'payment:pay_1', command);
    expect(refusal).toMatchObject({ code: 'payment_unexpected_state', param });
  });

  it('a transfer of what is available waits for none', () => {
    expect(waitsFor(() => ({ ...transfer, sourcePayment: null }), true)).toBeUndefined();
  });
});
