import type { AccountRecord } from '@fintech-ledger/ledger/domain';

/** The one that a random number means; undefined when there is none. */
export function pick<T>(from: readonly T[], number: number): T | undefined {
  return from[number % from.length];
}

/** The accounts in this status. */
export const withStatus = (accounts: readonly AccountRecord[], status: AccountRecord['status']) =>
  accounts.filter((account) => account.status === status);
