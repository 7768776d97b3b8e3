import { refusal } from '@fintech-ledger/contract';
import {
  boundRefusals,
  entryRefusals,
  invalidAmount,
  parsingRefusals,
  unbalanced,
  unknownAccount,
} from './entry-refusals';
import { textRefusals } from './given-texts';
import { periodClosed } from './period';
import { invalidTime } from './time-refusals';

export { invalidTime };

export const expiresInThePast = refusal(
  'expires_in_the_past',
  'rule',
  '`expires_at` is not in the future, or the transaction is not pending.',
);
export const unknownTransaction = refusal(
  'unknown_transaction',
  'rule',
  'What is referred to is not a transaction of this ledger; of a file: not one that was imported before the line.',
);
export const referenceTaken = refusal(
  'reference_taken',
  'conflict',
  'Another transaction has this `reference`; the answer names it.',
);
export const versionConflict = refusal(
  'version_conflict',
  'conflict',
  'The account has another version than the precondition says.',
);
export const preconditionFailed = refusal('precondition_failed', 'conflict', 'A precondition does not hold.');
export const holdTooLarge = refusal(
  'hold_too_large',
  'malformed',
  'Releasing the hold would take an event that is larger than the store takes at once. ' +
    'Hold it in several transactions.',
);
export const tooManyTransactions = refusal(
  'too_many_transactions',
  'malformed',
  'A bulk request has at most 10,000 transactions; a stream of lines has no limit.',
);

export const preconditionRefusals = [
  unknownAccount,
  versionConflict,
  invalidAmount,
  preconditionFailed,
] as const;

/**
 * What a transaction may be refused with, in the order of precedence. Where several entries (preconditions, accounts)
 * are at fault, the first of them is named, with the first of its faults.
 */
export const transactionRefusals = [
  ...parsingRefusals,
  ...textRefusals,
  invalidTime,
  expiresInThePast,
  unknownTransaction,
  periodClosed,
  referenceTaken,
  unbalanced,
  ...entryRefusals,
  versionConflict,
  preconditionFailed,
  ...boundRefusals,
  holdTooLarge,
] as const;
export const bulkRefusals = [tooManyTransactions, ...transactionRefusals] as const;
