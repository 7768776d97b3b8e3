import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { partiesOf } from './charges/charge';
import { capturedFor } from './charges/charge-capture';
import type { Captured } from './charges/charge-capture';
import { booked } from './decision';
import type { PaymentEvent } from './events';
import type { AttemptFacts, PaymentFacts, RailCall } from './facts';
import { ended } from './rail-calls';
import type { RailOutcome } from './rail-calls';
import type { PaymentsView } from './records';
import { capturedOf, heldBefore } from './reserves/decide-reserve';

/* What a capture comes to. */

/** A payment that has called a rail. */
export interface Called extends PaymentFacts {
  readonly attempt: AttemptFacts;
  readonly call: RailCall;
}

/** An outcome of one kind. */
export type Of<Kind extends RailOutcome['kind']> = Extract<RailOutcome, { readonly kind: Kind }>;

/** Nothing more is asked of the rail or the payer. */
export const over = (payment: Called) => ({ ...payment, call: ended(payment.call), nextAction: null });

/** What a rail's capture makes of a payment, and of what others get of it. */
function captureOf(
  payment: Called,
  { railReference, fee, availableOn }: Of<'captured'>,
  context: DecideContext,
  index: number,
): Captured {
  const { attempt, currency } = payment;
  const captured = payment.call.amount ?? payment.amount;
  const isAvailable = availableOn <= context.now;
  const booking = { rail: attempt.rail, currency, captured: BigInt(captured), fee: BigInt(fee), isAvailable };
  const succeeded = {
    ...over(payment),
    amountCapturable: '0',
    amountCaptured: captured,
    attempt: { ...attempt, railReference, status: 'succeeded' },
    availableOn,
    cancellationReason: null,
    expiresAt: null,
    fee,
    lastError: null,
    status: 'succeeded',
  } as const;
  return capturedFor(succeeded, booking, context, index);
}

/** What is captured at once, after what is held of that. @param index of the first event in its decision */
export function capturedEvents(
  view: PaymentsView & SharedView,
  before: Called,
  outcome: Of<'captured'>,
  context: DecideContext,
  index = 0,
): readonly PaymentEvent[] {
  const { availableOn } = outcome;
  const then = (after: SharedView, at: number): PaymentEvent => captured(after, before, outcome, context, at);
  if (availableOn > context.now) return [then(view, index)];
  const { data } = then(view, index) as Extract<PaymentEvent, { readonly type: 'PaymentCaptured' }>;
  const { currency } = data.payment;
  const becoming = partiesOf(data.payment).map((account) => {
    const of = capturedOf(data.payment, data.entries, account);
    return { account, availableOn, captured: of, currency };
  });
  return heldBefore(view, becoming, then, context, index);
}

/** @param index of the event in its decision */
function captured(
  view: SharedView,
  before: Called,
  outcome: Of<'captured'>,
  context: DecideContext,
  index: number,
): PaymentEvent {
  const { payment, lines, split, transfer } = captureOf(before, outcome, context, index);
  const facts = booked(view, lines, `Payment ${payment.id}`, context, index);
  const { entries, opens, transaction } = facts;
  if (split !== undefined)
    return { type: 'SplitPaymentCaptured', data: { entries, opens, payment, split, transaction } };
  if (transfer === undefined)
    return { type: 'PaymentCaptured', data: { entries, opens, payment, transaction } };
  return { type: 'DestinationPaymentCaptured', data: { entries, opens, payment, transaction, transfer } };
}
