import { listOf, text, widened, withMore } from '@fintech-ledger/contract';
import type { AnyEventType, Schema } from '@fintech-ledger/contract';
import type { PaymentFacts } from '../facts';
import { membersOfDisputes } from '../disputes/dispute-versions';
import { membersOfPayers } from '../payer-versions';
import { payment } from '../payment-schemas';
import { transfersOfPaymentMax } from './limits';

const units = text({
  description: 'Of transfers that name it, less what was reversed, minor units; absent: there was none',
  pattern: '^(?:0|[1-9][0-9]{0,35})$',
});
const ids = listOf(text({ pattern: '^tr_[0-9A-Za-z_-]+$' }), { maxItems: transfersOfPaymentMax });
export const membersOfTransfers = { payment: { amountTransferred: units.json, transfers: ids.json } };

/** A payment of which something was transferred. */
export const transferredPayment: Schema<PaymentFacts> = {
  ...payment,
  definitions: widened(
    widened(widened(payment.definitions, membersOfPayers), membersOfDisputes),
    membersOfTransfers,
    ['amountTransferred', 'transfers'],
  ),
};

/** What may happen to a payment of which something was transferred. */
const later = [
  'PaymentUpdated',
  'RefundCreated',
  'RefundSucceeded',
  'RefundFailed',
  'RefundPending',
  'RefundCallRepeated',
  'DisputeOpened',
  'DisputeWon',
];

/** With one version more where something may have been transferred of the payment. */
export function withTransfers<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) =>
    later.includes(type.name) ? withMore(type, membersOfTransfers) : type,
  ) as unknown as T;
}
