import type { CardFacts } from './facts';
import type { PaymentsView } from './records';
import { testMethod } from './test-methods';

/* Who pays, and with what, as another module records it in the same journal: what payments read of it. */

/** What a payment reads of a customer. */
export interface PayerFacts {
  readonly defaultPaymentMethod: string | null;
  /** Null: they are not deleted. */
  readonly deletedAt: string | null;
  readonly id: string;
}
/** What a payment reads of a saved payment method. */
export interface SavedMethodFacts {
  readonly card: CardFacts | null;
  /** Who saved it. */
  readonly customer: string;
  /** Null: it can be paid with. */
  readonly detachedAt: string | null;
  readonly id: string;
  readonly rail: string;
  /** The test method that it was made of: it behaves as that does. */
  readonly template: string;
}

/** What keys of their records begin with. */
export const payerKeys = { customer: 'customer:', payment_method: 'payment_method:' } as const;
export const payerKey = (id: string): string => `${payerKeys.customer}${id}`;
export const savedMethodKey = (id: string): string => `${payerKeys.payment_method}${id}`;

/** A customer, deleted or not. */
export function payerOf(view: PaymentsView, id: string): PayerFacts | undefined {
  const record = view.get(payerKey(id));
  return record?.kind === 'customer' ? (record as unknown as { customer: PayerFacts }).customer : undefined;
}
/** A saved payment method, detached or not. */
export function savedMethodOf(view: PaymentsView, id: string): SavedMethodFacts | undefined {
  const record = view.get(savedMethodKey(id));
  if (record?.kind !== 'payment_method') return undefined;
  return (record as unknown as { method: SavedMethodFacts }).method;
}

/** The records of who pays with what. Test methods have none, so that nobody looks for one. */
export function payerReads(
  view: PaymentsView,
  customers: readonly (string | null | undefined)[],
  methods: readonly (string | null | undefined)[],
): readonly string[] {
  const named = customers.filter((id) => typeof id === 'string');
  const defaults = named.map((id) => payerOf(view, id)?.defaultPaymentMethod);
  const saved = [...methods, ...defaults].filter(
    (id) => typeof id === 'string' && testMethod(id) === undefined,
  );
  return [...named.map(payerKey), ...saved.map((id) => savedMethodKey(id as string))];
}
