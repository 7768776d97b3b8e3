import { historyPageShape } from '@fintech-ledger/ledger/domain';
import { digits, text } from '@fintech-ledger/shapes';
import { paymentPublicEvents } from './public-events';
import type { PaymentEvent } from './events';
import { currency } from './view-members';

/** Events of a payment or a refund. */
export const historyPage = historyPageShape({
  name: 'PaymentHistoryItem',
  description: 'What happened to a payment or a refund: an event of the journal, with its entries.',
  type: text('What happened; as the public event is called, where clients are told.', 'payment.succeeded'),
  account: text('The address of the account.', 'payments:platform:pending:USD'),
  amount: digits('In minor units.', '9680'),
  currency,
  idempotencyKey: 'order-1001',
  entries: 'What it booked; nothing where it books nothing.',
  changes: [
    'Members of the object that it changed, with their old values. Of the first event: nothing.',
    { status: 'requires_confirmation' },
  ],
});

/** How an event of the journal is called in a history. */
export function historyType(type: PaymentEvent['type']): string {
  const told = paymentPublicEvents.told[type];
  const [first] = Array.isArray(told) ? (told as readonly { readonly name: string }[]) : [];
  if (first !== undefined) return first.name;
  const [object = '', ...rest] = type.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  return `${object}.${rest.join('_')}`;
}
