import { remembered } from '@fintech-ledger/contract';
import type { AccountType, OpeningTerms } from '@fintech-ledger/ledger/domain';
/** The name of the module: the accounts below it are its own. */
export const paymentsName = 'payments';
/** The rail that has no clearing account. */
export const bankTransferRail = 'bank_transfer';

/** An account of the chart, in one currency. */
export interface ChartAccount {
  readonly account: string;
  readonly opens: OpeningTerms;
}

/** What there is once in a currency; each is opened when it is first booked on. */
const accounts = {
  bank: ['bank', 'asset', 'Money in bank accounts'],
  available: ['platform:available', 'equity', 'What the platform may pay out'],
  pending: ['platform:pending', 'equity', "The platform's, captured and not settled yet"],
  result: [
    'platform:result',
    'equity',
    'The other side of revenue and expenses, so that they are no part of a balance',
  ],
  inTransit: ['platform:in_transit', 'equity', 'What is being paid out: it has left the balance'],
  refundsInTransit: ['refunds_in_transit', 'liability', 'Refunds that a rail has not confirmed'],
  unapplied: [
    'unapplied',
    'liability',
    'What bank statements have that is booked for nothing yet; below zero: more went out than came in',
  ],
  disputesHeld: ['disputes_held', 'liability', 'What disputes have taken that nobody has decided yet'],
  disputesWithdrawn: ['disputes_withdrawn', 'asset', 'What rails have taken for those disputes'],
  processing: ['expenses:processing', 'expense', 'Fees of rails that the platform bears'],
  disputeFees: ['expenses:disputes', 'expense', 'Fees of rails for disputes'],
  feeAdjustments: [
    'expenses:fee_adjustments',
    'expense',
    'What rails report of such fees more than was expected, less what they report less',
  ],
  bankCharges: [
    'expenses:bank_charges',
    'expense',
    'What banks take for themselves of what is paid out, comes back or is kept there, less what they give back',
  ],
  bankInterest: ['revenue:bank_interest', 'revenue', 'Interest that banks pay, less what they take'],
  applicationFees: [
    'revenue:application_fees',
    'revenue',
    'What the platform takes of payments of connected accounts',
  ],
} as const satisfies Readonly<Record<string, readonly [string, AccountType, string]>>;
export type ChartName = keyof typeof accounts;

/** One line of the chart: its address has the currency at its end. */
export interface ChartLine {
  readonly address: string;
  readonly type: AccountType;
  readonly meaning: string;
}
/** What each connected account has, in each currency. */
const ofAccounts = {
  available: 'What a connected account may be paid out',
  pending: "A connected account's, captured and not settled yet",
  reserved: 'What is held back of what a connected account has available',
  in_transit: 'What of it is being paid out: it has left the balance',
} as const;
export const chart: readonly ChartLine[] = [
  {
    address: `${paymentsName}:rails:<rail>:clearing:<currency>`,
    type: 'asset',
    meaning: 'What a rail has captured and not settled yet, less what it will keep back',
  },
  ...Object.values(accounts).map(([name, type, meaning]) => ({
    address: `${paymentsName}:${name}:<currency>`,
    type,
    meaning,
  })),
  ...Object.entries(ofAccounts).map(([bucket, meaning]) => ({
    address: `${paymentsName}:accounts:<account>:${bucket}:<currency>`,
    type: 'liability' as const,
    meaning,
  })),
];

/** The parts of what an owner has; what is in transit has left the balance. */
export const buckets = ['available', 'pending', 'reserved', 'in_transit'] as const;
export type Bucket = (typeof buckets)[number];

/** Who has a balance, besides connected accounts by their ids. */
export const platformOwner = 'platform';

const bucketAccount = new RegExp(
  `^${paymentsName}:(?:accounts:)?(${platformOwner}|acct_[0-9A-Za-z]+):(${buckets.join('|')}):[A-Z]+$`,
);

interface OfOwner {
  readonly owner: string;
  readonly bucket: Bucket;
}
/** Whose balance an account is, and which part of it; undefined: of none. Asked of each entry several times. */
export const bucketOf = remembered(10_000, (account: string): OfOwner | undefined => {
  const [, owner, bucket] = bucketAccount.exec(account) ?? [];
  return owner === undefined ? undefined : { owner, bucket: bucket as Bucket };
});

export function chartAccount(name: ChartName, currency: string): ChartAccount {
  const [path, type] = accounts[name];
  return { account: `${paymentsName}:${path}:${currency}`, opens: { type } };
}
/** Where a rail's money is until it is settled: what comes by bank is not applied until then. */
export function clearingAccount(rail: string, currency: string): ChartAccount {
  if (rail === bankTransferRail) return chartAccount('unapplied', currency);
  return { account: `${paymentsName}:rails:${rail}:clearing:${currency}`, opens: { type: 'asset' } };
}

/** A part of what the platform or a connected account has: equity of the one, and owed to the other. */
export function ownerAccount(owner: string, bucket: Bucket, currency: string): ChartAccount {
  if (owner === platformOwner)
    return { account: `${paymentsName}:${owner}:${bucket}:${currency}`, opens: { type: 'equity' } };
  return {
    account: `${paymentsName}:accounts:${owner}:${bucket}:${currency}`,
    opens: { type: 'liability' },
  };
}
