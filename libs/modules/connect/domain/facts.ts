/*
 * What events say of connected accounts. Times: RFC 3339, UTC, milliseconds. What is personal is encrypted with the key
 * of the account's data subject, each value whole: an event has only their sealed text, or null where there is none.
 */
import { capabilityNames, payoutIntervals, weekdays } from '@fintech-ledger/payments/domain';
import type {
  CapabilityName,
  PayoutInterval,
  PayoutSchedule,
  Weekday,
} from '@fintech-ledger/payments/domain';

export const accountTypes = ['individual', 'company'] as const;
export type AccountType = (typeof accountTypes)[number];
export const accountStatuses = ['active', 'suspended', 'closed'] as const;
export type AccountStatus = (typeof accountStatuses)[number];
export { capabilityNames };
export type { CapabilityName };

export { payoutIntervals, weekdays };
export type { PayoutInterval, PayoutSchedule, Weekday };

/** What is held back of each payment when it becomes available, and for how many days. */
export interface Reserve {
  readonly days: number;
  readonly rollingBps: number;
}
export interface BusinessProfile {
  readonly name: string | null;
  readonly productDescription: string | null;
  readonly url: string | null;
}

/** Sealed. */
export interface IndividualFacts {
  readonly address: string | null;
  readonly birthDate: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}
/** Sealed. */
export interface CompanyFacts {
  readonly address: string | null;
  readonly name: string | null;
  readonly registrationNumber: string | null;
}
export interface BankAccountFacts {
  /** Sealed. */
  readonly accountHolder: string | null;
  readonly createdAt: string;
  /** Sealed. */
  readonly iban: string | null;
  readonly id: string;
  readonly isDefault: boolean;
}

/** A connected account as an event left it. */
export interface ConnectedAccountFacts {
  /** Oldest first. */
  readonly bankAccounts: readonly BankAccountFacts[];
  readonly businessProfile: BusinessProfile | null;
  /** Those that were asked for. */
  readonly capabilities: readonly CapabilityName[];
  readonly closedAt: string | null;
  readonly company: CompanyFacts;
  readonly country: string;
  readonly createdAt: string;
  readonly defaultCurrency: string;
  /** Sealed. */
  readonly email: string | null;
  /** Since when nothing personal of it is kept; absent: it is. */
  readonly erasedAt?: string;
  readonly id: string;
  readonly individual: IndividualFacts;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly payoutSchedule: PayoutSchedule;
  readonly reserve: Reserve | null;
  readonly status: AccountStatus;
  /** Whose key the personal fields are encrypted with. */
  readonly subject: string;
  /** Null: it is not suspended. */
  readonly suspendedAt: string | null;
  readonly tosAcceptedAt: string | null;
  readonly type: AccountType;
  /** Since when all that it has given is verified. Absent: it is not; in a sandbox all is, at once. */
  readonly verifiedAt?: string;
}
