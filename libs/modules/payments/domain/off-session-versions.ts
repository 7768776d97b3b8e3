import { exactly, withMore } from '@fintech-ledger/contract';
import type { AnyEventType } from '@fintech-ledger/contract';

/** What may leave a payment to be confirmed later. */
const unconfirmed = ['PaymentCreated', 'PaymentUpdated'];

/** With one version more where a payment may have to be confirmed without its payer. */
export function withOffSession<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) =>
    unconfirmed.includes(type.name) ? withMore(type, { payment: { offSession: exactly(true).json } }) : type,
  ) as unknown as T;
}
