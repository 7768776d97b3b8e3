import {
  answered,
  constant,
  digits,
  livemode,
  metadata,
  named,
  nullable,
  object,
  oneOf,
  optional,
  page,
  position,
  text,
  time,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { ledgerTransferStatuses } from './facts';
import type { ArrivalFacts, LedgerTransferFacts } from './facts';

const place = (description: string, ledger: string, account: string) =>
  object(
    { ledger: text('The id of the ledger.', ledger), account: text('The address of the account.', account) },
    description,
  );
const maybeTransaction = (description: string) => nullable(text(description, 'txn_2'), 'null');
const maybeTime = (description: string) => nullable(time(description), 'null');

const members = {
  id: text('The id of the transfer.', 'lt_1'),
  object: constant('ledger_transfer'),
  status: oneOf(
    '`pending` until the other ledger has received it (`settled`) or declined it (`reversed`: given back).',
    ledgerTransferStatuses,
    'pending',
  ),
  from: place('The account that the money leaves.', 'led_1', 'treasury:cash'),
  to: place('The account that it arrives on.', 'led_2', 'branch:cash'),
  amount: digits('In minor units.', '250000'),
  currency: text('The currency of both accounts.', 'USD'),
  description: nullable(text('What it is for.', 'Funding of the branch')),
  failure_code: nullable(text('Why the other ledger declined it, for programs.', 'account_closed'), 'null'),
  failure_message: nullable(text('The same, for a person.', 'branch:cash is closed'), 'null'),
  from_transaction: text('The transaction that took it from its account.', 'txn_1'),
  to_transaction: maybeTransaction('The transaction that brought it to the other account.'),
  reversal_transaction: maybeTransaction('The transaction that gave it back.'),
  created_at: time('When it was made.'),
  settled_at: maybeTime('When it was settled.'),
  reversed_at: maybeTime('When it was given back.'),
  livemode,
  metadata,
} as const;

export const ledgerTransferShape = named(
  'LedgerTransfer',
  'Money that goes from an account of one ledger to one of another.',
  object({ ...members, position: optional(position) }),
);
export const ledgerTransferAnswer = named(
  'LedgerTransferAnswer',
  'A transfer between ledgers, as a command left it.',
  object({ ...members, ...answered }),
);
export const ledgerTransferPage = page(ledgerTransferShape);
export type LedgerTransferView = ViewOf<typeof ledgerTransferShape>;

/** A transfer in the API's shape. What is rendered for a recorded event never changes. */
export function showLedgerTransfer(transfer: LedgerTransferFacts): LedgerTransferView {
  const { from, to } = transfer;
  return {
    id: transfer.id,
    object: 'ledger_transfer',
    status: transfer.status,
    from: { ledger: from.ledger, account: from.account },
    to: { ledger: to.ledger, account: to.account },
    amount: transfer.amount,
    currency: transfer.currency,
    description: transfer.description,
    failure_code: transfer.failureCode,
    failure_message: transfer.failureMessage,
    from_transaction: transfer.fromTransaction,
    to_transaction: transfer.toTransaction,
    reversal_transaction: transfer.reversalTransaction,
    created_at: transfer.createdAt,
    settled_at: transfer.settledAt,
    reversed_at: transfer.reversedAt,
    livemode: transfer.livemode,
    metadata: transfer.metadata,
  };
}

/** What the ledger that a transfer arrives in answers; no client asks for it. */
export type ArrivalView = Pick<ArrivalFacts, 'failureCode' | 'failureMessage' | 'id' | 'transaction'>;

export function showArrival({ failureCode, failureMessage, id, transaction }: ArrivalFacts): ArrivalView {
  return { failureCode, failureMessage, id, transaction };
}
