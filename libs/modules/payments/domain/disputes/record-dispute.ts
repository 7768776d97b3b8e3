import { BrokenInvariant } from '@fintech-ledger/contract';
import { LayeredView } from '@fintech-ledger/ledger/domain';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { ownerOf } from '../charges/charge';
import { booked, decided } from '../decision';
import type { DecisionOf } from '../decision';
import type { PaymentEvent } from '../events';
import type { AttemptFacts, PaymentFacts } from '../facts';
import { foldOver } from '../fold-over';
import { ended, nextAttempt } from '../rail-calls';
import { disputeOf, disputeQuestionOf, paymentOf } from '../records';
import type { PaymentsView } from '../records';
import { restoredShares } from '../splits/reverse-split';
import { lostLines, openedLines, wonAfterAllLines, wonLines } from './dispute-bookings';
import { firstReview, newDisputeQuestion, newQuestionCall, nextDisputeAttempt } from './dispute-calls';
import type { DisputeNews } from './dispute-calls';
import type { RecordDispute, RecordDisputeResponse } from './dispute-commands';
import { isOpenDispute } from './dispute-facts';
import type { DisputeFacts, DisputeOutcome, DisputeQuestion } from './dispute-facts';

type View = PaymentsView & SharedView;

/** What becomes of a payment whose rail will have something to say of it: it is asked then. */
export function disputeExpected(
  { currency, id, livemode }: PaymentFacts,
  { rail }: AttemptFacts,
  { noticeAt, railReference }: { readonly noticeAt?: string; readonly railReference: string },
  now: string,
): readonly PaymentEvent[] {
  if (noticeAt === undefined) return [];
  const call = newQuestionCall(`${id}:dispute`, noticeAt, now);
  const question = { call, currency, livemode, payment: id, rail, railReference };
  return [{ type: 'DisputeExpected', data: { question } }];
}

/** What a rail said is a fact: nothing refuses it. Said again, it changes nothing. */
export function recordDispute(
  view: View,
  { call: key, news, payment: id }: RecordDispute,
  context: DecideContext,
): DecisionOf<'RecordDispute'> {
  const question = disputeQuestionOf(view, id);
  const payment = paymentOf(view, id);
  if (question === undefined || question.call.key !== key || question.call.state !== 'open') return decided();
  if (payment === undefined) throw new BrokenInvariant(`${id} is asked about, and is not there`);
  if (news.kind === 'not_disputed') {
    const over = { ...question, call: ended(question.call) };
    return decided({ type: 'DisputeNotOpened', data: { question: over } });
  }
  return decided(opened(view, payment, question, news, context));
}

type Disputed = Extract<DisputeNews, { readonly kind: 'disputed' }>;

function opened(
  view: View,
  payment: PaymentFacts,
  { rail }: DisputeQuestion,
  { amount, evidenceDueBy, fee, railReference, reason }: Disputed,
  context: DecideContext,
): PaymentEvent {
  const { currency, livemode } = payment;
  const id = context.newId('dp', 0);
  const dispute: DisputeFacts = {
    ...{ amount, currency, evidenceDueBy, fee, id, livemode, rail, railReference, reason },
    ...{ call: null, closedAt: null, closedBecause: null, description: null, evidence: null, metadata: {} },
    createdAt: context.now,
    payment: payment.id,
    status: 'needs_response',
  };
  const owner = ownerOf(payment);
  const lines = openedLines({ amount: BigInt(amount), currency, fee: BigInt(fee), owner, rail });
  const facts = booked(view, lines, `Dispute ${id}`, context);
  const disputed = withDisputed(payment, BigInt(amount));
  return { type: 'DisputeOpened', data: { ...facts, dispute, payment: disputed } };
}

const withDisputed = (payment: PaymentFacts, more: bigint): PaymentFacts => ({
  ...payment,
  amountDisputed: String(BigInt(payment.amountDisputed ?? '0') + more),
});

/** How a bank has decided it. What the parties of a split gave back of it, they have again first when it is won. */
export function decidedBy(
  before: View,
  dispute: DisputeFacts,
  outcome: DisputeOutcome,
  context: DecideContext,
): readonly PaymentEvent[] {
  if (outcome === 'lost') return [lost(before, dispute, 'decided', context)];
  const payment = paymentOf(before, dispute.payment);
  const restored = payment && restoredShares(before, payment, dispute, context);
  if (restored === undefined) return [won(before, dispute, context, 0)];
  const layered = new LayeredView(before);
  foldOver(layered, restored);
  return [restored, won(layered as LayeredView & PaymentsView, dispute, context, 1)];
}

function won(view: View, before: DisputeFacts, context: DecideContext, index: number): PaymentEvent {
  const { currency, id, rail } = before;
  const payment = paymentOf(view, before.payment);
  if (payment === undefined) throw new BrokenInvariant(`${id} is of ${before.payment}, which is not there`);
  const amount = BigInt(before.amount);
  const over = { closedAt: context.now, closedBecause: 'decided', status: 'won' } as const;
  const dispute = { ...before, ...over, call: ended(before.call) };
  const lines = (isOpenDispute(before) ? wonLines : wonAfterAllLines)({
    ...{ amount, currency, rail },
    owner: ownerOf(payment),
  });
  const facts = booked(view, lines, `Dispute ${id} won`, context, index);
  return { type: 'DisputeWon', data: { ...facts, dispute, payment: withDisputed(payment, -amount) } };
}

function lost(
  view: View,
  before: DisputeFacts,
  closedBecause: 'decided' | 'no_response',
  context: DecideContext,
): PaymentEvent {
  const { amount, currency, id } = before;
  const lines = lostLines({ amount: BigInt(amount), currency });
  const facts = booked(view, lines, `Dispute ${id} lost`, context);
  const over = { call: ended(before.call), closedAt: context.now, closedBecause, status: 'lost' } as const;
  const connectedAccount = accountOfDispute(view, before);
  return { type: 'DisputeLost', data: { ...facts, connectedAccount, dispute: { ...before, ...over } } };
}

/** Whose payment it is; null: the platform's. */
export const accountOfDispute = (view: PaymentsView, { payment }: DisputeFacts): string | null =>
  paymentOf(view, payment)?.connectedAccount ?? null;

/** What a rail said that was told of a dispute, or asked about it. */
export function recordDisputeResponse(
  view: View,
  { call: key, dispute: id, outcome }: RecordDisputeResponse,
  context: DecideContext,
): DecisionOf<'RecordDisputeResponse'> {
  const before = disputeOf(view, id);
  const call = before?.call ?? null;
  // It was taken for lost, and is not, whichever question the rail says it to: the money is what counts.
  if (before?.status === 'lost' && outcome.kind === 'decided' && outcome.outcome === 'won')
    return decided(...decidedBy(view, before, 'won', context));
  if (before === undefined || call === null || call.key !== key || call.state !== 'open') return decided();
  switch (outcome.kind) {
    case 'unknown':
      // It is told again, or asked, at its time.
      return decided();
    case 'taken': {
      const { askAt = firstReview(context.now) } = outcome;
      // Asked again, it has nothing new to say.
      if (call.isQuestion) return decided();
      const after = isOpenDispute(before) ? { ...call, askAt, isQuestion: true } : ended(call);
      return decided({ type: 'DisputeResponseTaken', data: { dispute: { ...before, call: after } } });
    }
    case 'undecided':
      return wasUnanswered(before) ? decided(lost(view, before, 'no_response', context)) : decided();
    case 'decided': {
      if (!isOpenDispute(before))
        return decided({ type: 'DisputeResponseTaken', data: { dispute: { ...before, call: ended(call) } } });
      if (outcome.outcome === 'lost' && wasUnanswered(before))
        return decided(lost(view, before, 'no_response', context));
      return decided(...decidedBy(view, before, outcome.outcome, context));
    }
  }
}

/** Whether nobody had answered it in time when its rail was asked last. */
const wasUnanswered = ({ call, evidenceDueBy, status }: DisputeFacts): boolean =>
  status === 'needs_response' && call !== null && call.at >= evidenceDueBy;

/** When something has to be done about a dispute without a command: as long as it is open, there is such a moment. */
export function disputeDueAt(dispute: DisputeFacts): string | undefined {
  const { call, evidenceDueBy } = dispute;
  const askAt = call?.state === 'open' ? call.askAt : undefined;
  if (!isOpenDispute(dispute) || wasUnanswered(dispute)) return askAt;
  if (dispute.status === 'under_review') return askAt ?? evidenceDueBy;
  return askAt !== undefined && askAt < evidenceDueBy ? askAt : evidenceDueBy;
}
export const questionDueAt = ({ call }: DisputeQuestion): string | undefined =>
  call.state === 'open' ? call.askAt : undefined;

interface DueContext extends DecideContext {
  readonly isResumed: boolean;
}

/**
 * What is due of a dispute: its rail is told again, or asked. At the end of the time for evidence it is asked, too: it
 * may have decided by then, of which nobody has heard, and without evidence it is lost only when it has answered.
 * @param index of the event
 */
export function dueOfDispute(
  dispute: DisputeFacts,
  context: DueContext,
  index: number,
): PaymentEvent | undefined {
  const { call, evidenceDueBy, status } = dispute;
  const { now, isResumed } = context;
  const dueAt = disputeDueAt(dispute);
  const isOpen = call?.state === 'open';
  if (dueAt === undefined || (dueAt > now && !(isResumed && isOpen))) return undefined;
  const isAnew = !isOpen || (status === 'needs_response' && evidenceDueBy <= now && call.at < evidenceDueBy);
  const again = isAnew
    ? newDisputeQuestion(context.newId('question', index), now, call?.since ?? now)
    : nextDisputeAttempt(call, now);
  return { type: 'DisputeCallRepeated', data: { dispute: { ...dispute, call: again } } };
}

/** What is due of a question: it is asked. */
export function dueOfQuestion(question: DisputeQuestion, now: string): PaymentEvent | undefined {
  const { call } = question;
  if (call.state !== 'open' || call.askAt > now) return undefined;
  return { type: 'DisputeAsked', data: { question: { ...question, call: nextAttempt(call, true, now) } } };
}
