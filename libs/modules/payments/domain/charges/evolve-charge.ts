import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { BrokenInvariant } from '@fintech-ledger/contract';
import { bucketOf, platformOwner } from '../chart';
import type { PaymentFacts, RefundFacts } from '../facts';
import {
  accountSettlementKey,
  accountSettlementOf,
  ownerKey,
  ownerRecordOf,
  paymentOf,
  refundOf,
  settlementKey,
  settlementOf,
  splitKey,
  transferKey,
} from '../records';
import type { PaymentsRecord, PaymentsView } from '../records';
import { capturedOf } from '../reserves/decide-reserve';
import type { SplitFacts } from '../splits/split-facts';
import type { TransferFacts } from '../transfers/transfer-facts';
import { partiesOf, partyOf } from './charge';
import type { ClosedAccountSettlement } from './charge-events';

interface Change {
  readonly key: string;
  readonly record: PaymentsRecord;
}
type Entries = BookingFacts['entries'];

/** What the entries of an event move in and out of what each owner has pending. */
export function pendingMoves(entries: Entries): ReadonlyMap<string, bigint> {
  const moves = new Map<string, bigint>();
  for (const { account, amount, direction } of entries) {
    const of = bucketOf(account);
    if (of?.bucket !== 'pending') continue;
    const more = direction === 'credit' ? BigInt(amount) : -BigInt(amount);
    moves.set(of.owner, (moves.get(of.owner) ?? 0n) + more);
  }
  return moves;
}

/**
 * What becomes available with a payment of a connected account, of each owner that its entries have pending, also where
 * they come to nothing: their lines are pending until it does.
 */
export function settlementChanges(
  view: PaymentsView,
  payment: PaymentFacts,
  entries: Entries,
  isCapture: boolean,
): readonly Change[] {
  const account = partyOf(payment);
  const moves = pendingMoves(entries);
  if (account === undefined || moves.size === 0) return [];
  const ofPlatform = moves.get(platformOwner);
  const ofAccount = moves.get(account) ?? (isCapture ? 0n : undefined);
  return [
    ...(ofPlatform === undefined ? [] : platformChange(view, payment, ofPlatform, true)),
    ...(ofAccount === undefined
      ? []
      : [accountChange(view, payment, account, ofAccount, { entries, isCapture, opens: isCapture })]),
  ];
}

/** The same of a payment that is split, whose lines are pending until then. */
export function sharesChanges(
  view: PaymentsView,
  payment: PaymentFacts,
  entries: Entries,
  { isCapture, isNew }: { readonly isCapture: boolean; readonly isNew: boolean },
): readonly Change[] {
  const of = { entries, isCapture, opens: isNew };
  return [...pendingMoves(entries)].flatMap(([owner, more]) =>
    owner === platformOwner
      ? platformChange(view, payment, more, true)
      : [accountChange(view, payment, owner, more, of)],
  );
}

/**
 * What becomes available of the platform's, when this much more or less is pending of a payment.
 * @param opens whether there is a settlement though it comes to nothing
 */
export function platformChange(
  view: PaymentsView,
  payment: PaymentFacts,
  more: bigint,
  opens = false,
): readonly Change[] {
  const { attempt, availableOn, currency } = payment;
  if ((more === 0n && !opens) || attempt === null || availableOn === null) return [];
  const key = settlementKey(attempt.rail, currency, availableOn);
  const known = settlementOf(view, key);
  if (known?.isSettled === true) throw new BrokenInvariant(`${payment.id} has money pending that is settled`);
  const platform = String(BigInt(known?.platform ?? '0') + more);
  const { rail } = attempt;
  return [{ key, record: { kind: 'settlement', availableOn, currency, isSettled: false, platform, rail } }];
}

interface OfChange {
  readonly entries: Entries;
  /** Whether a part of it may be held. */
  readonly isCapture: boolean;
  readonly opens: boolean;
}
/** It is open from a capture on, whatever it comes to: its lines are pending until it is settled or closed. */
function accountChange(
  view: PaymentsView,
  payment: PaymentFacts,
  account: string,
  more: bigint,
  { entries, isCapture, opens }: OfChange,
): Change {
  const { attempt, availableOn, currency, id } = payment;
  if (attempt === null || availableOn === null) throw new BrokenInvariant(`${id} has money pending for ever`);
  const { rail } = attempt;
  const key = accountSettlementKey(account, rail, currency, availableOn);
  const known = accountSettlementOf(view, key);
  if (known?.isOpen !== true && !opens)
    throw new BrokenInvariant(`${id} has money of ${account} pending that is settled`);
  const amount = String(BigInt(known?.amount ?? '0') + more);
  const captured = BigInt(known?.captured ?? '0') + (isCapture ? capturedOf(payment, entries, account) : 0n);
  const record = {
    kind: 'accountSettlement',
    account,
    amount,
    availableOn,
    currency,
    isOpen: true,
    rail,
  } as const;
  return { key, record: captured === 0n ? record : { ...record, captured: String(captured) } };
}

export function closedAccountSettlement(
  view: PaymentsView,
  { account, availableOn, currency, rail }: ClosedAccountSettlement,
): Change {
  const key = accountSettlementKey(account, rail, currency, availableOn);
  const known = accountSettlementOf(view, key);
  if (known?.amount !== '0' || known.isOpen !== true)
    throw new BrokenInvariant(`${rail} closes the settlement of ${account} of ${availableOn}`);
  const { captured: _captured, isOpen: _isOpen, ...closed } = known;
  return { key, record: closed };
}

const isUnderWay = (payment: PaymentFacts | undefined): boolean =>
  payment !== undefined && payment.status !== 'succeeded' && payment.status !== 'canceled';
const counted = (is: boolean): number => (is ? 1 : 0);

interface OfParty {
  readonly entries?: Entries;
  readonly payment: PaymentFacts;
  readonly refund?: RefundFacts;
}
/** Of each connected account of a payment: what of it is under way, and in which currencies it has had money. */
export function ownerChange(
  view: PaymentsView,
  { entries = [], payment, refund }: OfParty,
): readonly Change[] {
  const ofPayment = counted(isUnderWay(payment)) - counted(isUnderWay(paymentOf(view, payment.id)));
  const before = refund && refundOf(view, refund.id);
  const ofRefund = counted(refund?.status === 'pending') - counted(before?.status === 'pending');
  const { currency } = payment;
  return partiesOf(payment).flatMap((account): readonly Change[] => {
    const known = ownerRecordOf(view, account);
    const hasMoney = entries.some((entry) => bucketOf(entry.account)?.owner === account);
    const isNew = hasMoney && !known.currencies.includes(currency);
    if (ofPayment + ofRefund === 0 && !isNew) return [];
    const underWay = (known.underWay ?? 0) + ofPayment + ofRefund;
    const currencies = isNew ? [...known.currencies, currency] : known.currencies;
    return [{ key: ownerKey(account), record: { kind: 'owner', currencies, underWay } }];
  });
}

export const transferChange = (transfer: TransferFacts): Change => ({
  key: transferKey(transfer.id),
  record: { kind: 'transfer', transfer },
});
export const splitChange = (split: SplitFacts): Change => ({
  key: splitKey(split.id),
  record: { kind: 'split', split },
});
