import { publicEvents, unpublished } from '@fintech-ledger/shapes';
import { bankEvents } from './events';

const ownAffairs = unpublished('What it pays is told by the events of payments and refunds.');

/** What clients are told. */
export const bankPublicEvents = publicEvents(bankEvents, {
  BankAccountsChanged: unpublished('Payers are shown it with their payments.'),
  BankLineBooked: ownAffairs,
  BankLineMatched: ownAffairs,
  BankLineReturned: ownAffairs,
  BankReturnPaid: ownAffairs,
  BankReturnCanceled: ownAffairs,
  BankLineErased: unpublished('What was forgotten is not told of.'),
  BankStatementImported: ownAffairs,
});
