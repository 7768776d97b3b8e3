import { BrokenInvariant } from '@fintech-ledger/contract';
import {
  bankLineLines,
  bankTransferRail,
  booked,
  isAwaitingTransfer,
  paidByTransfer,
  paidOutByTransfer,
  paymentOf,
  payoutAgain,
  payoutCameBack,
  payoutOf,
  referredPayment,
  refundAgain,
  refundCameBack,
  refundedByTransfer,
  refundOf,
  returnedLines,
} from '@fintech-ledger/payments/domain';
import type { AttemptFacts, PaymentFacts, PayoutFacts, RefundFacts } from '@fintech-ledger/payments/domain';
import type { AnyView, Draft } from './draft';
import type { BankLineFacts, ParkedReason } from './facts';
import { partsOfPaymentMax } from './limits';
import { bankLineOf, partsOf } from './records';

/** A new line, booked, and applied to what it is for. @param named a payment that fits by amount and name */
export function bookLine(draft: Draft, line: BankLineFacts, named: string | null): BankLineFacts {
  const applied = line.direction === 'credit' ? credited(draft, line, named) : debited(draft, line);
  const lines = bankLineLines(BigInt(line.amount), line.currency, line.direction === 'credit');
  const facts = booked(draft.view, lines, `Bank statement line ${line.id}`, draft.context, draft.index);
  draft.add({ type: 'BankLineBooked', data: { ...facts, bankLine: applied.line } });
  applied.then();
  return applied.line;
}

/** What a line is for, and what has to happen once it is booked. */
export interface Applied {
  readonly line: BankLineFacts;
  then(): void;
}
const nothing = (): void => undefined;
const parkedAs = (line: BankLineFacts, parkedBecause: ParkedReason): Applied => ({
  line: { ...line, parkedBecause },
  then: nothing,
});

function credited(draft: Draft, line: BankLineFacts, named: string | null): Applied {
  const back = line.origin === null ? undefined : transferredRefund(draft, line.origin, line, 'succeeded');
  if (back !== undefined) return ofReturnedRefund(draft, line, back);
  const returned = line.origin === null ? undefined : transferredPayout(draft, line.origin, line, 'paid');
  if (returned !== undefined) return ofReturnedPayout(draft, line, returned);
  const referred = line.reference === null ? undefined : referredPayment(draft.view, line.reference);
  const id = referred ?? named;
  const payment = id === null ? undefined : paymentOf(draft.view, id);
  if (payment === undefined)
    return parkedAs(line, line.reference === null ? 'no_match' : 'unknown_reference');
  if (!waitsForLine(payment, line)) return parkedAs(line, 'not_waiting');
  // Of two that fit by amount and name in one file, the first one is it.
  if (referred === undefined && payment.amount !== line.left) return parkedAs(line, 'no_match');
  return ofPayment(draft, line, payment);
}

export const waitsForLine = (payment: PaymentFacts, { currency, livemode }: BankLineFacts): boolean =>
  isAwaitingTransfer(payment) && payment.currency === currency && payment.livemode === livemode;

/** The lines that wait for the rest of a payment, without this one. */
const otherParts = (view: AnyView, payment: PaymentFacts, line: string): readonly BankLineFacts[] =>
  partsOf(view, payment.id).flatMap((id) => (id === line ? [] : (bankLineOf(view, id) ?? [])));

/** What a payment waits for beside other lines. */
export const restWanted = (view: AnyView, payment: PaymentFacts, line: string): bigint =>
  otherParts(view, payment, line).reduce((rest, { left }) => rest - BigInt(left), BigInt(payment.amount));

/** A part waits until the whole is there; then the parts go first, and what is too much stays. */
export function ofPayment(draft: Draft, line: BankLineFacts, payment: PaymentFacts): Applied {
  const others = otherParts(draft.view, payment, line.id);
  const wanted = restWanted(draft.view, payment, line.id);
  const left = BigInt(line.left);
  if (left < wanted) {
    if (others.length >= partsOfPaymentMax) return parkedAs(line, 'not_waiting');
    return { line: { ...line, parkedBecause: 'awaiting_rest', payment: payment.id }, then: nothing };
  }
  const used = matched(line, payment.id, wanted);
  const whole: BankLineFacts = left > wanted ? { ...used, parkedBecause: 'surplus', status: 'parked' } : used;
  const then = (): void => {
    for (const part of others) {
      const { id, left: used } = part;
      const over = matched(bankLineOf(draft.view, id) ?? part, payment.id, BigInt(used));
      draft.add({ type: 'BankLineMatched', data: { bankLine: over, leaves: payment.id } });
    }
    for (const paid of paidByTransfer(draft.view, payment, line.bookedOn, draft.context, draft.index))
      draft.add(paid);
  };
  return { line: whole, then };
}

function debited(draft: Draft, line: BankLineFacts): Applied {
  const { origin } = line;
  if (origin === null) return parkedAs(line, 'no_match');
  const refund = transferredRefund(draft, origin, line, 'pending');
  if (refund !== undefined) return ofRefund(draft, line, refund);
  const payout = transferredPayout(draft, origin, line, 'in_transit');
  if (payout !== undefined) return ofPayout(draft, line, payout);
  const returned = returnedLine(draft, origin, line);
  return returned === undefined ? parkedAs(line, 'no_match') : ofReturn(draft, line, returned);
}

/** A line that a line may give back; undefined: there is no such one that is to go back. */
export function returnedLine({ view }: Draft, id: string, by: BankLineFacts): BankLineFacts | undefined {
  const line = bankLineOf(view, id);
  if (line?.status !== 'returned' || line.returnedAt !== null) return undefined;
  const back = line.matches.find(({ object }) => object === id);
  const isOfIt = line.currency === by.currency && line.livemode === by.livemode && back?.amount === by.left;
  return isOfIt ? line : undefined;
}

export function ofReturn(draft: Draft, line: BankLineFacts, returned: BankLineFacts): Applied {
  const then = (): void => {
    const { currency, left } = line;
    const lines = returnedLines(BigInt(left), currency);
    const facts = booked(draft.view, lines, `Return of ${returned.id}`, draft.context, draft.index);
    const bankLine = { ...returned, returnedAt: draft.context.now };
    draft.add({ type: 'BankReturnPaid', data: { ...facts, bankLine } });
  };
  return { line: matched(line, returned.id), then };
}

/** A refund of a transfer, with its payment. */
export interface TransferredRefund {
  readonly payment: PaymentFacts & { readonly attempt: AttemptFacts };
  readonly refund: RefundFacts;
}

/** A refund whose transfer a line may be; undefined: there is no such one in this state. */
export function transferredRefund(
  { view }: Draft,
  id: string,
  { currency, left, livemode }: BankLineFacts,
  status: RefundFacts['status'],
): TransferredRefund | undefined {
  const refund = refundOf(view, id);
  const payment = refund && paymentOf(view, refund.payment);
  const attempt = payment?.attempt ?? null;
  if (refund?.status !== status || payment === undefined || attempt?.rail !== bankTransferRail)
    return undefined;
  if (refund.currency !== currency || refund.amount !== left || refund.livemode !== livemode)
    return undefined;
  return { payment: { ...payment, attempt }, refund };
}

/** A payout whose transfer a line may be; undefined: there is no such one in this state. */
export function transferredPayout(
  { view }: Draft,
  id: string,
  { currency, left, livemode }: BankLineFacts,
  status: PayoutFacts['status'],
): PayoutFacts | undefined {
  const payout = payoutOf(view, id);
  if (payout?.status !== status || payout.rail !== bankTransferRail) return undefined;
  const isOfIt = payout.currency === currency && payout.amount === left && payout.livemode === livemode;
  return isOfIt ? payout : undefined;
}

export function ofPayout(draft: Draft, line: BankLineFacts, payout: PayoutFacts): Applied {
  return {
    line: matched(line, payout.id),
    then: () => draft.add(paidOutByTransfer(draft.view, payout, draft.context, draft.index)),
  };
}

export function ofReturnedPayout(draft: Draft, line: BankLineFacts, payout: PayoutFacts): Applied {
  return {
    line: matched(line, payout.id),
    then: () => draft.add(payoutCameBack(draft.view, payout, draft.context, draft.index)),
  };
}

export function ofRefund(draft: Draft, line: BankLineFacts, { payment, refund }: TransferredRefund): Applied {
  return {
    line: matched(line, refund.id),
    then: () => draft.add(refundedByTransfer(draft.view, payment, refund, draft.context, draft.index)),
  };
}

/** One that was declared failed, and has left all the same: it is made again, and has left. */
export function ofLateRefund(draft: Draft, line: BankLineFacts, of: TransferredRefund): Applied {
  const then = (): void => {
    draft.add(refundAgain(draft.view, of.payment, of.refund, draft.context, draft.index));
    const again = transferredRefund(draft, of.refund.id, line, 'pending');
    if (again === undefined) throw new BrokenInvariant(`${of.refund.id} is not made again`);
    ofRefund(draft, line, again).then();
  };
  return { line: matched(line, of.refund.id), then };
}

export function ofLatePayout(draft: Draft, line: BankLineFacts, payout: PayoutFacts): Applied {
  const then = (): void => {
    draft.add(payoutAgain(draft.view, payout, draft.context, draft.index));
    const again = transferredPayout(draft, payout.id, line, 'in_transit');
    if (again === undefined) throw new BrokenInvariant(`${payout.id} is not made again`);
    ofPayout(draft, line, again).then();
  };
  return { line: matched(line, payout.id), then };
}

export function ofReturnedRefund(
  draft: Draft,
  line: BankLineFacts,
  { payment, refund }: TransferredRefund,
): Applied {
  return {
    line: matched(line, refund.id),
    then: () => draft.add(refundCameBack(draft.view, payment, refund, draft.context, draft.index)),
  };
}

/** @param used how much of what is left; absent: all */
export function matched(line: BankLineFacts, object: string, used = BigInt(line.left)): BankLineFacts {
  return {
    ...line,
    left: String(BigInt(line.left) - used),
    matches: [...line.matches, { amount: String(used), object }],
    parkedBecause: null,
    payment: null,
    status: 'matched',
  };
}
