import { refused } from '@fintech-ledger/contract';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { bankTransferRail } from './chart';
import type { ResolveRailCall } from './commands';
import { hasCalled, outcomeEvents } from './decide-outcome';
import { decideRefundOutcome } from './decide-refund';
import { decided, showing } from './decision';
import type { DecisionOf, PaymentsDecision } from './decision';
import type { PaymentFacts, RailCall, RefundFacts } from './facts';
import type { RailOutcome } from './rail-calls';
import { paymentOf, refundOf } from './records';
import type { PaymentsView } from './records';
import { callNotOpen, outcomeNotPossible, paymentNotFound, refundNotFound } from './refusals';
import { showPayment, showRefund } from './show-payment';

type Resolved = DecisionOf<'ResolveRailCall'>;

/** What each call may have come to, where somebody found out by other means. */
const possible: Readonly<Record<RailCall['kind'], readonly RailOutcome['kind'][]>> = {
  authorize: ['authorized', 'captured', 'declined'],
  capture: ['captured', 'declined'],
  void: ['voided', 'captured'],
  refund: ['refunded', 'refund_failed'],
};

/** A call whose outcome stays unknown is ended by who found it out. That a payer has to act is no unknown outcome. */
export function resolveRailCall(
  view: PaymentsView & SharedView,
  command: ResolveRailCall,
  context: DecideContext,
): Resolved {
  const { outcome } = command;
  if ('refundId' in command) return resolveRefund(view, command.refundId, outcome, context);
  const { paymentId } = command;
  const payment = paymentOf(view, paymentId);
  if (payment === undefined) return refused(paymentNotFound, `There is no payment ${paymentId}.`);
  if (!hasCalled(payment) || payment.call.state !== 'open' || payment.status === 'requires_action')
    return notOpen(payment);
  const wrong = whyImpossible(payment.call, outcome, payment);
  return wrong ?? decided(...outcomeEvents(view, payment, outcome, context));
}

function resolveRefund(
  view: PaymentsView & SharedView,
  refundId: string,
  outcome: RailOutcome,
  context: DecideContext,
): Resolved {
  const refund = refundOf(view, refundId);
  const payment = refund && paymentOf(view, refund.payment);
  if (refund === undefined || payment === undefined)
    return refused(refundNotFound, `There is no refund ${refundId}.`);
  const { call } = refund;
  if (call === null || (call.state !== 'open' && !isLeftToBank(payment, refund, outcome)))
    return notOpen(payment, refund);
  const wrong = whyImpossible(call, outcome, payment);
  if (wrong !== undefined) return wrong;
  const said = {
    type: 'RecordRailOutcome',
    call: call.key,
    outcome,
    payment: payment.id,
    refund: refundId,
  } as const;
  return decideRefundOutcome(view, said, refundId, context);
}

/** That a refund has left is said by statements alone; that the bank would not take it is not: it has no line. */
function isLeftToBank(
  { attempt }: PaymentFacts,
  { call, status }: RefundFacts,
  { kind }: RailOutcome,
): boolean {
  const isTold = attempt?.rail === bankTransferRail && status === 'pending' && call?.state === 'ended';
  return isTold && kind === 'refund_failed';
}

function whyImpossible(
  { kind }: RailCall,
  outcome: RailOutcome,
  payment: PaymentFacts,
): PaymentsDecision<'outcome_not_possible'> | undefined {
  const wantsCapture = kind !== 'authorize' || payment.captureMethod === 'automatic';
  const isOther = outcome.kind === (wantsCapture ? 'authorized' : 'captured');
  if (possible[kind].includes(outcome.kind) && !isOther) return undefined;
  const why = `A call to ${kind} payment ${payment.id} does not come to ${outcome.kind}.`;
  return refused(outcomeNotPossible, why, '/outcome');
}

function notOpen(payment: PaymentFacts, refund?: RefundFacts): PaymentsDecision<'call_not_open'> {
  const refusal = refused(callNotOpen, 'Nothing is unknown of what the rail was asked for.');
  return showing(refusal, { payment: showPayment(payment), ...(refund && { refund: showRefund(refund) }) });
}
