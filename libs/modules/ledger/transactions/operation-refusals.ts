import { except, refusal } from '@fintech-ledger/contract';
import { bulkTooLarge, dryRunTooLarge } from '@fintech-ledger/journal';
import {
  accountClosed,
  commandRefusals,
  insufficientFunds,
  tooFewEntries,
  tooManyEntries,
  unbalanced,
} from '@fintech-ledger/ledger/domain';

export const overdraftNotAllowed = refusal(
  'overdraft_not_allowed',
  'forbidden',
  '`allow_overdraft` needs the scope `ledger:admin`.',
);

/** By operation: what the rules of its command refuse, without what its request can't bring about. */
export const operationRefusals = {
  postTransaction: [...commandRefusals.PostTransaction, bulkTooLarge],
  // Lines that are tried are held in memory.
  postTransactions: [...commandRefusals.PostTransactions, bulkTooLarge, dryRunTooLarge],
  // Two entries of one amount; its metadata may be large.
  postTransfer: [
    ...except(commandRefusals.PostTransaction, tooFewEntries, tooManyEntries, unbalanced),
    bulkTooLarge,
  ],
  captureHold: [
    // An account on which something is held stays open, and what is held is not available already.
    ...except(commandRefusals.CaptureHold, accountClosed, insufficientFunds),
    bulkTooLarge,
  ],
  voidHold: commandRefusals.VoidHold,
  reverseTransaction: [...commandRefusals.ReverseTransaction, bulkTooLarge],
} as const;
