import type { CodeOf, DeclaredRefusal, Refusal } from '@fintech-ledger/contract';
import { accountCommandRefusals, showAccountRefusals } from './account-commands';
import type { LedgerCommand } from './commands';
import type { unknownCurrency } from './currency-refusals';
import { withdrawnCurrency } from './currency-refusals';
import { directoryRefusals } from './directory/refusals';
import { captureRefusals, voidRefusals } from './hold-refusals';
import { closeRefusals } from './period';
import { reversalRefusals } from './reversal-refusals';
import { bulkRefusals, transactionRefusals } from './transaction-refusals';

/** What each command may be refused with, in the order of precedence; `decide` does not compile with anything else. */
export const commandRefusals = {
  PostTransaction: transactionRefusals,
  PostTransactions: bulkRefusals,
  CaptureHold: captureRefusals,
  VoidHold: voidRefusals,
  ReverseTransaction: reversalRefusals,
  ExpireHolds: [],
  ClosePeriod: closeRefusals,
  ClaimKey: [],
  ShowAccount: showAccountRefusals,
  ...accountCommandRefusals,
} as const satisfies Record<LedgerCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal of the ledger's rules. */
export const domainRefusals = [
  ...new Set([
    ...[commandRefusals, directoryRefusals].flatMap((lists) => Object.values(lists).flat()),
    withdrawnCurrency,
  ]),
];
type Listed = (typeof commandRefusals)[LedgerCommand['type']];
export type RefusalCode = CodeOf<Listed> | CodeOf<[typeof unknownCurrency, typeof withdrawnCurrency]>;
/** What the writer of a ledger refuses. */
export type LedgerRefusal = Refusal<RefusalCode>;
