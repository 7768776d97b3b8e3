import { refusal } from '@fintech-ledger/contract';
import { boundRefusals, openRefusals } from './entry-refusals';
import { portionRefusals } from './portion-refusals';

export const transactionNotFound = refusal(
  'transaction_not_found',
  'not_found',
  'There is no such transaction in this ledger.',
);
export const notAHold = refusal('not_a_hold', 'rule', 'The transaction is not a hold.');
export const alreadyVoided = refusal('already_voided', 'rule', 'The hold was voided already.');
export const holdExpired = refusal(
  'hold_expired',
  'rule',
  'The hold expired: what was held is released, or about to be.',
);
export const alreadyCaptured = refusal(
  'already_captured',
  'rule',
  'The hold was captured already, in whole, or in part with the rest released.',
);
export const holdExceeded = refusal('hold_exceeded', 'rule', 'More was to be captured than is held.');

/** What a void may be refused with, in the order of precedence. */
export const voidRefusals = [
  transactionNotFound,
  notAHold,
  alreadyVoided,
  holdExpired,
  alreadyCaptured,
] as const;
/** What a capture may be refused with, in the order of precedence. */
export const captureRefusals = [
  ...voidRefusals,
  ...portionRefusals(holdExceeded),
  ...openRefusals,
  ...boundRefusals,
] as const;
