import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { invalidAmount, tooFewEntries, tooManyEntries, unbalanced } from './entry-refusals';

export const amountNeedsTwoEntries = refusal(
  'amount_needs_two_entries',
  'rule',
  '`amount` says what to take only of transactions of two entries; give `entries`.',
);
export const entryNotInTransaction = refusal(
  'entry_not_in_transaction',
  'rule',
  'An entry does not match one of the transaction.',
);

/**
 * Of the part of a transaction that is to be taken, in the order of precedence.
 * @param exceeded that more is asked for than is left
 */
export const portionRefusals = <const Code extends string>(exceeded: DeclaredRefusal<Code>) =>
  [
    invalidAmount,
    amountNeedsTwoEntries,
    tooManyEntries,
    tooFewEntries,
    entryNotInTransaction,
    exceeded,
    unbalanced,
  ] as const;
export type PortionRefusals<Code extends string> = ReturnType<typeof portionRefusals<Code>>;
