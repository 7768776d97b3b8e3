import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import type { AnswerRequest, AwaitedCall, Deferral, DeferredAnswer } from '@fintech-ledger/journal';
import type { LedgerRecord } from '@fintech-ledger/ledger/domain';
import {
  paymentDeclined,
  paymentKey,
  paymentOf,
  paymentUnexpectedState,
  recordKeys,
  seenPayment,
  refundKey,
  refundOf,
  showPayment,
  showRefund,
} from '@fintech-ledger/payments/domain';
import type {
  PaymentCommand,
  PaymentEvent,
  PaymentFacts,
  PaymentsRecord,
  RailCall,
} from '@fintech-ledger/payments/domain';
import { paymentsAnswer, positionOf } from './payments-answer';

/** Commands that have a rail called are answered with what that said; others about the same payment wait for it. */
export const paymentsDeferral: Deferral<
  PaymentCommand,
  PaymentEvent,
  PaymentsRecord,
  PaymentsRecord | LedgerRecord
> = {
  awaited(command, events) {
    if (command.type === 'RecordRailOutcome' || command.type === 'ActOnPayments') return undefined;
    const last = events.at(-1);
    const call = last && callOf(last);
    return call?.call.state === 'awaited' ? { record: call.record, call: call.call.key } : undefined;
  },
  busy(command, view) {
    const paymentId = paymentActedOn(command);
    if (paymentId === undefined) return undefined;
    // A connected account is told nothing of the payments of others, not even that they are waited for.
    const actsAs = 'actsAs' in command ? command.actsAs : undefined;
    const payment = seenPayment(view, { actsAs, paymentId });
    return payment?.call?.state === 'awaited' ? paymentKey(payment.id) : undefined;
  },
  ended(event): AwaitedCall | undefined {
    const last = callOf(event);
    if (last === undefined || last.call.state === 'awaited') return undefined;
    return { record: last.record, call: last.call.key };
  },
  endedAt: (record, call) => ('endedCalls' in record ? record.endedCalls[call] : undefined),
  answer: deferredAnswer,
  underWay(view, record, command) {
    const refund = record.startsWith(recordKeys.refund)
      ? refundOf(view, record.slice(recordKeys.refund.length))
      : undefined;
    const payment = paymentOf(view, refund?.payment ?? record.slice(recordKeys.payment.length));
    const why = refuse(
      paymentUnexpectedState,
      'The rail is called, and has not answered yet.',
      paramOf(command),
    );
    return {
      ...why,
      objects: {
        ...(payment !== undefined && { payment: showPayment(payment) }),
        ...(refund !== undefined && { refund: showRefund(refund) }),
      },
    };
  },
};

/** A split, and a transfer of a payment, wait for the rail of the payment, as changes of it do. */
function paymentActedOn(command: PaymentCommand): string | undefined {
  if (command.type === 'CreateSplit') return command.payment;
  if (command.type === 'CreateTransfer') return command.sourcePayment ?? undefined;
  const isOfRefund = 'refundId' in command && command.refundId !== null;
  return 'paymentId' in command && !isOfRefund ? command.paymentId : undefined;
}

/** The field that names the payment, where the path does not. */
function paramOf({ type }: PaymentCommand): string | undefined {
  if (type === 'CreateSplit' || type === 'CreateRefund') return '/payment';
  return type === 'CreateTransfer' ? '/source_payment' : undefined;
}

/** The call that an event is about, and the record that has it. */
function callOf({ data }: PaymentEvent): { readonly record: string; readonly call: RailCall } | undefined {
  if ('refund' in data) {
    const { call, id } = data.refund;
    return call === null ? undefined : { record: refundKey(id), call };
  }
  if (!('payment' in data)) return undefined;
  const { call, id } = data.payment;
  return call === null ? undefined : { record: paymentKey(id), call };
}

/** As the event left it that ended the call: a decline is refused, and recorded. */
function deferredAnswer(request: AnswerRequest<PaymentCommand, PaymentEvent>): DeferredAnswer {
  const last = request.events.at(-1);
  if (last?.type === 'PaymentDeclined')
    return { kind: 'refused', refusal: declineOf(last.data.payment, request) };
  return { kind: 'answered', answer: paymentsAnswer(request) };
}

function declineOf(payment: PaymentFacts, at: AnswerRequest<PaymentCommand, PaymentEvent>): Refusal {
  const { message = 'The rail declined the payment.', declineCode = null } = payment.lastError ?? {};
  const meta = declineCode === null ? undefined : { decline_code: declineCode };
  return {
    ...refuse(paymentDeclined, message, undefined, meta),
    objects: { payment: { ...showPayment(payment), ...positionOf(at) } },
  };
}
