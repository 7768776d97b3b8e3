import { isRefusal, isSameJson, refused } from '@fintech-ledger/contract';
import type { CodeOf, PartDecision, Refusal } from '@fintech-ledger/contract';
import { accountOf, bookLines, mergedMetadata, postedBalance } from '@fintech-ledger/ledger/domain';
import type {
  BookingFacts,
  BookingLine,
  DecideContext,
  MetadataChanges,
  SharedView,
} from '@fintech-ledger/ledger/domain';
import { BrokenInvariant } from '@fintech-ledger/contract';
import { buckets, ownerAccount, paymentsName } from './chart';
import type { Bucket } from './chart';
import type { PaymentCommand } from './commands';
import { connectedPartyOf } from './connected-accounts';
import type { PaymentEvent } from './events';
import type { PaymentFacts } from './facts';
import { paymentOf } from './records';
import type { PaymentsView } from './records';
import { insufficientAvailable, paymentNotFound, paymentUnexpectedState } from './refusals';
import type { paymentCommandRefusals } from './refusals';
import { showPayment } from './show-payment';

export type PaymentsDecision<Code extends string = string> = PartDecision<PaymentEvent, Code>;
/** What a command of this type comes to: refused with nothing but what its list has. */
export type DecisionOf<Type extends PaymentCommand['type']> = PaymentsDecision<
  CodeOf<(typeof paymentCommandRefusals)[Type]>
>;

export const decided = (...events: readonly PaymentEvent[]): PaymentsDecision<never> => ({
  kind: 'decided',
  events,
});

type Found =
  | { readonly payment: PaymentFacts }
  | { readonly refusal: PaymentsDecision<'payment_not_found' | 'payment_unexpected_state'> };

interface OfPayment {
  /** A connected account sees its own payments alone. */
  readonly actsAs?: string | undefined;
  readonly paymentId: string;
}
/** The payment, if whoever asks may see it. */
export function seenPayment(view: PaymentsView, { actsAs, paymentId }: OfPayment): PaymentFacts | undefined {
  const payment = paymentOf(view, paymentId);
  return actsAs === undefined || actsAs === payment?.connectedAccount ? payment : undefined;
}

/** The payment, when nothing of it is under way. */
export function idlePayment(view: PaymentsView, { actsAs, paymentId: id }: OfPayment): Found {
  const payment = seenPayment(view, { actsAs, paymentId: id });
  if (payment === undefined) return { refusal: refused(paymentNotFound, `There is no payment ${id}.`) };
  if (payment.call?.state !== 'awaited') return { payment };
  return { refusal: unexpectedState(payment, `A rail is called for payment ${id}.`) };
}

/** Refused, with the payment as it is. */
export function unexpectedState(
  payment: PaymentFacts,
  why: string,
): PaymentsDecision<'payment_unexpected_state'> {
  return showing(refused(paymentUnexpectedState, why), { payment: showPayment(payment) });
}

/** The refusal, with what it is about as that is. */
export function showing<Code extends string>(
  { refusal }: { readonly refusal: Refusal<Code> },
  objects: NonNullable<Refusal['objects']>,
): PaymentsDecision<Code> {
  return { kind: 'refused', refusal: { ...refusal, objects } };
}

/** The same decision; what is refused names the field that says what it is about. */
export const refusedAt = <Code extends string>(
  decision: PaymentsDecision<Code>,
  param: string,
): PaymentsDecision<Code> =>
  decision.kind === 'refused' ? { kind: 'refused', refusal: { ...decision.refusal, param } } : decision;

interface Described {
  readonly description: string | null;
  readonly metadata: PaymentFacts['metadata'];
}
interface DescriptionChange {
  readonly description?: string | null;
  readonly metadata?: MetadataChanges;
}
/** An object as a `PATCH` describes it. */
export function described<F extends Described>(
  before: F,
  { description = before.description, metadata }: DescriptionChange,
  eventOf: (after: F) => PaymentEvent,
): PaymentsDecision<'metadata_limit'> {
  const merged = mergedMetadata(before.metadata, metadata);
  if ('refusal' in merged) return merged;
  const after = { ...before, description, metadata: merged.metadata };
  return ifChanged(before, after, eventOf(after));
}

/** The event of a change; without a change nothing is recorded, and the answer is the same. */
export const ifChanged = <F extends object>(
  before: F,
  after: F,
  event: PaymentEvent,
): PaymentsDecision<never> =>
  isSameJson(after, before) ? { kind: 'decided', events: [], answeredAs: [event] } : decided(event);

/** What has happened is booked, whatever bounds or frozen accounts say. `index`: of the event in its decision. */
export function booked(
  view: SharedView,
  lines: readonly BookingLine[],
  description: string,
  context: DecideContext,
  index = 0,
): BookingFacts {
  const request = { lines, judged: false, manager: paymentsName, description };
  const booking = bookLines(view, request, context, index);
  if (isRefusal(booking)) throw new BrokenInvariant(booking.detail);
  return booking;
}

/** What an owner has available; it may be below zero. */
export const availableOf = (view: SharedView, owner: string, currency: string): bigint =>
  bucketOf(view, owner, 'available', currency);

/** What an owner has in all, with what is pending, reserved or in transit; below zero: what it owes. */
export const totalOf = (view: SharedView, owner: string, currency: string): bigint =>
  buckets.reduce((sum, bucket) => sum + bucketOf(view, owner, bucket, currency), 0n);

function bucketOf(view: SharedView, owner: string, bucket: Bucket, currency: string): bigint {
  const account = accountOf(view, ownerAccount(owner, bucket, currency).account);
  return account === undefined ? 0n : postedBalance(account.type, account);
}

/** Refused where an owner has less available than is to be taken. */
export function shortOf(
  view: PaymentsView & SharedView,
  owner: string,
  currency: string,
  amount: bigint,
): { readonly kind: 'refused'; readonly refusal: Refusal<'insufficient_available'> } | undefined {
  const available = availableOf(view, owner, currency);
  if (amount <= 0n || amount <= available) return undefined;
  const why = `${available} ${currency} of ${owner} is available, ${amount} is to be taken.`;
  return refused(insufficientAvailable, why, '/amount', { account: owner, available: String(available) });
}

/**
 * The same for a refund, which takes back what others got of its payment. A closed account is not asked what it has:
 * nobody can give it what is missing, and the payer gets their money all the same. It owes that from then on.
 */
export const shortForRefund: typeof shortOf = (view, owner, currency, amount) =>
  connectedPartyOf(view, owner)?.status === 'closed' ? undefined : shortOf(view, owner, currency, amount);
