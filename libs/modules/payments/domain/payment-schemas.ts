import {
  exactly,
  flag,
  metadata,
  named,
  object,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import type { Schema } from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import {
  attemptStatuses,
  captureMethods,
  paymentStatuses,
  railCallKinds,
  railCallStates,
  refundReasons,
  refundStatuses,
} from './facts';
import type {
  AttemptFacts,
  CardFacts,
  Redirect,
  PaymentError,
  PaymentFacts,
  RailCall,
  RefundFacts,
} from './facts';

/* The schemas of what events say of payments. Once recorded, a shape only changes in a new version of each event. */

const minorUnits = named(
  'minorUnits',
  text({ description: 'Minor units, zero or more', pattern: '^(?:0|[1-9][0-9]{0,35})$' }),
);
const signedUnits = named(
  'signedUnits',
  text({ description: 'Minor units, which may be below zero', pattern: '^(?:0|-?[1-9][0-9]{0,35})$' }),
);
const maybeTime = orNull(time);

export const card = named(
  'card',
  object<CardFacts>({
    brand: text(),
    country: text(),
    expMonth: wholeNumber({ minimum: 1, maximum: 12 }),
    expYear: wholeNumber(),
    fingerprint: text(),
    funding: text(),
    last4: text({ pattern: '^[0-9]{4}$' }),
  }),
);

const attempt: Schema<AttemptFacts> = named(
  'attempt',
  object<Omit<AttemptFacts, 'template'>>({
    amount: minorUnits,
    card: orNull(card),
    code: textOrNull(),
    createdAt: time,
    declineCode: textOrNull(),
    id: text({ pattern: '^att_[0-9A-Za-z_-]+$' }),
    paymentMethod: text(),
    rail: text(),
    railReference: textOrNull({ description: "The rail's own id of it" }),
    status: oneOf(...attemptStatuses),
  }),
);

const call = named(
  'railCall',
  object<RailCall>({
    amount: orNull(minorUnits),
    askAt: time,
    at: time,
    attempt: wholeNumber({ minimum: 1 }),
    isQuestion: flag,
    key: text({ description: 'By which the rail does it once' }),
    kind: oneOf(...railCallKinds),
    offSession: flag,
    since: time,
    state: oneOf(...railCallStates),
  }),
);

/** What only later versions of events have, see `wider-versions`. */
type LaterOfPayment =
  | ('amountDisputed' | 'amountTransferred' | 'applicationFeeAmount' | 'applicationFeeRefunded')
  | (
      | 'connectedAccount'
      | 'customer'
      | 'offSession'
      | 'refundedWithFee'
      | 'refundedWithTransfer'
      | 'reversedByRefunds'
    )
  | ('split' | 'splitAccounts' | 'splitParties' | 'splitRule')
  | ('transferData' | 'transfers');
type LaterOfRefund =
  | ('applicationFeeAgain' | 'applicationFeeRefunded' | 'sharesAgain' | 'sharesReversed')
  | ('transferAgain' | 'transferReversed');

export const payment: Schema<PaymentFacts> = named(
  'payment',
  object<Omit<PaymentFacts, LaterOfPayment | 'nextAction'> & { readonly nextAction: Redirect | null }>({
    amount: minorUnits,
    amountCapturable: minorUnits,
    amountCaptured: minorUnits,
    amountRefunded: minorUnits,
    attempt: orNull(attempt),
    availableOn: maybeTime,
    call: orNull(call),
    canceledAt: maybeTime,
    cancellationReason: textOrNull(),
    captureMethod: oneOf(...captureMethods),
    createdAt: time,
    currency,
    description: textOrNull(),
    expiresAt: maybeTime,
    fee: minorUnits,
    id: text({ pattern: '^pay_[0-9A-Za-z_-]+$' }),
    lastError: orNull(object<PaymentError>({ code: text(), declineCode: textOrNull(), message: text() })),
    livemode: flag,
    metadata,
    nextAction: orNull(object<Redirect>({ type: exactly('redirect_to_url'), url: text() })),
    paymentMethod: textOrNull(),
    pending: signedUnits,
    rail: textOrNull(),
    returnUrl: textOrNull(),
    status: oneOf(...paymentStatuses),
    transferGroup: textOrNull(),
  }),
);

export const refund: Schema<RefundFacts> = named(
  'refund',
  object<Omit<RefundFacts, LaterOfRefund>>({
    amount: minorUnits,
    call: orNull(call),
    createdAt: time,
    currency,
    failureReason: textOrNull(),
    fromAvailable: minorUnits,
    fromPending: minorUnits,
    id: text({ pattern: '^re_[0-9A-Za-z_-]+$' }),
    livemode: flag,
    metadata,
    payment: text({ pattern: '^pay_[0-9A-Za-z_-]+$' }),
    railReference: textOrNull(),
    reason: orNull(oneOf(...refundReasons)),
    status: oneOf(...refundStatuses),
  }),
);
