import type { AuthorizeCall } from '../rail';

/** What a test payment method does when it is charged. */
export interface Behaviour {
  /** Absent: it is authorized. */
  readonly declineCode?: string;
  /** The payer has to act first. */
  readonly needsAction?: boolean;
  /** The call is done, and its answer never comes. */
  readonly isSilent?: boolean;
  /** It says `pending` first, and this later what came of it. */
  readonly decidesAfterMs?: number;
  /** Available when it is captured. */
  readonly isAvailableAtOnce?: boolean;
  /** The payer disputes it so much later. */
  readonly disputedAfterMs?: number;
  /** A refund of it fails. */
  readonly refundFails?: boolean;
}

const hourMs = 3_600_000;

/** By the test payment method, or the template that a saved one was made of. */
const behaviours: Readonly<Record<string, Behaviour>> = {
  pm_card_bypassPending: { isAvailableAtOnce: true },
  pm_card_chargeDeclined: { declineCode: 'generic_decline' },
  pm_card_chargeDeclinedInsufficientFunds: { declineCode: 'insufficient_funds' },
  pm_card_chargeDeclinedExpiredCard: { declineCode: 'expired_card' },
  pm_card_threeDSecure2Required: { needsAction: true },
  pm_card_createDispute: { disputedAfterMs: 24 * hourMs },
  pm_card_refundFail: { refundFails: true },
  pm_sim_timeoutApproved: { isSilent: true },
  pm_sim_timeoutDeclined: { isSilent: true, declineCode: 'generic_decline' },
  pm_sim_lateSuccess: { decidesAfterMs: hourMs },
  pm_sim_lateFailure: { decidesAfterMs: hourMs, declineCode: 'generic_decline' },
};

/** Any other card is authorized. */
export function behaviourOf({ paymentMethod }: { readonly paymentMethod: string | null }): Behaviour {
  const known = paymentMethod !== null && Object.hasOwn(behaviours, paymentMethod);
  return known ? (behaviours[paymentMethod] ?? {}) : {};
}

/** Of a call: without the customer nobody can act. */
export function behaviourOfCall(call: Pick<AuthorizeCall, 'offSession' | 'paymentMethod'>): Behaviour {
  const behaviour = behaviourOf(call);
  if (behaviour.needsAction !== true || !call.offSession) return behaviour;
  return { declineCode: 'authentication_required' };
}

const messages: Readonly<Record<string, string>> = {
  insufficient_funds: 'The card has insufficient funds.',
  expired_card: 'The card has expired.',
  authentication_required: 'The card was declined: it requires authentication.',
  authentication_failed: 'The payer could not be authenticated.',
  authorization_expired: 'What was authorized is not there any more.',
};

/** What a shop may show its customer. */
export const messageOf = (declineCode: string): string => messages[declineCode] ?? 'The card was declined.';
