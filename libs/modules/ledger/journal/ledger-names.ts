import type { JoinableDomain } from '@fintech-ledger/journal';
import { accountKey, referenceKey, transactionKey } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';

/** What the ledger calls its own in journals, where other modules have something too. */
export const ledgerNames: Pick<
  JoinableDomain<LedgerCommand, LedgerEvent, LedgerRecord>,
  'commands' | 'records'
> = {
  commands: {
    OpenAccount: true,
    AmendAccount: true,
    FreezeAccount: true,
    UnfreezeAccount: true,
    CloseAccount: true,
    ReopenAccount: true,
    PostTransaction: true,
    PostTransactions: true,
    CaptureHold: true,
    VoidHold: true,
    ReverseTransaction: true,
    ExpireHolds: true,
    ShowAccount: true,
  },
  records: { account: accountKey(''), transaction: transactionKey(''), reference: referenceKey('') },
};
