import { refused } from '@fintech-ledger/contract';
import type { CodeOf, Refusal } from '@fintech-ledger/contract';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { platformOwner } from '../chart';
import { isUnsettled, partyOf } from '../charges/charge';
import { destinationRefusal } from '../charges/decide-charge';
import { pendingOf } from '../charges/give-back';
import { currencyRefusal } from '../currency';
import { connectedPartyOf } from '../connected-accounts';
import { booked, decided, described, shortOf, totalOf } from '../decision';
import type { PaymentsDecision } from '../decision';
import type { PaymentFacts } from '../facts';
import { paymentNotFound } from '../object-refusals';
import { isSettled } from '../make-refund';
import {
  accountSettlementKey,
  accountSettlementOf,
  paymentOf,
  settlementKey,
  settlementOf,
  transferOf,
} from '../records';
import type { PaymentsView } from '../records';
import { transfersOfPaymentMax } from './limits';
import { moveLines } from './transfer-bookings';
import type { CreateTransfer, ReverseTransfer, UpdateTransfer } from './transfer-commands';
import type { TransferFacts } from './transfer-facts';
import {
  reversalExceedsTransfer,
  sourceNotTransferable,
  tooManyTransfers,
  transferExceedsSource,
  transferNotFound,
  unknownDestination,
} from './transfer-refusals';
import type { transferCommandRefusals } from './transfer-refusals';

type View = PaymentsView & SharedView;
type DecisionOf<Type extends keyof typeof transferCommandRefusals> = PaymentsDecision<
  CodeOf<(typeof transferCommandRefusals)[Type]>
>;
type Refused<Code extends string> = { readonly kind: 'refused'; readonly refusal: Refusal<Code> };

export function createTransfer(
  view: View,
  command: CreateTransfer,
  context: DecideContext,
): DecisionOf<'CreateTransfer'> {
  const { amount, currency, destination, sourcePayment } = command;
  const noCurrency = currencyRefusal(currency, context.now);
  if (noCurrency !== undefined) return noCurrency;
  const noParty = recipientRefusal(view, command);
  if (noParty !== undefined) return noParty;
  const source = sourcePayment === null ? null : paymentOf(view, sourcePayment);
  if (source === undefined)
    return refused(paymentNotFound, `There is no payment ${sourcePayment?.slice(0, 80)}.`, '/source_payment');
  const wrong = source && sourceRefusal(source, command);
  if (wrong !== null) return wrong;
  const isPending = source !== null && isPendingStill(view, source);
  const short = isPending ? undefined : shortOf(view, platformOwner, currency, BigInt(amount));
  if (short !== undefined) return short;
  const { type: _type, ...said } = command;
  const id = context.newId('tr', 0);
  const pending = isPending ? amount : '0';
  const transfer: TransferFacts = { ...said, amountReversed: '0', createdAt: context.now, id, pending };
  const of = { currency, from: platformOwner, to: destination };
  const lines = moveLines({
    ...of,
    pending: BigInt(pending),
    available: BigInt(amount) - BigInt(pending),
  });
  const facts = booked(view, lines, `Transfer ${id}`, context);
  if (source === null) return decided({ type: 'TransferCreated', data: { ...facts, transfer } });
  const payment = {
    ...withTransferred(source, BigInt(amount), BigInt(pending)),
    transfers: [...(source.transfers ?? []), id],
  };
  return decided({ type: 'PaymentTransferCreated', data: { ...facts, payment, transfer } });
}

/** Why an account can't get it. One that is closed is paid what it owes alone: else nothing would bring it to zero. */
function recipientRefusal(
  view: View,
  { amount, currency, destination, sourcePayment }: CreateTransfer,
): Refused<'account_suspended' | 'unknown_destination'> | undefined {
  if (connectedPartyOf(view, destination)?.status !== 'closed') return destinationRefusal(view, destination);
  // What it has pending or reserved pays for it, too, in its time.
  const total = totalOf(view, destination, currency);
  const owed = total < 0n ? -total : 0n;
  if (sourcePayment === null && BigInt(amount) <= owed) return undefined;
  const why = `${destination} is closed and owes ${owed} ${currency}: it gets no more, and nothing of a payment.`;
  return refused(unknownDestination, why, '/destination');
}

/** Whether its money is still to be settled. One that closed at nothing is due already: what it leaves is available. */
export function isPendingStill(
  view: PaymentsView,
  { attempt, availableOn, currency }: PaymentFacts,
): boolean {
  if (attempt === null || availableOn === null) return false;
  const settlement = settlementOf(view, settlementKey(attempt.rail, currency, availableOn));
  return settlement !== undefined && !settlement.isSettled && settlement.isClosed !== true;
}

/** The payment with so much more transferred of it, and so much of that pending. */
function withTransferred(payment: PaymentFacts, amount: bigint, pending: bigint) {
  const { amountTransferred = '0', transfers = [] } = payment;
  return {
    ...payment,
    amountTransferred: String(BigInt(amountTransferred) + amount),
    pending: String(BigInt(payment.pending) - pending),
    transfers,
  };
}

function sourceRefusal(
  source: PaymentFacts,
  { amount, currency }: CreateTransfer,
): Refused<'source_not_transferable' | 'transfer_exceeds_source' | 'too_many_transfers'> | null {
  const { amountCaptured, amountDisputed = '0', amountRefunded, amountTransferred = '0', id } = source;
  const party = partyOf(source);
  if (source.status !== 'succeeded' || source.currency !== currency || party !== undefined) {
    const why = `Payment ${id} is ${source.status}, in ${source.currency}, of ${party ?? platformOwner}.`;
    return refused(sourceNotTransferable, why, '/source_payment');
  }
  if (source.split !== undefined) {
    const why = `Payment ${id} was split by ${source.split}: nothing else is transferred of it.`;
    return refused(sourceNotTransferable, why, '/source_payment');
  }
  const gone = BigInt(amountRefunded) + BigInt(amountDisputed) + BigInt(amountTransferred);
  // With what a dispute took it may be more than was captured.
  const left = BigInt(amountCaptured) > gone ? BigInt(amountCaptured) - gone : 0n;
  if (BigInt(amount) > left) {
    const why = `${left} ${currency} of payment ${id} can be transferred, ${amount} is asked for.`;
    return refused(transferExceedsSource, why, '/amount', { amount_left: String(left) });
  }
  const { length } = source.transfers ?? [];
  if (length < transfersOfPaymentMax) return null;
  const why = `Payment ${id} is the source of ${length} transfers, which is the most.`;
  return refused(tooManyTransfers, why, '/source_payment');
}

const noTransfer = (id: string): Refused<'transfer_not_found'> =>
  refused(transferNotFound, `There is no transfer ${id}.`);

export function updateTransfer(view: PaymentsView, command: UpdateTransfer): DecisionOf<'UpdateTransfer'> {
  const before = transferOf(view, command.transferId);
  if (before === undefined) return noTransfer(command.transferId);
  return described(before, command, (transfer) => ({ type: 'TransferUpdated', data: { transfer } }));
}

/** It takes from what is pending of the transfer first, then from what is available, and never below zero. */
export function reverseTransfer(
  view: View,
  command: ReverseTransfer,
  context: DecideContext,
): DecisionOf<'ReverseTransfer'> {
  const before = transferOf(view, command.transferId);
  if (before === undefined) return noTransfer(command.transferId);
  const { currency, destination, id, sourcePayment } = before;
  const left = BigInt(before.amount) - BigInt(before.amountReversed);
  const amount = command.amount === undefined ? left : BigInt(command.amount);
  if (amount > left || left === 0n) {
    const why = `${left} ${currency} of transfer ${id} is left to reverse, ${amount} is asked for.`;
    return refused(reversalExceedsTransfer, why, '/amount', { amount_left: String(left) });
  }
  const source = sourcePayment === null ? undefined : paymentOf(view, sourcePayment);
  const pending = source === undefined ? 0n : stillPending(view, before, source);
  const fromPending = amount < pending ? amount : pending;
  const short = shortOf(view, destination, currency, amount - fromPending);
  if (short !== undefined) return short;
  const reversal = {
    amount: String(amount),
    fromPending: String(fromPending),
    id: context.newId('trr', 0),
  };
  const lines = moveLines({
    ...{ currency, from: destination, to: platformOwner },
    ...{ pending: fromPending, available: amount - fromPending },
  });
  const facts = booked(view, lines, `Reversal of transfer ${id}`, context);
  const transfer = {
    ...before,
    amountReversed: String(BigInt(before.amountReversed) + amount),
    pending: String(BigInt(before.pending) - fromPending),
  };
  if (source === undefined)
    return decided({ type: 'TransferReversed', data: { ...facts, reversal, transfer } });
  const payment = withTransferred(source, -amount, -fromPending);
  return decided({ type: 'PaymentTransferReversed', data: { ...facts, payment, reversal, transfer } });
}

/** What of a transfer is pending for both: what one of them has available by now goes back as that. */
function stillPending(view: View, transfer: TransferFacts, source: PaymentFacts): bigint {
  const { attempt, availableOn, currency } = source;
  const party = partyOf(source);
  if (party !== undefined) return isUnsettled(view, party, source) ? pendingOf(view, source, transfer) : 0n;
  if (attempt === null || availableOn === null || isSettled(view, source)) return 0n;
  const key = accountSettlementKey(transfer.destination, attempt.rail, currency, availableOn);
  const settled = BigInt(accountSettlementOf(view, key)?.amount ?? '0');
  // Fees may have brought a settlement below zero: nothing of it can go back then.
  const most = settled > 0n ? settled : 0n;
  const pending = BigInt(transfer.pending);
  return pending < most ? pending : most;
}
