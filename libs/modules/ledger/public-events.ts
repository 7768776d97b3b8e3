import { ledgerShape } from '@fintech-ledger/access/domain';
import {
  capturedHold,
  directoryEvents,
  firstSnapshot,
  ledgerEvents,
  statusEventTypes,
} from '@fintech-ledger/ledger/domain';
import type {
  AccountEvent,
  HoldCaptured,
  HoldExpired,
  HoldPlaced,
  HoldVoided,
  LedgerFacts,
  PeriodClosed,
  StatusEvent,
  TransactionPosted,
  TransactionReversed,
} from '@fintech-ledger/ledger/domain';
import { publicEvent, publicEvents, unpublished } from '@fintech-ledger/shapes';
import type { PublicEventType } from '@fintech-ledger/shapes';
import { accountAfter } from './accounts/account-view';
import { transactionView } from './journal/transaction-view';
import { ledgerView } from './ledgers/ledger-view';
import { periodCloseView } from './periods/period-close-view';
import { toldPeriodCloseShape } from './views/period-close';
import { accountShape } from './views/account';
import type { AccountView } from './views/account';
import { transactionShape } from './views/transaction';

type AccountFacts = AccountEvent['data'];

function accountEvent(
  name: string,
  description: string,
  status: AccountView['status'],
  before?: AccountView['status'],
): PublicEventType<AccountFacts> {
  return publicEvent<AccountFacts, AccountView>({
    name,
    description,
    object: accountShape,
    shows: { status },
    idsOf: ({ account }) => [account.address],
    objectOf: accountAfter,
    ...(before === undefined ? {} : { previous: { status: before } }),
  });
}

/** `account.frozen` for `AccountFrozen`. */
const statusEvents = Object.fromEntries(
  statusEventTypes.map(({ name, told, to, before }) => [
    name,
    [accountEvent(`account.${name.slice('Account'.length).toLowerCase()}`, told, to, before)],
  ]),
) as Readonly<Record<StatusEvent['type'], PublicEventType<AccountFacts>[]>>;

const held = transactionShape.example.entries.map((line) => ({ ...line, held: line.amount, captured: '0' }));
const released = transactionShape.example.entries.map((line) => ({ ...line, held: '0', captured: '0' }));

const transactionPosted = publicEvent({
  name: 'transaction.posted',
  description: 'A transaction was booked at once. The booking of a hold is `hold.captured`.',
  object: transactionShape,
  idsOf: ({ transaction }: TransactionPosted['data']) => [transaction.id],
  objectOf: ({ transaction, entries }) => transactionView(firstSnapshot(transaction, entries)),
});

const transactionReversed = publicEvent({
  name: 'transaction.reversed',
  description:
    'A transaction was reversed, in whole or in part. The object is the new transaction that does it; `reverses` ' +
    'names the earlier one, under which the event is found too.',
  object: transactionShape,
  shows: { reverses: 'txn_0' },
  idsOf: ({ transaction, original }: TransactionReversed['data']) => [transaction.id, original.id],
  objectOf: ({ transaction, entries }) => transactionView(firstSnapshot(transaction, entries)),
});

const holdPlaced = publicEvent({
  name: 'hold.placed',
  description: 'Amounts were reserved.',
  object: transactionShape,
  shows: { status: 'pending', is_hold: true, entries: held },
  idsOf: ({ transaction }: HoldPlaced['data']) => [transaction.id],
  objectOf: ({ transaction, entries }) => transactionView(firstSnapshot(transaction, entries)),
});

const holdCaptured = publicEvent({
  name: 'hold.captured',
  description:
    'A hold was booked in whole or in part; while a part of it is still held it stays `pending`. The entries of the ' +
    'object are those of the answer to the capture.',
  object: transactionShape,
  shows: { is_hold: true },
  idsOf: ({ transaction }: HoldCaptured['data']) => [transaction.id],
  objectOf: (data) => transactionView(capturedHold(data)),
});

const holdVoided = publicEvent({
  name: 'hold.voided',
  description:
    'All that was still held was released by command. A hold of which a part had been captured is `posted` then.',
  object: transactionShape,
  shows: { status: 'voided', is_hold: true, entries: released },
  idsOf: ({ transaction }: HoldVoided['data']) => [transaction.id],
  objectOf: ({ transaction }) => transactionView(transaction),
});

const holdExpired = publicEvent({
  name: 'hold.expired',
  description:
    'All that was still held was released because its time had come. A hold of which a part had been captured is ' +
    '`posted` then.',
  object: transactionShape,
  shows: { status: 'expired', is_hold: true, entries: released, expires_at: '2026-02-07T12:00:00.000Z' },
  idsOf: ({ transaction }: HoldExpired['data']) => [transaction.id],
  objectOf: ({ transaction }) => transactionView(transaction),
});

const periodClosed = publicEvent({
  name: 'period.closed',
  description: 'The books were closed through a moment: what is booked later counts after it.',
  object: toldPeriodCloseShape,
  idsOf: ({ id }: PeriodClosed['data']) => [id],
  objectOf: periodCloseView,
});

/** What the journal of a ledger tells clients. */
export const ledgerPublicEvents = publicEvents(ledgerEvents, {
  AccountOpened: [accountEvent('account.opened', 'An account was opened.', 'open')],
  AccountAmended: [
    accountEvent(
      'account.updated',
      'Bounds or metadata of an account were changed; the account after it.',
      'open',
    ),
  ],
  ...statusEvents,
  TransactionPosted: [transactionPosted],
  TransactionImported: [transactionPosted],
  HoldPlaced: [holdPlaced],
  HoldCaptured: [holdCaptured],
  HoldVoided: [holdVoided],
  HoldExpired: [holdExpired],
  TransactionReversed: [transactionReversed],
  PeriodClosed: [periodClosed],
  TransactionsRefused: unpublished('Nothing was booked; the answer to the bulk says what was refused.'),
  NothingChanged: unpublished('Nothing was changed; only the idempotency key of the command is kept.'),
});

const ledgerCreated = publicEvent({
  name: 'ledger.created',
  description: 'A ledger was created.',
  object: ledgerShape,
  idsOf: ({ ledger }: { readonly ledger: LedgerFacts }) => [ledger.id],
  objectOf: ({ ledger }) => ledgerView(ledger),
});

/** What the stream of an organization tells clients of its ledgers and units. */
export const directoryPublicEvents = publicEvents(directoryEvents, {
  LedgerCreated: [ledgerCreated],
  UnitDeclared: unpublished('A unit is a setting; the list of units has it.'),
  UnitUsed: unpublished('It only fixes the exponent of a unit.'),
});
