import type {
  AccountType,
  Direction,
  EntryRequest,
  OpenAccount,
  PostTransaction,
} from '@fintech-ledger/ledger/domain';

/** Short ways to say commands in tests; amounts are texts of minor units, the currency is USD when none is named. */
export function open(
  address: string,
  accountType: AccountType,
  terms: Partial<Omit<OpenAccount, 'type' | 'address' | 'accountType'>> = {},
): OpenAccount {
  return { type: 'OpenAccount', address, accountType, currency: 'USD', ...terms };
}

export function entry(direction: Direction, account: string, amount: string, currency = 'USD'): EntryRequest {
  return { account, direction, amount, currency };
}
export const debit = (account: string, amount: string, currency?: string): EntryRequest =>
  entry('debit', account, amount, currency);
export const credit = (account: string, amount: string, currency?: string): EntryRequest =>
  entry('credit', account, amount, currency);

export function post(
  entries: readonly EntryRequest[],
  terms: Partial<Omit<PostTransaction, 'type' | 'entries'>> = {},
): PostTransaction {
  return { type: 'PostTransaction', entries, ...terms };
}

/** Holds the amounts instead of posting them. */
export function hold(
  entries: readonly EntryRequest[],
  terms: Partial<Omit<PostTransaction, 'type' | 'entries'>> = {},
): PostTransaction {
  return post(entries, { pending: true, ...terms });
}

/** `amount` from one account to another: the debit first. */
export const transfer = (
  debited: string,
  credited: string,
  amount: string,
  currency?: string,
): EntryRequest[] => [debit(debited, amount, currency), credit(credited, amount, currency)];
