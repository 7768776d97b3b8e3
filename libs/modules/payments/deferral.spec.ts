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

describe('while a rail is called for a payment', () => {
  it.each<[string, (payment: string) => PaymentCommand]>([
    ['a cancellation', (paymentId) => ({ type: 'CancelPayment', paymentId, cancellationReason: null })],
    ['a change', (paymentId) => ({ type: 'UpdatePayment', paymentId, description: 'x' })],
    ['a split', (payment) => ({ type: 'CreateSplit', payment, splitRule: 'spr_1', ...described })],
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

  it('a split that has waited long enough is refused at its payment', () => {
    const view = { get: () => undefined } as unknown as View;
    const split = { type: 'CreateSplit', payment: 'pay_1', splitRule: 'spr_1', ...described } as const;
    const refusal = paymentsDeferral.underWay(view, 'payment:pay_1', split);
    expect(refusal).toMatchObject({ code: 'payment_unexpected_state', param: '/payment' });
  });
});
