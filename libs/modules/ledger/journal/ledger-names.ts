import type { JoinableDomain } from '@fintech-ledger/journal';
import {
  accountKey,
  commandRefusals,
  periodKey,
  referenceKey,
  transactionKey,
} from '@fintech-ledger/ledger/domain';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';

/** What the ledger calls its own in journals, where other modules have something too. */
export const ledgerNames: Pick<
  JoinableDomain<LedgerCommand, LedgerEvent, LedgerRecord>,
  'commands' | 'records'
> = {
  // Each has its refusals: the list does not compile without one of them.
  commands: Object.fromEntries(Object.keys(commandRefusals).map((type) => [type, true])) as Readonly<
    Record<LedgerCommand['type'], true>
  >,
  records: {
    account: accountKey(''),
    transaction: transactionKey(''),
    reference: referenceKey(''),
    period: periodKey,
  },
};
