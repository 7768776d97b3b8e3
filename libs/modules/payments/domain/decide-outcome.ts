import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { payeeAccount } from './bank-transfers';
import { withoutCapture } from './capture-fee';
import type { RecordPayerAction, RecordRailOutcome } from './commands';
import { capturedEvents, over } from './capture-events';
import type { Called, Of } from './capture-events';
import { decided, idlePayment, unexpectedState } from './decision';
import type { DecisionOf } from './decision';
import { decideRefundOutcome } from './decide-refund';
import { disputeExpected } from './disputes/record-dispute';
import type { PaymentEvent } from './events';
import type { PaymentFacts } from './facts';
import { askAfter, ended, isOpen, nextAttempt } from './rail-calls';
import type { RailOutcome } from './rail-calls';
import { paymentOf } from './records';
import type { PaymentsView } from './records';

/** How long an authorization holds, where its rail does not say it. */
const authorizationMs = 7 * 86_400_000;

/** What a rail said is a fact: nothing refuses it. What is known already, or of another call, changes nothing. */
export function recordOutcome(
  view: PaymentsView & SharedView,
  command: RecordRailOutcome,
  context: DecideContext,
): DecisionOf<'RecordRailOutcome'> {
  if (command.refund !== null) return decideRefundOutcome(view, command, command.refund, context);
  const payment = paymentOf(view, command.payment);
  if (payment === undefined || !hasCalled(payment) || !isOfCall(payment, command)) return decided();
  return decided(...outcomeEvents(view, payment, command.outcome, context));
}

/** What the payer's action came to. That they had to act ended the answer of the confirm: this is another command's. */
export function recordPayerAction(
  view: PaymentsView & SharedView,
  { call, outcome, paymentId }: RecordPayerAction,
  context: DecideContext,
): DecisionOf<'RecordPayerAction'> {
  const found = idlePayment(view, { paymentId });
  if ('refusal' in found) return found.refusal;
  const { payment } = found;
  const isAwaited = payment.status === 'requires_action' && hasCalled(payment) && payment.call.key === call;
  if (!isAwaited || outcome === null)
    return unexpectedState(payment, `Payment ${paymentId} is ${payment.status}: nobody has to act.`);
  return decided(...outcomeEvents(view, payment, outcome, context));
}

/** Of the latest call; or of the confirm before it, when that has taken the money after all. */
function isOfCall({ attempt, call }: Called, command: RecordRailOutcome): boolean {
  const isLate = command.call === attempt.id && command.outcome.kind === 'captured';
  return call.key === command.call || isLate;
}

export const hasCalled = (payment: PaymentFacts): payment is Called =>
  payment.attempt !== null && isOpen(payment.call);

export function outcomeEvents(
  view: PaymentsView & SharedView,
  payment: Called,
  outcome: RailOutcome,
  context: DecideContext,
): readonly PaymentEvent[] {
  const { now } = context;
  switch (outcome.kind) {
    case 'authorized':
      return [authorized(withoutCapture(view, payment), outcome, now)];
    case 'captured': {
      // The last event is what answers tell.
      const expected = disputeExpected(payment, payment.attempt, outcome, now);
      return [...expected, ...capturedEvents(view, payment, outcome, context, expected.length)];
    }
    case 'requires_action':
      return actionRequired(payment, outcome);
    case 'requires_transfer':
      return [transferAwaited(view, payment, outcome)];
    case 'declined':
      return [declined(withoutCapture(view, payment), outcome)];
    case 'pending':
      return processing(payment, 'pending', outcome, now);
    case 'unknown':
      return processing(payment, 'unknown', payment.attempt, now);
    case 'not_known': {
      const call = nextAttempt(payment.call, false, now);
      return [{ type: 'PaymentCallRepeated', data: { payment: { ...payment, call } } }];
    }
    case 'voided':
      return [voided(payment, now)];
    case 'refunded':
    case 'refund_failed':
      return [];
  }
}

function authorized(
  payment: Called,
  { railReference, expiresAt }: Of<'authorized'>,
  now: string,
): PaymentEvent {
  const until = expiresAt ?? new Date(Date.parse(now) + authorizationMs).toISOString();
  const attempt = { ...payment.attempt, railReference, status: 'authorized' } as const;
  const amountCapturable = payment.amount;
  const held = {
    ...over(payment),
    amountCapturable,
    attempt,
    expiresAt: until,
    status: 'requires_capture',
  } as const;
  return { type: 'PaymentAuthorized', data: { payment: held } };
}

/** Said again, it changes nothing. */
function actionRequired(
  payment: Called,
  { railReference, url }: Of<'requires_action'>,
): readonly PaymentEvent[] {
  if (payment.status === 'requires_action') return [];
  const attempt = { ...payment.attempt, railReference, status: 'requires_action' } as const;
  const call = { ...payment.call, state: 'open' } as const;
  const nextAction = { type: 'redirect_to_url', url } as const;
  const waiting = { ...payment, attempt, call, nextAction, status: 'requires_action' } as const;
  return [{ type: 'PaymentActionRequired', data: { payment: waiting } }];
}

/** The rail is not asked: what comes is told by bank statements. */
function transferAwaited(
  view: PaymentsView,
  payment: Called,
  { expiresAt, railReference }: Of<'requires_transfer'>,
): PaymentEvent {
  const { currency, livemode } = payment;
  const account = payeeAccount(view, currency, livemode);
  if (account === undefined) {
    const message = `There is no bank account for ${currency} any more.`;
    return declined(payment, { kind: 'declined', declineCode: 'no_bank_account', message, railReference });
  }
  const { accountHolder, bic, iban } = account;
  const waiting = {
    ...payment,
    attempt: { ...payment.attempt, railReference, status: 'requires_action' },
    call: ended(payment.call),
    expiresAt,
    nextAction: {
      type: 'display_bank_transfer_instructions',
      ...{ accountHolder, bic, iban, reference: railReference },
    },
    status: 'requires_action',
  } as const;
  return { type: 'PaymentActionRequired', data: { payment: waiting } };
}

/** Of a capture too: what was authorized is not there any more. */
function declined(payment: Called, { declineCode, message, railReference }: Of<'declined'>): PaymentEvent {
  const code = 'payment_declined';
  const attempt = { ...payment.attempt, code, declineCode, railReference, status: 'failed' } as const;
  const failed = {
    ...over(payment),
    amountCapturable: '0',
    attempt,
    cancellationReason: null,
    expiresAt: null,
    lastError: { code, declineCode, message },
    status: 'requires_payment_method',
  } as const;
  return { type: 'PaymentDeclined', data: { payment: failed } };
}

/** An answer ends in it, once; asked again, nothing is new. While a payer had to act the next question was far off. */
function processing(
  payment: Called,
  status: 'pending' | 'unknown',
  { askAt, railReference }: { readonly askAt?: string; readonly railReference: string | null },
  now: string,
): readonly PaymentEvent[] {
  if (payment.status === 'processing') return [];
  const attempt = { ...payment.attempt, railReference, status };
  const soon = askAfter(now, payment.call.attempt);
  const next = askAt ?? (soon < payment.call.askAt ? soon : payment.call.askAt);
  const call = { ...payment.call, askAt: next, state: 'open' } as const;
  const waiting = { ...payment, attempt, call, nextAction: null, status: 'processing' } as const;
  return [{ type: 'PaymentProcessing', data: { payment: waiting } }];
}

function voided(payment: Called, now: string): PaymentEvent {
  const attempt = { ...payment.attempt, status: 'canceled' } as const;
  const canceled = { ...over(payment), amountCapturable: '0', attempt, canceledAt: now, expiresAt: null };
  return { type: 'PaymentCanceled', data: { payment: { ...canceled, status: 'canceled' } } };
}
