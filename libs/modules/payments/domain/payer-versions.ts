import { text, newestVersion, withMore } from '@fintech-ledger/contract';
import type { AnyEventType, MoreMembers } from '@fintech-ledger/contract';

/** Absent: there is none. */
export const membersOfPayers: MoreMembers = {
  payment: { customer: text({ description: 'Who pays' }).json },
  attempt: { template: text({ description: 'What the saved payment method was made of' }).json },
};

/** The types with one version more wherever they have a payment, which may name a customer and a saved method. */
export function withPayers<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) =>
    'payment' in newestVersion(type).schema.definitions ? withMore(type, membersOfPayers) : type,
  ) as unknown as T;
}
