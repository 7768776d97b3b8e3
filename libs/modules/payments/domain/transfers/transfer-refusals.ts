import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { metadataLimit, unknownCurrency, withdrawnCurrency } from '@fintech-ledger/ledger/domain';
import { insufficientAvailable, paymentNotFound, paymentUnexpectedState } from '../object-refusals';
import { transfersOfPaymentMax } from './limits';
import type { TransferCommand } from './transfer-commands';

export const transferNotFound = refusal(
  'transfer_not_found',
  'not_found',
  'There is no such transfer, or it is of another environment.',
);
export const unknownDestination = refusal(
  'unknown_destination',
  'rule',
  'There is no such connected account in this environment, or it is closed, and a transfer is more than what it owes.',
);
export const accountSuspended = refusal(
  'account_suspended',
  'rule',
  'The connected account is suspended: nothing is transferred to it until it is reinstated.',
);
export const sourceNotTransferable = refusal(
  'source_not_transferable',
  'rule',
  "A source is a payment of the platform's own that has succeeded, in the currency of the transfer.",
);
export const transferExceedsSource = refusal(
  'transfer_exceeds_source',
  'rule',
  'More is to be transferred than is left of the source, less refunds, disputes that are open or lost, and transfers.',
);
export const tooManyTransfers = refusal(
  'too_many_transfers',
  'rule',
  `A payment is the source of at most ${transfersOfPaymentMax} transfers.`,
);
export const reversalExceedsTransfer = refusal(
  'reversal_exceeds_transfer',
  'rule',
  'More is to be reversed than is left of what was transferred.',
);

/** What each command may be refused with, in the order of precedence. */
export const transferCommandRefusals = {
  CreateTransfer: [
    unknownCurrency,
    withdrawnCurrency,
    unknownDestination,
    accountSuspended,
    paymentNotFound,
    paymentUnexpectedState,
    sourceNotTransferable,
    transferExceedsSource,
    tooManyTransfers,
    insufficientAvailable,
  ],
  UpdateTransfer: [transferNotFound, metadataLimit],
  ReverseTransfer: [transferNotFound, reversalExceedsTransfer, insufficientAvailable],
} as const satisfies Record<TransferCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const transferRefusals = [
  transferNotFound,
  unknownDestination,
  accountSuspended,
  sourceNotTransferable,
  transferExceedsSource,
  tooManyTransfers,
  reversalExceedsTransfer,
];
