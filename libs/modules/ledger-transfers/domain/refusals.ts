import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { accountManaged, bookingRefusals, metadataLimit } from '@fintech-ledger/ledger/domain';
import type { LedgerTransferCommand } from './commands';

export const ledgerTransferNotFound = refusal(
  'ledger_transfer_not_found',
  'not_found',
  'There is no such transfer between ledgers, or it is of another environment.',
);
export const withinLedger = refusal(
  'transfer_within_ledger',
  'rule',
  'Both accounts are in one ledger: a transaction of that ledger moves the money, at once and whole.',
);
/** Never an answer to a command: it is the `failure_code` of a transfer that was reversed. */
export const normalBalanceMismatch = {
  code: 'normal_balance_mismatch',
} as const;

/** What each command may be refused with, in the order of precedence. */
export const ledgerTransferCommandRefusals = {
  CreateLedgerTransfer: [withinLedger, accountManaged, ...bookingRefusals],
  UpdateLedgerTransfer: [ledgerTransferNotFound, metadataLimit],
  ReceiveLedgerTransfer: [],
  RecordLedgerTransferOutcome: [],
  ResumeLedgerTransfers: [],
} as const satisfies Record<LedgerTransferCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const ledgerTransferRefusals = [ledgerTransferNotFound, withinLedger];
