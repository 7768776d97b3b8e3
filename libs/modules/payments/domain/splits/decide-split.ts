import { refused } from '@fintech-ledger/contract';
import type { CodeOf, Refusal } from '@fintech-ledger/contract';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { partyOf } from '../charges/charge';
import { booked, decided, described, idlePayment, refusedAt, showing, unexpectedState } from '../decision';
import type { PaymentsDecision } from '../decision';
import type { PaymentFacts } from '../facts';
import { createdRevisionOf, splitOf } from '../records';
import type { PaymentsView } from '../records';
import { showPayment } from '../show-payment';
import { isPendingStill } from '../transfers/decide-transfer';
import { splitInto } from './make-split';
import { planOf } from './plan-split';
import { reverseSplit } from './reverse-split';
import { splitLines } from './split-bookings';
import type { CreateSplit, SplitCommand, UpdateSplit } from './split-commands';
import { paymentRefunded, splitNotFound } from './split-refusals';
import type { splitCommandRefusals } from './split-refusals';

type View = PaymentsView & SharedView;
type DecisionOf<Type extends keyof typeof splitCommandRefusals> = PaymentsDecision<
  CodeOf<(typeof splitCommandRefusals)[Type]>
>;

export const isSplitCommand = (command: { readonly type: string }): command is SplitCommand =>
  command.type === 'CreateSplit' || command.type === 'UpdateSplit' || command.type === 'ReverseSplit';

/** What a command does to splits: its event, or why not. */
export function decideSplit(
  view: View,
  command: SplitCommand,
  context: DecideContext,
): DecisionOf<SplitCommand['type']> {
  switch (command.type) {
    case 'CreateSplit':
      return createSplit(view, command, context);
    case 'UpdateSplit':
      return updateSplit(view, command);
    case 'ReverseSplit':
      return reverseSplit(view, command, context);
  }
}

/** A captured payment of the platform's is split: what others get is pending as long as it is. */
function createSplit(view: View, command: CreateSplit, context: DecideContext): DecisionOf<'CreateSplit'> {
  const { description, metadata, payment: paymentId } = command;
  const found = idlePayment(view, { paymentId });
  if ('refusal' in found) return refusedAt(found.refusal, '/payment');
  const { payment } = found;
  const wrong = stateRefusal(payment);
  if (wrong !== undefined) return refusedAt(wrong, '/payment');
  const { amountCaptured: amount, currency } = payment;
  const plan = planOf(view, command, {
    amount,
    at: '/parties',
    currency,
    revision: createdRevisionOf(view, paymentId),
  });
  if ('kind' in plan) return plan;
  const isPending = isPendingStill(view, payment);
  const made = splitInto(payment, plan, isPending, context, {
    said: { description, metadata },
  });
  const lines = splitLines(currency, made.moves, isPending);
  const facts = booked(view, lines, `Split ${made.split.id}`, context);
  return decided({ type: 'SplitCreated', data: { ...facts, payment: made.payment, split: made.split } });
}

/** Why a payment is not split any more. */
function stateRefusal(
  payment: PaymentFacts,
): PaymentsDecision<'payment_refunded' | 'payment_unexpected_state'> | undefined {
  const { amountDisputed, amountRefunded, id, split, status, transfers = [] } = payment;
  if (amountRefunded !== '0') {
    const why = `${amountRefunded} ${payment.currency} of payment ${id} was refunded.`;
    return showing(refused(paymentRefunded, why), { payment: showPayment(payment) });
  }
  const party = partyOf(payment);
  const why =
    (status !== 'succeeded' && `is ${status}`) ||
    (split !== undefined && `was split by ${split}`) ||
    (party !== undefined && `is one of ${party}, and not the platform's own`) ||
    (transfers.length > 0 && 'was transferred from') ||
    (amountDisputed !== undefined && 'was disputed');
  return why === false ? undefined : unexpectedState(payment, `Payment ${id} ${why}: it can't be split.`);
}

function updateSplit(view: PaymentsView, command: UpdateSplit): DecisionOf<'UpdateSplit'> {
  const before = splitOf(view, command.splitId);
  if (before === undefined) return noSplit(command.splitId);
  return described(before, command, (split) => ({ type: 'SplitUpdated', data: { split } }));
}

const noSplit = (id: string): { readonly kind: 'refused'; readonly refusal: Refusal<'split_not_found'> } =>
  refused(splitNotFound, `There is no split ${id}.`);
