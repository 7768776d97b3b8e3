import { BrokenInvariant } from '@fintech-ledger/contract';
import { ended } from '../rail-calls';
import {
  accountDisputesKey,
  accountDisputesOf,
  disputeKey,
  disputeOf,
  disputeQuestionKey,
  disputeQuestionOf,
  nettingKey,
  nettingOf,
} from '../records';
import type { PaymentsRecord, PaymentsView } from '../records';
import type { DisputeEvent } from './dispute-events';
import { isOpenDispute } from './dispute-facts';
import type { DisputeFacts, DisputeQuestion } from './dispute-facts';

interface Change {
  readonly key: string;
  readonly record: PaymentsRecord;
}
const changedQuestion = (question: DisputeQuestion): Change => ({
  key: disputeQuestionKey(question.payment),
  record: { kind: 'disputeQuestion', question },
});
const changed = (dispute: DisputeFacts): Change => ({
  key: disputeKey(dispute.id),
  record: { kind: 'dispute', dispute },
});

/** What an event changes besides its payment. @throws BrokenInvariant when it contradicts the state */
export function evolveDispute(view: PaymentsView, event: DisputeEvent): readonly Change[] {
  switch (event.type) {
    case 'DisputeExpected':
    case 'DisputeAsked':
    case 'DisputeNotOpened':
      return [changedQuestion(event.data.question)];
    case 'DisputeOpened':
      return [
        ...openedDispute(view, event.data.dispute),
        ...ofAccount(view, event.data.payment.connectedAccount, (known) => [...known, event.data.dispute.id]),
      ];
    case 'DisputeUpdated':
    case 'DisputeEvidenceSubmitted':
    case 'DisputeEvidenceErased':
    case 'DisputeCallRepeated':
    case 'DisputeResponseTaken':
      return changedDispute(view, event.data.dispute);
    case 'DisputeWon':
      return [
        ...wonDispute(view, event.data.dispute),
        ...withoutDispute(view, event.data.payment.connectedAccount, event.data.dispute),
      ];
    case 'DisputeLost':
      return [
        ...changedDispute(view, event.data.dispute, true),
        ...withoutDispute(view, event.data.connectedAccount ?? undefined, event.data.dispute),
      ];
  }
}

/** An account with an open dispute of its own payments can't be closed: they are kept by account. */
function ofAccount(
  view: PaymentsView,
  connectedAccount: string | undefined,
  after: (known: readonly string[]) => readonly string[],
): readonly Change[] {
  if (connectedAccount === undefined) return [];
  const disputes = after(accountDisputesOf(view, connectedAccount));
  return [{ key: accountDisputesKey(connectedAccount), record: { kind: 'account_disputes', disputes } }];
}

/** What is over keeps no account from being closed, and is not read of it any more. */
const withoutDispute = (
  view: PaymentsView,
  connectedAccount: string | undefined,
  { id: over }: DisputeFacts,
): readonly Change[] => ofAccount(view, connectedAccount, (known) => known.filter((id) => id !== over));

/** The question that led to it is over, and the rail keeps the amount and its fee back. */
function openedDispute(view: PaymentsView, dispute: DisputeFacts): readonly Change[] {
  const { amount, fee, id, payment } = dispute;
  if (disputeOf(view, id) !== undefined) throw new BrokenInvariant(`${id} is opened twice`);
  const question = disputeQuestionOf(view, payment);
  return [
    changed(dispute),
    ...(question === undefined ? [] : [changedQuestion({ ...question, call: ended(question.call) })]),
    keeps(view, dispute, BigInt(amount) + BigInt(fee)),
  ];
}

/** Also after it was lost, which a rail may take back. @throws BrokenInvariant it is won already */
function wonDispute(view: PaymentsView, dispute: DisputeFacts): readonly Change[] {
  const wasLost = disputeOf(view, dispute.id)?.status === 'lost';
  const [change] = changedDispute(view, dispute, !wasLost);
  return [change, keeps(view, dispute, -BigInt(dispute.amount))];
}

/** @param isEnded whether it is over by this @throws BrokenInvariant there is no such dispute, or it is over already */
function changedDispute(view: PaymentsView, dispute: DisputeFacts, isEnded = false): readonly [Change] {
  const before = disputeOf(view, dispute.id);
  if (before === undefined || (isEnded && !isOpenDispute(before)))
    throw new BrokenInvariant(
      `${dispute.id} becomes ${dispute.status}, and is ${before?.status ?? 'not there'}`,
    );
  return [changed(dispute)];
}

/** What a rail keeps back of what it settles next, more or less by this much. */
function keeps(view: PaymentsView, { rail, currency }: DisputeFacts, more: bigint): Change {
  const amount = String(nettingOf(view, rail, currency) + more);
  return { key: nettingKey(rail, currency), record: { kind: 'netting', amount } };
}
