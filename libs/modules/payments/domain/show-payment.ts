import type { AttemptFacts, CardFacts, PaymentFacts, RefundFacts } from './facts';
import type { AttemptView, CardView, PaymentView, RefundView, ToldRefundView } from './views';

/** A payment in the API's shape. What is rendered for a recorded event never changes. */
export function showPayment(payment: PaymentFacts): PaymentView {
  const { attempt, status, lastError } = payment;
  const isCanceled = status === 'canceled';
  return {
    id: payment.id,
    object: 'payment',
    status,
    amount: payment.amount,
    amount_capturable: payment.amountCapturable,
    amount_received: payment.amountCaptured,
    amount_refunded: payment.amountRefunded,
    currency: payment.currency,
    capture_method: payment.captureMethod,
    payment_method: payment.paymentMethod,
    rail: payment.rail ?? attempt?.rail ?? null,
    last_payment_error:
      lastError === null
        ? null
        : { code: lastError.code, decline_code: lastError.declineCode, message: lastError.message },
    latest_attempt: attempt?.id ?? null,
    customer: payment.customer ?? null,
    description: payment.description,
    connected_account: payment.connectedAccount ?? null,
    application_fee_amount: payment.applicationFeeAmount ?? null,
    transfer_data: payment.transferData
      ? { destination: payment.transferData.destination, amount: payment.transferData.amount }
      : null,
    transfer_group: payment.transferGroup,
    split_rule: payment.splitRule?.id ?? null,
    return_url: payment.returnUrl,
    next_action: shownAction(payment),
    split: payment.split ?? null,
    transfers: payment.transfers ?? [],
    disputed: payment.amountDisputed !== undefined,
    created_at: payment.createdAt,
    expires_at: payment.expiresAt,
    canceled_at: payment.canceledAt,
    cancellation_reason: isCanceled ? payment.cancellationReason : null,
    livemode: payment.livemode,
    metadata: payment.metadata,
  };
}

function shownAction(payment: PaymentFacts): PaymentView['next_action'] {
  const { nextAction, returnUrl } = payment;
  if (nextAction === null) return null;
  if (nextAction.type === 'display_bank_transfer_instructions')
    return {
      type: nextAction.type,
      iban: nextAction.iban,
      bic: nextAction.bic,
      account_holder: nextAction.accountHolder,
      reference: nextAction.reference,
      amount: payment.amount,
      currency: payment.currency,
      expires_at: payment.expiresAt ?? payment.createdAt,
    };
  return { type: 'redirect_to_url', redirect_to_url: { url: nextAction.url, return_url: returnUrl } };
}

export function showCard(card: CardFacts): CardView {
  return {
    brand: card.brand,
    last4: card.last4,
    exp_month: card.expMonth,
    exp_year: card.expYear,
    fingerprint: card.fingerprint,
    funding: card.funding,
    country: card.country,
  };
}

/** An attempt in the API's shape. */
export function showAttempt(attempt: AttemptFacts, payment: PaymentFacts): AttemptView {
  const { card } = attempt;
  return {
    id: attempt.id,
    object: 'payment_attempt',
    payment: payment.id,
    status: attempt.status,
    amount: attempt.amount,
    currency: payment.currency,
    payment_method: attempt.paymentMethod,
    card: card && showCard(card),
    rail: attempt.rail,
    rail_reference: attempt.railReference,
    code: attempt.code,
    decline_code: attempt.declineCode,
    created_at: attempt.createdAt,
    livemode: payment.livemode,
  };
}

/** The same as events tell it. */
export function tellRefund(refund: RefundFacts): ToldRefundView {
  const { application_fee_refunded: fee, transfer_reversed: reversed, ...shown } = showRefund(refund);
  return {
    ...shown,
    ...(fee !== null && { application_fee_refunded: fee }),
    ...(reversed !== null && { transfer_reversed: reversed }),
  };
}

/** A refund in the API's shape. */
export function showRefund(refund: RefundFacts): RefundView {
  return {
    id: refund.id,
    object: 'refund',
    payment: refund.payment,
    status: refund.status,
    amount: refund.amount,
    currency: refund.currency,
    application_fee_refunded: refund.applicationFeeRefunded ?? null,
    transfer_reversed: refund.transferReversed ?? null,
    reason: refund.reason,
    failure_reason: refund.failureReason,
    created_at: refund.createdAt,
    livemode: refund.livemode,
    metadata: refund.metadata,
  };
}
