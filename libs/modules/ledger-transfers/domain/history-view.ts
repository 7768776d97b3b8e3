import { historyPageShape } from '@fintech-ledger/ledger/domain';
import { digits, text } from '@fintech-ledger/shapes';
import type { LedgerTransferEvent } from './events';

export const transferHistoryPage = historyPageShape({
  name: 'LedgerTransferHistoryItem',
  description: 'What happened to a transfer: an event of the ledger that it left, with its entries.',
  type: text('What happened.', 'ledger_transfer.settled'),
  account: text('The address of the account.', 'treasury:cash'),
  amount: digits('In minor units.', '250000'),
  currency: text('The currency of the account.', 'USD'),
  idempotencyKey: 'funding-1',
  entries: 'What it booked in the ledger that the transfer left; nothing where it books nothing.',
  changes: [
    'Members of the transfer that it changed, with their old values. Of the first event: nothing.',
    { status: 'pending' },
  ],
});

/** How an event of the journal is called in a history. */
export function transferHistoryType(type: LedgerTransferEvent['type']): string {
  return `ledger_transfer.${type.slice('LedgerTransfer'.length).toLowerCase()}`;
}
