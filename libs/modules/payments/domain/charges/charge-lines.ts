import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { lineIdOf } from '../balance-line';
import type { BalanceLine, LineSettlement } from '../balance-line';
import { ownerAccount, platformOwner } from '../chart';
import type { PaymentFacts, RefundFacts } from '../facts';
import { accountSettlementKey, settlementKey } from '../records';
import { ownerOf, partyOf } from './charge';

/* Lines of what moves between the platform and a connected account with a payment or its refund: one of each side. */

interface Booked {
  readonly entries: BookingFacts['entries'];
  readonly payment: PaymentFacts;
  readonly transaction: BookingFacts['transaction'];
}
type Part = 'application_fee' | 'application_fee_refund' | 'transfer' | 'transfer_reversal';

/** With what a line of a payment becomes available; null: it is. */
export function settlementOfLine(
  { attempt, availableOn, currency }: PaymentFacts,
  owner: string,
  isPending: boolean,
): LineSettlement | null {
  if (!isPending || attempt === null || availableOn === null) return null;
  const { rail } = attempt;
  const key =
    owner === platformOwner
      ? settlementKey(rail, currency, availableOn)
      : accountSettlementKey(owner, rail, currency, availableOn);
  return { key, availableOn };
}

/** Whether an event has booked on what an owner has pending. */
export const hasPending = ({ entries, payment: { currency } }: Booked, owner: string): boolean =>
  entries.some(({ account }) => account === ownerAccount(owner, 'pending', currency).account);

/** What others get with a capture: the transfer of the platform's payment, and the fee of that, or of the account's. */
export function linesOfCharge(data: Booked, transfer?: { readonly id: string; readonly amount: string }) {
  const { payment } = data;
  const fee = -BigInt(payment.applicationFeeAmount ?? '0');
  const ofFee = twoLines(data, 'application_fee', fee, payment.id);
  // The fee of a direct payment is in the account's own line of it.
  if (transfer === undefined) return ofFee.filter(({ owner }) => owner === platformOwner);
  return [...twoLines(data, 'transfer', BigInt(transfer.amount), transfer.id), ...ofFee];
}

/** What goes back with a refund, or comes again as it failed. */
export function linesOfGivenBack(data: Booked & { readonly refund: RefundFacts }): readonly BalanceLine[] {
  const { refund } = data;
  if (refund.status === 'failed')
    return [
      ...twoLines(data, 'transfer', BigInt(refund.transferAgain ?? '0'), refund.id),
      ...twoLines(data, 'application_fee', -BigInt(refund.applicationFeeAgain ?? '0'), refund.id),
    ];
  return [
    ...twoLines(data, 'application_fee_refund', BigInt(refund.applicationFeeRefunded ?? '0'), refund.id),
    ...twoLines(data, 'transfer_reversal', -BigInt(refund.transferReversed ?? '0'), refund.id),
  ];
}

const suffixes: Readonly<Record<Part, string>> = {
  application_fee: 'fee',
  application_fee_refund: 'fee',
  transfer: 'transfer',
  transfer_reversal: 'transfer',
};

/** @param amount the account's; zero: nothing moves */
function twoLines(data: Booked, type: Part, amount: bigint, source: string): readonly BalanceLine[] {
  const { payment, transaction } = data;
  const account = partyOf(payment);
  if (amount === 0n || account === undefined) return [];
  const { currency, livemode } = payment;
  const id = `${lineIdOf(transaction)}_${suffixes[type]}`;
  const both = { type, fee: 0n, currency, livemode, source };
  const settlement = (owner: string) => settlementOfLine(payment, owner, hasPending(data, owner));
  return [
    { ...both, id, owner: platformOwner, amount: -amount, settlement: settlement(platformOwner) },
    { ...both, id: `${id}_account`, owner: account, amount, settlement: settlement(account) },
  ];
}

/** The line of a captured payment: that of an account has the application fee among its fees. */
export function paymentLine(
  data: Booked,
): Pick<BalanceLine, 'amount' | 'applicationFee' | 'fee' | 'owner' | 'settlement'> {
  const { payment } = data;
  const { amountCaptured, applicationFeeAmount = '0', connectedAccount, fee } = payment;
  const owner = ownerOf(payment);
  const applicationFee = connectedAccount === undefined ? 0n : BigInt(applicationFeeAmount);
  const isOfParty = partyOf(payment) !== undefined || payment.split !== undefined;
  const isPending = isOfParty ? hasPending(data, owner) : payment.pending !== '0';
  const line = {
    amount: BigInt(amountCaptured),
    fee: BigInt(fee) + applicationFee,
    owner,
    settlement: settlementOfLine(payment, owner, isPending),
  };
  return applicationFee > 0n ? { ...line, applicationFee } : line;
}
