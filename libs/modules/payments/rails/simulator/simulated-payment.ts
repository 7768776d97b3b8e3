import type { AuthorizeAnswer, AuthorizeCall, Captured, CaptureCall, Declined } from '../rail';
import { behaviourOf, behaviourOfCall, messageOf } from './behaviour';
import { availableOn, feeOf } from './settings';
import type { SimulatorSettings } from './settings';

/** A payment as the simulator knows it. Pure: times and references arrive as data. */
export interface SimulatedPayment {
  readonly reference: string;
  readonly payment: string;
  readonly paymentMethod: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  /** It is captured as soon as it is authorized. */
  readonly capture: boolean;
  readonly state: 'requires_action' | 'pending' | 'authorized' | 'captured' | 'declined' | 'voided';
  /** When what is pending is decided. */
  readonly decidesAt: string | null;
  readonly declineCode: string | null;
  /** Of the page on which the payer acts. */
  readonly token: string | null;
  readonly returnUrl: string | null;
  readonly capturedMinor: bigint;
  readonly refundedMinor: bigint;
  readonly feeMinor: bigint;
  readonly availableOn: string | null;
}

/** What an authorization makes. @param made what nobody can guess */
export function authorizedBy(
  call: AuthorizeCall,
  settings: SimulatorSettings,
  made: { readonly reference: string; readonly token: string },
): SimulatedPayment {
  const { payment, currency, amountMinor, capture, at, returnUrl } = call;
  const { declineCode = null, needsAction = false, decidesAfterMs } = behaviourOfCall(call);
  const begun: SimulatedPayment = {
    reference: made.reference,
    payment,
    paymentMethod: call.paymentMethod ?? '',
    currency,
    amountMinor,
    capture,
    state: 'pending',
    decidesAt: null,
    declineCode,
    token: needsAction ? made.token : null,
    returnUrl,
    capturedMinor: 0n,
    refundedMinor: 0n,
    feeMinor: 0n,
    availableOn: null,
  };
  if (needsAction) return { ...begun, state: 'requires_action' };
  if (decidesAfterMs === undefined) return decided(begun, settings, at);
  return { ...begun, decidesAt: new Date(Date.parse(at) + decidesAfterMs).toISOString() };
}

/** The same when its time has come. */
export function asOf(payment: SimulatedPayment, settings: SimulatorSettings, at: string): SimulatedPayment {
  const { state, decidesAt } = payment;
  if (state !== 'pending' || decidesAt === null || decidesAt > at) return payment;
  return decided(payment, settings, decidesAt);
}

/** What the payer's action comes to. */
export function actedOn(
  payment: SimulatedPayment,
  settings: SimulatorSettings,
  outcome: 'succeeded' | 'failed',
  at: string,
): SimulatedPayment {
  if (payment.state !== 'requires_action') return payment;
  const declineCode = outcome === 'failed' ? 'authentication_failed' : payment.declineCode;
  return decided({ ...payment, declineCode }, settings, at);
}

function decided(payment: SimulatedPayment, settings: SimulatorSettings, at: string): SimulatedPayment {
  if (payment.declineCode !== null) return { ...payment, state: 'declined' };
  return payment.capture
    ? capturedOf(payment, settings, payment.amountMinor, at)
    : { ...payment, state: 'authorized' };
}

function capturedOf(
  payment: SimulatedPayment,
  settings: SimulatorSettings,
  capturedMinor: bigint,
  at: string,
): SimulatedPayment {
  const isAtOnce = behaviourOf(payment).isAvailableAtOnce === true;
  return {
    ...payment,
    state: 'captured',
    capturedMinor,
    feeMinor: feeOf(settings, capturedMinor),
    availableOn: isAtOnce ? at : availableOn(settings, at),
  };
}

/** Undefined: there is nothing to capture, or not so much. */
export function capturedBy(
  payment: SimulatedPayment,
  settings: SimulatorSettings,
  { amountMinor, at }: Pick<CaptureCall, 'amountMinor' | 'at'>,
): SimulatedPayment | undefined {
  if (payment.state !== 'authorized' || amountMinor > payment.amountMinor) return undefined;
  return capturedOf(payment, settings, amountMinor, at);
}

/** What the rail says of a payment as it is. @param at the environment's time */
export function answerOf(payment: SimulatedPayment, at: string): AuthorizeAnswer {
  const { reference: railReference, decidesAt, token } = payment;
  switch (payment.state) {
    case 'requires_action':
      return { kind: 'requires_action', railReference, url: `/simulator/actions/${token ?? ''}` };
    case 'pending':
      return { kind: 'pending', railReference, askAt: decidesAt ?? at };
    case 'authorized':
      return { kind: 'authorized', railReference };
    case 'captured':
      return capturedAnswer(payment, at);
    case 'declined':
      return declinedAnswer(payment.declineCode ?? 'generic_decline', railReference);
    case 'voided':
      return declinedAnswer('authorization_expired', railReference);
  }
}

export function capturedAnswer(payment: SimulatedPayment, at: string): Captured {
  const { reference: railReference, feeMinor, availableOn: on } = payment;
  return { kind: 'captured', railReference, feeMinor, availableOn: on ?? at };
}

export function declinedAnswer(declineCode: string, railReference: string | null): Declined {
  return { kind: 'declined', railReference, declineCode, message: messageOf(declineCode) };
}
