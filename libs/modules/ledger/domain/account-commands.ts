// What is asked of accounts, and what it may be refused with.
import { refusal, scopeBeyondOwn } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { AccountType, Metadata } from './account';
import { invalidCurrency } from './currency-refusals';
import { invalidMetadata } from './given-texts';
import { accountManaged } from './managed';
import type { OfLedger } from './managed';
import { metadataLimit } from './metadata';
import type { MetadataChanges } from './metadata';

export interface OpenAccount extends OfLedger {
  readonly type: 'OpenAccount';
  readonly address: string;
  readonly accountType: AccountType;
  readonly currency: string;
  readonly minBalance?: string | null;
  readonly maxBalance?: string | null;
  readonly metadata?: Metadata;
}

/** A command that changes what an account allows. */
interface TermsChange extends OfLedger {
  /** Whether who asks has the scope `ledger:admin`; absent: the installation itself asks. */
  readonly mayChangeTerms?: boolean;
}

/** Absent fields stay as they are; metadata is merged, a key with the value null is removed, and with null all. */
export interface AmendAccount extends TermsChange {
  readonly type: 'AmendAccount';
  readonly address: string;
  readonly minBalance?: string | null;
  readonly maxBalance?: string | null;
  readonly metadata?: MetadataChanges;
}

/** Changes the status of an account, and nothing else. A file of books has a line for each such command. */
export interface StatusCommand<Type extends StatusCommandType = StatusCommandType> extends TermsChange {
  readonly type: Type;
  readonly address: string;
}

export type AccountCommand =
  OpenAccount | AmendAccount | { [Type in StatusCommandType]: StatusCommand<Type> }[StatusCommandType];

export const invalidAddress = refusal(
  'invalid_address',
  'malformed',
  'An account address has segments of `[A-Za-z0-9_-]` with `:` between, at most 255 characters.',
);
export const accountExists = refusal('account_exists', 'conflict', 'The address is taken.');
export const accountNotFound = refusal(
  'account_not_found',
  'not_found',
  'There is no such account in this ledger (at that time).',
);
export const accountNotOpen = refusal('account_not_open', 'conflict', 'The account is not open.');
export const accountNotFrozen = refusal('account_not_frozen', 'conflict', 'The account is not frozen.');
export const accountNotClosed = refusal(
  'account_not_closed',
  'conflict',
  'The account is not closed; a connected one is shown in `connected_account` as it is.',
);
export const accountNotEmpty = refusal(
  'account_not_empty',
  'conflict',
  'An account is closed only with a balance of zero and nothing pending.',
);
export const invalidBounds = refusal('invalid_bounds', 'malformed', '`min_balance` is above `max_balance`.');
export const boundViolated = refusal(
  'bound_violated',
  'rule',
  'The new bound contradicts the balance that the account has already.',
);

const ofAccount = [invalidAddress, accountManaged, accountNotFound, scopeBeyondOwn] as const;
const statusRefusals = {
  FreezeAccount: [...ofAccount, accountNotOpen],
  UnfreezeAccount: [...ofAccount, accountNotFrozen],
  CloseAccount: [...ofAccount, accountNotOpen, accountNotEmpty],
  ReopenAccount: [...ofAccount, accountNotClosed],
} as const;
export type StatusCommandType = keyof typeof statusRefusals;
export const statusCommandTypes = Object.keys(statusRefusals) as readonly StatusCommandType[];

/** What each command may be refused with, in the order of precedence. */
export const accountCommandRefusals = {
  OpenAccount: [
    invalidMetadata,
    invalidAddress,
    accountManaged,
    accountExists,
    invalidCurrency,
    invalidBounds,
    boundViolated,
  ],
  AmendAccount: [invalidMetadata, ...ofAccount, invalidBounds, boundViolated, metadataLimit],
  ...statusRefusals,
} as const satisfies Record<AccountCommand['type'], readonly DeclaredRefusal[]>;
export const showAccountRefusals = [accountNotFound] as const;

/** The commands that change what an account allows. */
export const termsChanges: ReadonlySet<string> = new Set(
  Object.keys(accountCommandRefusals).filter((type) => type !== 'OpenAccount'),
);
