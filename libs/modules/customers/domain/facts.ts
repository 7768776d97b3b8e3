import type { PayerFacts, SavedMethodFacts } from '@fintech-ledger/payments/domain';

/*
 * What events say of customers and of what they pay with. Times: RFC 3339, UTC, milliseconds. Personal fields are
 * encrypted with the key of the customer's data subject, whole: an event has only their sealed text.
 */

export const personalFields = ['email', 'name', 'phone', 'address'] as const;
export type PersonalField = (typeof personalFields)[number];
/** The sealed text of each, or null. */
export type PersonalFacts = Readonly<Record<PersonalField, string | null>>;

/** A customer as an event left it. */
export interface CustomerFacts extends PersonalFacts, PayerFacts {
  readonly createdAt: string;
  readonly description: string | null;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whose key the personal fields are encrypted with. */
  readonly subject: string;
}

export const methodTypes = ['card', 'bank_account'] as const;
export type MethodType = (typeof methodTypes)[number];

/** A saved payment method as an event left it. */
export interface MethodFacts extends SavedMethodFacts {
  readonly createdAt: string;
  readonly livemode: boolean;
  readonly type: MethodType;
}
