import { BrokenInvariant } from '@fintech-ledger/contract';
import { isDisputeEvent } from './disputes/dispute-events';
import type { PaymentEvent } from './events';
import type { PaymentFacts, RailCall, RefundFacts } from './facts';
import { isFeeEvent } from './fee-adjustments/fee-adjustment-events';
import type { AskCall, AskEffect, RailEffect } from './rail-calls';
import { isReserveEvent } from './reserves/reserve-events';
import { isScheduleEvent } from './schedules/schedule-events';
import { isTransferEvent } from './transfers/transfer-events';

/** What an event has a rail do. */
export function railEffectsOf(event: PaymentEvent): readonly (RailEffect | AskEffect)[] {
  if (isDisputeEvent(event) || isTransferEvent(event)) return [];
  if (isScheduleEvent(event) || isReserveEvent(event) || isFeeEvent(event)) return [];
  switch (event.type) {
    case 'PaymentConfirmed':
    case 'PaymentCaptureRequested':
    case 'PaymentCancelRequested':
    case 'PaymentCallRepeated':
      return effectOf(event.data.payment, event.data.payment.call);
    case 'RefundCreated':
    case 'ReversingRefundCreated':
    case 'SplitRefundCreated':
      // One that is made again has left already.
      if (event.data.refund.call?.state === 'ended') return [];
      return effectOf(event.data.payment, event.data.refund.call, event.data.refund);
    case 'RefundCallRepeated':
      return effectOf(event.data.payment, event.data.refund.call, event.data.refund);
    case 'PaymentCreated':
      return event.data.payment.call === null ? [] : effectOf(event.data.payment, event.data.payment.call);
    case 'PaymentUpdated':
    case 'PaymentActionRequired':
    case 'PaymentProcessing':
    case 'PaymentAuthorized':
    case 'PaymentCaptured':
    case 'DestinationPaymentCaptured':
    case 'SplitPaymentCaptured':
    case 'SplitCreated':
    case 'SplitUpdated':
    case 'SplitReversed':
    case 'SplitRestored':
    case 'PaymentDeclined':
    case 'PaymentCanceled':
    case 'RefundSucceeded':
    case 'RefundFailed':
    case 'ReversingRefundFailed':
    case 'SplitRefundFailed':
    case 'RefundPending':
    case 'PaymentsSettled':
    case 'SettlementClosed':
    case 'AccountSettlementClosed':
    case 'PayoutCreated':
    case 'PayoutUpdated':
    case 'PayoutSent':
    case 'PayoutCallRepeated':
    case 'PayoutPaid':
    case 'PayoutArrived':
    case 'PayoutFailed':
    case 'PayoutCanceled':
    case 'PayoutBatchMade':
      return [];
  }
}

function effectOf(
  payment: PaymentFacts,
  call: RailCall | null,
  refund?: RefundFacts,
): readonly (RailEffect | AskEffect)[] {
  if (call === null) throw new BrokenInvariant(`${payment.id} is to call a rail, and has no call`);
  const effect = callOf(payment, call, refund);
  if (!call.isQuestion) return [effect];
  const { kind, key, attempt, data } = effect;
  return [{ kind: 'ask', key, attempt, data: { ...data, of: kind } as AskCall }];
}

function callOf(payment: PaymentFacts, call: RailCall, refund?: RefundFacts): RailEffect {
  const { attempt, currency, id, livemode } = payment;
  if (attempt === null) throw new BrokenInvariant(`${id} calls a rail without an attempt`);
  const { template, rail, railReference } = attempt;
  // A saved one is to its rail what it was made of.
  const paymentMethod = template ?? attempt.paymentMethod;
  const { at } = call;
  const amount = call.amount ?? payment.amount;
  const { key, kind, attempt: number, offSession } = call;
  const of = { at, currency, livemode, payment: id, paymentMethod, rail };
  switch (kind) {
    case 'authorize': {
      const capture = payment.captureMethod === 'automatic';
      const { returnUrl } = payment;
      // Not `...of`: it is the call of every payment, and V8 takes microseconds to add members to a copy.
      return {
        kind,
        key,
        attempt: number,
        data: {
          amount,
          at,
          capture,
          currency,
          livemode,
          offSession,
          payment: id,
          paymentMethod,
          rail,
          returnUrl,
        },
      };
    }
    case 'capture':
      return { kind, key, attempt: number, data: { ...of, amount, railReference } };
    case 'void':
      return { kind, key, attempt: number, data: { ...of, railReference } };
    case 'refund': {
      if (refund === undefined) throw new BrokenInvariant(`${id} calls for a refund that is not there`);
      return { kind, key, attempt: number, data: { ...of, amount, railReference, refund: refund.id } };
    }
  }
}
