import type { RailCall } from './facts';

/* What is asked of a rail, and what it says. All amounts: minor units as a text. */

interface OfPayment {
  /** When it is asked for: the time of the environment. */
  readonly at: string;
  readonly payment: string;
  readonly rail: string;
  readonly currency: string;
  readonly livemode: boolean;
}
export interface AuthorizeCall extends OfPayment {
  readonly amount: string;
  /** Whether the whole is captured at once. */
  readonly capture: boolean;
  readonly offSession: boolean;
  readonly paymentMethod: string;
  readonly returnUrl: string | null;
}
/** Of what was authorized; what is not captured is released. */
export interface CaptureCall extends OfPayment {
  readonly amount: string;
  readonly paymentMethod: string;
  readonly railReference: string | null;
}
export interface VoidCall extends OfPayment {
  readonly paymentMethod: string;
  readonly railReference: string | null;
}
export interface RefundCall extends OfPayment {
  readonly amount: string;
  readonly paymentMethod: string;
  readonly railReference: string | null;
  readonly refund: string;
}
export interface RailCalls {
  readonly authorize: AuthorizeCall;
  readonly capture: CaptureCall;
  readonly void: VoidCall;
  readonly refund: RefundCall;
}
/** What became of a call: by its key. */
export type AskCall = {
  readonly [K in keyof RailCalls]: RailCalls[K] & { readonly of: K };
}[keyof RailCalls];

/** What an event has a rail do, with the kind as the effect's and its key as that by which the rail does it once. */
export type RailEffect = {
  readonly [K in keyof RailCalls]: {
    readonly kind: K;
    readonly key: string;
    readonly attempt: number;
    readonly data: RailCalls[K];
  };
}[keyof RailCalls];
export type AskEffect = {
  readonly kind: 'ask';
  readonly key: string;
  readonly attempt: number;
  readonly data: AskCall;
};

/** What a rail says of a call. */
export type RailOutcome =
  /** @param expiresAt when the authorization ends; absent: after 7 days */
  | { readonly kind: 'authorized'; readonly railReference: string; readonly expiresAt?: string }
  /** @param fee what the rail keeps @param availableOn when it pays out; now or earlier: it has */
  | {
      readonly kind: 'captured';
      readonly railReference: string;
      readonly fee: string;
      readonly availableOn: string;
      /** When it will have something to say of it, such as a dispute. */
      readonly noticeAt?: string;
    }
  /** @param url of the page where the payer acts, below the public address or absolute */
  | { readonly kind: 'requires_action'; readonly railReference: string; readonly url: string }
  /** The payer is to transfer it. @param railReference what they have to name, ISO 11649 @param expiresAt until when */
  | { readonly kind: 'requires_transfer'; readonly railReference: string; readonly expiresAt: string }
  | {
      readonly kind: 'declined';
      readonly railReference: string | null;
      readonly declineCode: string;
      readonly message: string;
    }
  /** It will say later. @param askAt when it will know @param isTold it says so on its own, and is not asked */
  | {
      readonly kind: 'pending';
      readonly railReference: string;
      readonly askAt?: string;
      readonly isTold?: boolean;
    }
  | { readonly kind: 'voided' }
  | { readonly kind: 'refunded'; readonly railReference: string }
  | { readonly kind: 'refund_failed'; readonly reason: string }
  /** It does not answer. */
  | { readonly kind: 'unknown' }
  /** Said when it is asked: the call never came there. */
  | { readonly kind: 'not_known' };

/**
 * The first wait for an answer, and the longest one before the rail is asked. The first one is longer than a call may
 * take: whoever made it has recorded by then what became of it, or is gone.
 */
const firstWaitMs = 10_000;
const longestWaitMs = 3_600_000;

/** When to ask after an attempt of which nothing is known. */
export function askAfter(now: string, attempt: number): string {
  const waitMs = Math.min(firstWaitMs * 2 ** Math.min(attempt - 1, 20), longestWaitMs);
  return new Date(Date.parse(now) + waitMs).toISOString();
}

/** What a process that has just started asks about: the calls that the one before it may have had under way. */
export const resumedWithinMs = firstWaitMs;

type NewCall = Pick<RailCall, 'amount' | 'key' | 'kind' | 'offSession'> & Partial<Pick<RailCall, 'state'>>;

/** A call that begins; it is waited for unless another state is said. */
export function newCall(call: NewCall, now: string): RailCall {
  return {
    amount: call.amount,
    askAt: askAfter(now, 1),
    at: now,
    attempt: 1,
    isQuestion: false,
    key: call.key,
    kind: call.kind,
    offSession: call.offSession,
    since: now,
    state: call.state ?? 'awaited',
  };
}
/** The next attempt at a call. */
export function nextAttempt<C extends Pick<RailCall, 'attempt'>>(
  call: C,
  isQuestion: boolean,
  now: string,
): C {
  const attempt = call.attempt + 1;
  return { ...call, askAt: askAfter(now, attempt), at: now, attempt, isQuestion };
}

/**
 * What may take long, or for ever, is asked about no sooner than after a quarter of the time that it has taken: each
 * question is an event. @param longestMs the longest time between two questions
 */
export function askedSeldom<C extends Pick<RailCall, 'askAt' | 'since'>>(
  call: C,
  now: string,
  longestMs: number,
): C {
  const waitMs = Math.min((Date.parse(now) - Date.parse(call.since)) / 4, longestMs);
  const later = new Date(Date.parse(now) + waitMs).toISOString();
  return later > call.askAt ? { ...call, askAt: later } : call;
}
/** Payers who have to act and leave never do. */
const actionMsMax = 30 * 86_400_000;
/** A payer has to act: whether they did. */
export const nextQuestionOfAction = (call: RailCall, now: string): RailCall =>
  askedSeldom(nextAttempt(call, true, now), now, actionMsMax);

/** The latest call, when nothing more of it is waited for or asked. */
export function ended<C extends Pick<RailCall, 'state'> | null>(call: C): C {
  return call === null ? call : { ...call, state: 'ended' };
}

/** Whether the outcome of the latest call is not known yet. */
export const isOpen = (call: RailCall | null): call is RailCall => call !== null && call.state !== 'ended';
