import { ChargeBooks } from '../../testing/payments/charge-books';
import { paymentsDeferral } from './deferral';
import type { PaymentCommand } from './domain';

type View = Parameters<typeof paymentsDeferral.busy>[1];

/** What the command waits for, of a payment whose rail is called, or is not. */
function waitsFor(command: (payment: string) => PaymentCommand, isCalled: boolean): string | undefined {
  const books = new ChargeBooks();
  const id = books.create({});
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
});
