import { refused } from '@fintech-ledger/contract';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { subjectOf } from '@fintech-ledger/privacy/domain';
import { booked, decided, described, ifChanged, showing } from '../decision';
import type { DecisionOf, PaymentsDecision } from '../decision';
import { disputeOf } from '../records';
import type { PaymentsView } from '../records';
import { newDisputeCall, newDisputeQuestion } from './dispute-calls';
import type {
  AcceptDispute,
  EraseDisputeEvidence,
  ExpectDisputeDecision,
  GiveEvidence,
  ResolveDispute,
  UpdateDispute,
} from './dispute-commands';
import { isOpenDispute } from './dispute-facts';
import type { DisputeFacts } from './dispute-facts';
import { lostLines } from './dispute-bookings';
import { disputeEvidenceNotErasable, disputeNotFound, disputeUnexpectedState } from './dispute-refusals';
import { accountOfDispute, decidedBy } from './record-dispute';
import { showDispute } from './show-dispute';

type View = PaymentsView & SharedView;

export function updateDispute(view: PaymentsView, command: UpdateDispute): DecisionOf<'UpdateDispute'> {
  const before = disputeOf(view, command.disputeId);
  if (before === undefined) return noDispute(command.disputeId);
  return described(before, command, disputeUpdated);
}

const disputeUpdated = (dispute: DisputeFacts) => ({ type: 'DisputeUpdated', data: { dispute } }) as const;
const updated = (before: DisputeFacts, dispute: DisputeFacts): PaymentsDecision<never> =>
  ifChanged(before, dispute, disputeUpdated(dispute));

/** Kept, it can be given again; submitted, the rail is told, and it is judged. */
export function giveEvidence(
  view: PaymentsView,
  { disputeId, files, submit, text }: GiveEvidence,
  context: DecideContext,
): DecisionOf<'GiveEvidence'> {
  const found = answerable(view, disputeId, context.now);
  if ('refusal' in found) return found.refusal;
  const { dispute: before } = found;
  const { now } = context;
  const evidence = { files, submittedAt: submit ? now : null, text };
  if (!submit) return updated(before, { ...before, evidence });
  const call = newDisputeCall('evidence', context.newId('evidence', 0), now);
  const dispute = { ...before, call, evidence, status: 'under_review' } as const;
  return decided({ type: 'DisputeEvidenceSubmitted', data: { dispute } });
}

/**
 * In every state: what the rail was told stays with it, and what it was not told yet it is told without. Of a customer
 * nothing is forgotten but with them, and what is not sealed stays in its event.
 */
export function eraseEvidence(
  view: PaymentsView,
  { disputeId, subjects }: EraseDisputeEvidence,
): DecisionOf<'EraseDisputeEvidence'> {
  const dispute = disputeOf(view, disputeId);
  if (dispute === undefined) return noDispute(disputeId);
  const erasedSubject = dispute.evidence === null ? undefined : subjectOf(dispute.evidence.text);
  if (erasedSubject === undefined || !subjects.includes(erasedSubject)) {
    const why = `Dispute ${disputeId} has no evidence with a key of its own.`;
    return showing(refused(disputeEvidenceNotErasable, why), { dispute: showDispute(dispute) });
  }
  const event = { type: 'DisputeEvidenceErased', data: { dispute, erasedSubject } } as const;
  return subjects.at(-1) === erasedSubject
    ? decided(event)
    : { kind: 'decided', events: [], answeredAs: [event] };
}

/** It is lost at once; the rail is told. */
export function acceptDispute(
  view: View,
  { disputeId }: AcceptDispute,
  context: DecideContext,
): DecisionOf<'AcceptDispute'> {
  const found = answerable(view, disputeId, context.now);
  if ('refusal' in found) return found.refusal;
  const { amount, currency } = found.dispute;
  const call = newDisputeCall('accept', context.newId('accept', 0), context.now);
  const lines = lostLines({ amount: BigInt(amount), currency });
  const facts = booked(view, lines, `Dispute ${disputeId} accepted`, context);
  const over = { closedAt: context.now, closedBecause: 'accepted', status: 'lost' } as const;
  const connectedAccount = accountOfDispute(view, found.dispute);
  const dispute = { ...found.dispute, ...over, call };
  return decided({ type: 'DisputeLost', data: { ...facts, connectedAccount, dispute } });
}

export function resolveDispute(
  view: View,
  { disputeId, outcome }: ResolveDispute,
  context: DecideContext,
): DecisionOf<'ResolveDispute'> {
  const dispute = disputeOf(view, disputeId);
  if (dispute === undefined) return noDispute(disputeId);
  if (!isOpenDispute(dispute) || isTooLate(dispute, context.now)) return unexpected(dispute, 'it is decided');
  return decided(...decidedBy(view, dispute, outcome, context));
}

/**
 * Recorded before a bank decides it: should the process die before that is an event too, the rail is asked. What its
 * rail is being told needs none: that is told again, and the answer says that it is decided.
 */
export function expectDecision(
  view: PaymentsView,
  { disputeId }: ExpectDisputeDecision,
  context: DecideContext,
): DecisionOf<'ExpectDisputeDecision'> {
  const before = disputeOf(view, disputeId);
  if (before === undefined || !isOpenDispute(before)) return decided();
  const { now } = context;
  const { call } = before;
  if (call?.state === 'open' && !call.isQuestion) return decided();
  const asked = newDisputeQuestion(context.newId('question', 0), now, call?.since ?? now);
  return decided({ type: 'DisputeResponseTaken', data: { dispute: { ...before, call: asked } } });
}

const noDispute = (id: string): PaymentsDecision<'dispute_not_found'> =>
  refused(disputeNotFound, `There is no dispute ${id}.`);

type Found =
  | { readonly dispute: DisputeFacts }
  | { readonly refusal: PaymentsDecision<'dispute_not_found' | 'dispute_unexpected_state'> };

/** The dispute, when it waits for a response. */
function answerable(view: PaymentsView, id: string, now: string): Found {
  const dispute = disputeOf(view, id);
  if (dispute === undefined) return { refusal: noDispute(id) };
  if (dispute.status !== 'needs_response') return { refusal: unexpected(dispute, 'it takes no response') };
  if (isTooLate(dispute, now)) return { refusal: unexpected(dispute, `it is ${now}, which is too late`) };
  return { dispute };
}

/** It is lost at that moment, whatever comes first. */
const isTooLate = ({ evidenceDueBy, status }: DisputeFacts, now: string): boolean =>
  status === 'needs_response' && evidenceDueBy <= now;

function unexpected(dispute: DisputeFacts, why: string): PaymentsDecision<'dispute_unexpected_state'> {
  const { evidenceDueBy, id, status } = dispute;
  const detail = `Dispute ${id} is ${status}, with evidence due by ${evidenceDueBy}: ${why}.`;
  return showing(refused(disputeUnexpectedState, detail), { dispute: showDispute(dispute) });
}
