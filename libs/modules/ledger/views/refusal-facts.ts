import { digits, optional, text } from '@fintech-ledger/shapes';

/** The facts that a refusal may have in addition, each a text (see `Refusal.meta`); which ones depends on its code. */
export const refusalFacts = {
  account: optional(text('The account that is to blame.', 'merchants:acme:payable')),
  currency: optional(text('The currency that is to blame.', 'USD')),
  difference: optional(digits('`unbalanced`: the debits less the credits, in minor units.', '300')),
  available: optional(digits('`insufficient_funds`: the available balance.', '9700')),
  min_balance: optional(digits('`insufficient_funds`: the bound.', '0')),
  posted: optional(digits('`balance_above_maximum`: the posted balance.', '9700')),
  max_balance: optional(digits('`balance_above_maximum`: the bound.', '10000')),
  balance: optional(digits('`precondition_failed`: the balance that was compared.', '9700')),
  version: optional(text('`version_conflict`: the version of the account.', '4')),
  transaction: optional(text('`reference_taken`: the transaction that has the reference.', 'txn_1')),
  left: optional(
    digits('`hold_exceeded`, `reversal_exceeded`: how much there is left to take, in minor units.', '300'),
  ),
  reversed_by: optional(
    text('`already_reversed`: the first transactions that reversed it, with a space between.', 'txn_2'),
  ),
  through: optional(
    text(
      '`period_closed`, `period_already_closed`: how far the books are closed.',
      '2026-01-31T23:59:59.999Z',
    ),
  ),
} as const;
