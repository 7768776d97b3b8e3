import { text, widened, withMore } from '@fintech-ledger/contract';
import type { AnyEventType, Schema } from '@fintech-ledger/contract';
import type { PaymentFacts } from '../facts';
import { payment } from '../payment-schemas';

const amountDisputed = text({
  description: 'Of disputes that are open or lost, minor units; absent: it was never disputed',
  pattern: '^(?:0|[1-9][0-9]{0,35})$',
});
export const membersOfDisputes = { payment: { amountDisputed: amountDisputed.json } };

/** A payment that was disputed. */
export const disputedPayment: Schema<PaymentFacts> = {
  ...payment,
  definitions: widened(payment.definitions, membersOfDisputes, ['amountDisputed']),
};

/** What may happen to a payment that was disputed. */
const later = [
  'PaymentUpdated',
  'RefundCreated',
  'RefundSucceeded',
  'RefundFailed',
  'RefundPending',
  'RefundCallRepeated',
];

/** With one version more where the payment may have been disputed. */
export function withDisputes<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) =>
    later.includes(type.name) ? withMore(type, membersOfDisputes) : type,
  ) as unknown as T;
}
