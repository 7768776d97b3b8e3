import { refused } from '@fintech-ledger/contract';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { bankTransferRail } from './chart';
import { payoutLines } from './bookings';
import type { CancelPayout, RecordPayoutOutcome, ResolvePayout, UpdatePayout } from './commands';
import { booked, decided, described, showing } from './decision';
import type { DecisionOf, PaymentsDecision } from './decision';
import type { PaymentEvent } from './events';
import { newPayoutCall } from './payout-calls';
import type { PayoutFacts } from './payout-facts';
import { payoutFailed } from './payout-outcomes';
import { nextAttempt } from './rail-calls';
import { payoutOf } from './records';
import type { PaymentsView } from './records';
import { callNotOpen, payoutNotFound, payoutUnexpectedState } from './refusals';
import { showPayout } from './show-payout';

type View = PaymentsView & SharedView;

export function updatePayout(view: PaymentsView, command: UpdatePayout): DecisionOf<'UpdatePayout'> {
  const before = seenPayout(view, command);
  if (before === undefined) return noPayout(command.payoutId);
  return described(before, command, (payout) => ({ type: 'PayoutUpdated', data: { payout } }));
}

export function cancelPayout(
  view: View,
  command: CancelPayout,
  context: DecideContext,
): DecisionOf<'CancelPayout'> {
  const { payoutId } = command;
  const payout = seenPayout(view, command);
  if (payout === undefined) return noPayout(payoutId);
  const { sendsAt, status } = payout;
  // It is sent at that moment, whatever comes first.
  if (status !== 'pending' || sendsAt <= context.now) {
    const why = `Payout ${payoutId} is ${status}: it can't be canceled.`;
    return showing(refused(payoutUnexpectedState, why), { payout: showPayout(payout) });
  }
  const lines = payoutLines('failed', payout);
  const facts = booked(view, lines, `Payout ${payoutId} canceled`, context);
  const canceled = { ...payout, canceledAt: context.now, status: 'canceled' } as const;
  return decided({ type: 'PayoutCanceled', data: { ...facts, payout: canceled } });
}

/** The payouts of the platform, or of the connected account that the request acts as. */
function seenPayout(
  view: PaymentsView,
  { actsAs, payoutId }: Pick<CancelPayout, 'actsAs' | 'payoutId'>,
): PayoutFacts | undefined {
  const payout = payoutOf(view, payoutId);
  return payout?.connectedAccount === actsAs ? payout : undefined;
}

const noPayout = (id: string): PaymentsDecision<'payout_not_found'> =>
  refused(payoutNotFound, `There is no payout ${id}.`);

/** What is due of a payout: it is sent, or its rail is asked. @param isResumed whoever called is gone */
export function dueOfPayout(payout: PayoutFacts, now: string, isResumed: boolean): PaymentEvent | undefined {
  const { call, id, sendsAt, status } = payout;
  if (status === 'pending') {
    if (sendsAt > now) return undefined;
    const isByBank = payout.rail === bankTransferRail;
    // A bank is told by the file of the batch, in which the id stands for the payout.
    const handed = isByBank ? { railReference: id } : { call: newPayoutCall(id, now) };
    return { type: 'PayoutSent', data: { payout: { ...payout, ...handed, status: 'in_transit' } } };
  }
  if (call?.state !== 'open' || (call.askAt > now && !(isResumed && status === 'in_transit')))
    return undefined;
  return { type: 'PayoutCallRepeated', data: { payout: { ...payout, call: nextAttempt(call, true, now) } } };
}

/** When something has to be done about a payout without a command. */
export function payoutDueAt({ call, sendsAt, status }: PayoutFacts): string | undefined {
  if (status === 'pending') return sendsAt;
  return call?.state === 'open' ? call.askAt : undefined;
}

/** A payout whose rail does not tell is ended by who found it out: also one that is paid, and may come back. */
export function resolvePayout(
  view: View,
  command: ResolvePayout,
  context: DecideContext,
): DecisionOf<'ResolvePayout'> {
  const { outcome, payoutId } = command;
  const payout = seenPayout(view, command);
  if (payout === undefined) return noPayout(payoutId);
  const { call, rail, status } = payout;
  // That it was paid is said by statements alone; that the bank would not take it is not.
  if (rail === bankTransferRail && status === 'in_transit' && outcome.kind === 'pay_out_failed')
    return decided(payoutFailed(view, payout, outcome, 'failed', context));
  // While its first call is under way nothing is unknown: what the rail is about to say would come too late.
  if (call?.state !== 'open' || (status === 'in_transit' && !call.isQuestion)) {
    const refusal = refused(callNotOpen, 'Nothing is unknown of what the rail was asked for.');
    return showing(refusal, { payout: showPayout(payout) });
  }
  const { attempt, key } = call;
  return recordPayoutOutcome(
    view,
    { type: 'RecordPayoutOutcome', attempt, call: key, outcome, payout: payoutId },
    context,
  );
}

/** What a rail said of a payout is a fact: nothing refuses it. One that it had paid may still come back. */
export function recordPayoutOutcome(
  view: View,
  { attempt, call: key, outcome, payout: id }: RecordPayoutOutcome,
  context: DecideContext,
): DecisionOf<'RecordPayoutOutcome'> {
  const payout = payoutOf(view, id);
  const call = payout?.call ?? null;
  if (payout === undefined || call?.key !== key || call.state !== 'open') return decided();
  const { status } = payout;
  switch (outcome.kind) {
    case 'paid_out': {
      const { noticeAt, railReference } = outcome;
      const after = watched(call, attempt, noticeAt);
      // Asked when it may have come back, it has not. What answers an earlier question says nothing of that.
      if (status === 'paid')
        return after.state === 'open'
          ? decided()
          : decided({ type: 'PayoutArrived', data: { payout: { ...payout, call: after } } });
      const facts = booked(view, payoutLines('paid', payout), `Payout ${id} paid`, context);
      const paid = { ...payout, call: after, railReference, status: 'paid' } as const;
      return decided({ type: 'PayoutPaid', data: { ...facts, payout: paid } });
    }
    case 'pay_out_failed': {
      const step = status === 'paid' ? 'returned' : 'failed';
      const ended = { ...payout, call: { ...call, state: 'ended' } } as const;
      return decided(payoutFailed(view, ended, outcome, step, context));
    }
    case 'not_known': {
      // What it has paid it knows.
      if (status === 'paid') return decided();
      const again = nextAttempt(call, false, context.now);
      return decided({ type: 'PayoutCallRepeated', data: { payout: { ...payout, call: again } } });
    }
    case 'pending':
    case 'unknown':
      // It is asked at its time.
      return decided();
  }
}

/** What may come back is asked about once more, until that was asked when it had come back if ever. */
function watched(
  call: NonNullable<PayoutFacts['call']>,
  attempt: number,
  noticeAt: string | undefined,
): typeof call {
  const isFinal = noticeAt === undefined || (attempt === call.attempt && noticeAt <= call.at);
  return isFinal ? { ...call, state: 'ended' } : { ...call, askAt: noticeAt, isQuestion: true };
}
