import { payerKey, payerKeys, savedMethodKey } from '@fintech-ledger/payments/domain';
import type { CustomerFacts, MethodFacts } from './facts';

export interface CustomerRecord {
  readonly kind: 'customer';
  readonly customer: CustomerFacts;
  /** Ids of what they saved and did not detach, oldest first. */
  readonly methods: readonly string[];
}
export interface MethodRecord {
  readonly kind: 'payment_method';
  readonly method: MethodFacts;
}
export type CustomersRecord = CustomerRecord | MethodRecord;

/** Payments read both by these keys. */
export { payerKeys as customerRecordKeys, payerKey as customerKey, savedMethodKey as methodKey };

/** Read access to a journal's state, in which others have records too. */
export interface CustomersView {
  get(key: string): { readonly kind: string } | undefined;
}
export function customerOf(view: CustomersView, id: string): CustomerRecord | undefined {
  const record = view.get(payerKey(id));
  return record?.kind === 'customer' ? (record as CustomerRecord) : undefined;
}
export function methodOf(view: CustomersView, id: string): MethodFacts | undefined {
  const record = view.get(savedMethodKey(id));
  return record?.kind === 'payment_method' ? (record as MethodRecord).method : undefined;
}
