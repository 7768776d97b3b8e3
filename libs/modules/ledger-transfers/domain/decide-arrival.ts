import { BrokenInvariant, isRefusal, refuse } from '@fintech-ledger/contract';
import { accountOf, bookLines, normalDirection } from '@fintech-ledger/ledger/domain';
import type { BookingFacts, DecideContext } from '@fintech-ledger/ledger/domain';
import type { ReceiveLedgerTransfer, RecordLedgerTransferOutcome } from './commands';
import { booking, decided } from './decision';
import type { DecisionOf, View } from './decision';
import type { ArrivalFacts, LedgerTransferFacts } from './facts';
import { arrivalOf, ledgerTransferOf } from './records';
import { normalBalanceMismatch } from './refusals';
import { arrivingLines, withOpenTransit } from './transit';

/**
 * It is received or declined by an event, once: who asks again is told the same, so that a transfer which was given
 * back in one ledger can't arrive in the other one later.
 */
export function receive(
  view: View,
  { amount, currency, description, from, side, to, transferId: id }: ReceiveLedgerTransfer,
  context: DecideContext,
): DecisionOf<'ReceiveLedgerTransfer'> {
  const known = arrivalOf(view, id);
  if (known !== undefined) {
    const event = { type: 'LedgerTransferDeclined', data: { arrival: known } } as const;
    return { kind: 'decided', events: [], answeredAs: [event] };
  }
  const said = { amount, currency, from, id, side, to };
  const account = accountOf(view, to.account);
  const mismatch =
    account === undefined || normalDirection(account.type) === side
      ? undefined
      : refuse(normalBalanceMismatch, `${to.account} does not grow by ${side}s, as ${from.account} does`);
  const lines = arrivingLines({ account: to.account, amount, currency, side });
  const facts =
    mismatch ??
    bookLines(withOpenTransit(view, side, currency), booking(lines, { id, description }, true), context);
  if (isRefusal(facts)) {
    const { code: failureCode, detail: failureMessage } = facts;
    const arrival: ArrivalFacts = { ...said, failureCode, failureMessage, transaction: null };
    return decided({ type: 'LedgerTransferDeclined', data: { arrival } });
  }
  const { transaction } = facts;
  const arrival: ArrivalFacts = {
    ...said,
    failureCode: null,
    failureMessage: null,
    transaction: transaction.id,
  };
  return decided({ type: 'LedgerTransferReceived', data: { ...facts, arrival } });
}

/** What the other ledger said is a fact: nothing refuses it. */
export function recordOutcome(
  view: View,
  { outcome, transferId }: RecordLedgerTransferOutcome,
  context: DecideContext,
): DecisionOf<'RecordLedgerTransferOutcome'> {
  const before = ledgerTransferOf(view, transferId);
  if (before?.status !== 'pending') return decided();
  if (outcome.kind === 'received') {
    const settled = {
      settledAt: context.now,
      status: 'settled',
      toTransaction: outcome.transaction,
    } as const;
    return decided({ type: 'LedgerTransferSettled', data: { transfer: { ...before, ...settled } } });
  }
  const { failureCode, failureMessage } = outcome;
  const facts = givenBack(view, before, context);
  const transfer: LedgerTransferFacts = {
    ...before,
    ...{ failureCode, failureMessage },
    reversalTransaction: facts.transaction.id,
    reversedAt: context.now,
    status: 'reversed',
  };
  return decided({ type: 'LedgerTransferReversed', data: { ...facts, transfer } });
}

/** The account has it back, also where it is frozen, closed or at its maximum by now. */
function givenBack(
  view: View,
  { from, ...transfer }: LedgerTransferFacts,
  context: DecideContext,
): BookingFacts {
  const lines = arrivingLines({ ...transfer, account: from.account });
  const facts = bookLines(view, booking(lines, transfer, false), context);
  if (isRefusal(facts)) throw new BrokenInvariant(facts.detail);
  return facts;
}
