import { refusal } from '@fintech-ledger/contract';
import { boundRefusals, openRefusals } from './entry-refusals';
import { textRefusals } from './given-texts';
import { alreadyVoided, holdExpired, transactionNotFound } from './hold-refusals';
import { accountManaged } from './managed';
import { periodClosed } from './period';
import { portionRefusals } from './portion-refusals';
import { invalidTime } from './transaction-refusals';

export const alreadyReversed = refusal(
  'already_reversed',
  'rule',
  'The transaction was reversed as a whole already.',
);
export const transactionPending = refusal(
  'transaction_pending',
  'rule',
  'The transaction is still pending: void it instead.',
);
export const reversalExceeded = refusal(
  'reversal_exceeded',
  'rule',
  'More was to be reversed than is not yet reversed.',
);

/** Of a transaction of which nothing can be reversed. */
export const reversibleRefusals = [
  transactionNotFound,
  alreadyReversed,
  alreadyVoided,
  holdExpired,
  transactionPending,
] as const;

/** What a reversal may be refused with, in the order of precedence (the bounds not with `allowOverdraft`). */
export const reversalRefusals = [
  ...reversibleRefusals,
  ...textRefusals,
  invalidTime,
  periodClosed,
  ...portionRefusals(reversalExceeded),
  accountManaged,
  ...openRefusals,
  ...boundRefusals,
] as const;
