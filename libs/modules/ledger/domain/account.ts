export type AccountType = 'asset' | 'expense' | 'liability' | 'equity' | 'revenue';
export const accountTypes: readonly AccountType[] = ['asset', 'expense', 'liability', 'equity', 'revenue'];
export type AccountStatus = 'open' | 'frozen' | 'closed';
export type Direction = 'debit' | 'credit';
export type Metadata = Readonly<Record<string, string>>;

/** The same pairs with their keys in the order of canonical JSON; none when there are none. */
export function sortedMetadata(metadata: Metadata | undefined): Metadata {
  // An entry list, so that a key like `__proto__` stays a key.
  const pairs = Object.entries(metadata ?? {});
  if (pairs.length < 2) return metadata ?? {};
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Segments of `[A-Za-z0-9_-]` with `:` between, at most 255 characters. */
export const addressPattern = /^[A-Za-z0-9_-]+(?::[A-Za-z0-9_-]+)*$/;
export const addressLengthMax = 255;

export function isAddress(text: string): boolean {
  return text.length <= addressLengthMax && addressPattern.test(text);
}

/** The side on which an account of this type grows. */
export function normalDirection(type: AccountType): Direction {
  return type === 'asset' || type === 'expense' ? 'debit' : 'credit';
}

/** What an account is, without its balances. `minBalance`/`maxBalance`: minor units in the normal direction; null: no bound. */
export interface AccountTerms {
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly minBalance: string | null;
  readonly maxBalance: string | null;
  readonly metadata: Metadata;
  readonly status: AccountStatus;
  /** RFC 3339, UTC, milliseconds. */
  readonly openedAt: string;
}

/** Totals since the account was opened, in minor units; each only grows, but pending ones fall when holds are released. */
export interface AccountTotals {
  readonly postedDebits: bigint;
  readonly postedCredits: bigint;
  readonly pendingDebits: bigint;
  readonly pendingCredits: bigint;
}

/** Totals as events, answers and JSON have them: digits. */
export type TotalsAsTexts = { readonly [Name in keyof AccountTotals]: string };

export const totalsFrom = (texts: TotalsAsTexts): AccountTotals => ({
  postedDebits: BigInt(texts.postedDebits),
  postedCredits: BigInt(texts.postedCredits),
  pendingDebits: BigInt(texts.pendingDebits),
  pendingCredits: BigInt(texts.pendingCredits),
});

/** An account as the writer knows it. */
export interface AccountRecord extends AccountTotals {
  readonly kind: 'account';
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly minBalance: bigint | null;
  readonly maxBalance: bigint | null;
  readonly metadata: Metadata;
  readonly status: AccountStatus;
  readonly openedAt: string;
  /** Counts the events that touched this account, 1 for its opening. */
  readonly version: number;
}

/** An account with these terms, on which nothing was booked and which no event has touched. */
export function accountWith(terms: AccountTerms): AccountRecord {
  const { address, currency, maxBalance, metadata, minBalance, openedAt, status, type } = terms;
  return {
    kind: 'account',
    address,
    currency,
    maxBalance: maxBalance === null ? null : BigInt(maxBalance),
    metadata,
    minBalance: minBalance === null ? null : BigInt(minBalance),
    openedAt,
    pendingCredits: 0n,
    pendingDebits: 0n,
    postedCredits: 0n,
    postedDebits: 0n,
    status,
    type,
    version: 0,
  };
}

/** Posted balance in the account's normal direction, minor units. */
export function postedBalance(type: AccountType, totals: AccountTotals): bigint {
  return normalDirection(type) === 'debit'
    ? totals.postedDebits - totals.postedCredits
    : totals.postedCredits - totals.postedDebits;
}

/** Posted balance less what pending entries may still take away; pending entries that would add don't count until captured. */
export function availableBalance(type: AccountType, totals: AccountTotals): bigint {
  const takenByHolds = normalDirection(type) === 'debit' ? totals.pendingCredits : totals.pendingDebits;
  return postedBalance(type, totals) - takenByHolds;
}

/** An account as JSON can hold it: amounts of any size, exactly. */
export function accountAsJson(record: AccountRecord): object {
  const bound = (value: bigint | null): string | null => (value === null ? null : String(value));
  return {
    ...record,
    minBalance: bound(record.minBalance),
    maxBalance: bound(record.maxBalance),
    postedDebits: String(record.postedDebits),
    postedCredits: String(record.postedCredits),
    pendingDebits: String(record.pendingDebits),
    pendingCredits: String(record.pendingCredits),
  };
}

/** An account as JSON has it: the amounts are strings. */
export function accountFromJson(record: AccountRecord): AccountRecord {
  const bound = (value: bigint | null): bigint | null => (value === null ? null : BigInt(value));
  return {
    ...record,
    minBalance: bound(record.minBalance),
    maxBalance: bound(record.maxBalance),
    postedDebits: BigInt(record.postedDebits),
    postedCredits: BigInt(record.postedCredits),
    pendingDebits: BigInt(record.pendingDebits),
    pendingCredits: BigInt(record.pendingCredits),
  };
}

/** Under what key a ledger keeps an account. */
export const accountKey = (address: string): string => `a:${address}`;

/** The account of a ledger that has this address. */
export function accountOf(
  view: { get(key: string): { readonly kind: string } | undefined },
  address: string,
): AccountRecord | undefined {
  const record = view.get(accountKey(address));
  return record?.kind === 'account' ? (record as AccountRecord) : undefined;
}
