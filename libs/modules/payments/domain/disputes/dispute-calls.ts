import { BrokenInvariant } from '@fintech-ledger/contract';
import type { PaymentEvent } from '../events';
import type { PayoutCall } from '../payout-facts';
import { askAfter, askedSeldom, nextAttempt } from '../rail-calls';
import type {
  DisputeCall,
  DisputeCallKind,
  DisputeFacts,
  DisputeOutcome,
  DisputeQuestion,
} from './dispute-facts';

/* What a rail is asked and told of disputes, and what it says. All amounts: minor units as a text. */

interface OfPayment {
  /** When it is asked for: the time of the environment. */
  readonly at: string;
  readonly currency: string;
  readonly livemode: boolean;
  readonly payment: string;
  readonly rail: string;
}
/** Whether there is a dispute of a payment, and what became of it. */
export interface AskDispute extends OfPayment {
  /** Null: none is known yet. */
  readonly dispute: string | null;
  /** It has been judged for so long that somebody should look at it. */
  readonly isOverdue: boolean;
}
/** `at` is when the merchant said it, however often the rail is told: it decides whether that was in time. */
export interface TellDispute extends OfPayment {
  readonly dispute: string;
  /** Of evidence, sealed as in its event; of an acceptance there are none. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  readonly kind: DisputeCallKind;
  readonly railReference: string;
  readonly text: string;
}
interface Effect<Kind extends string, Data> {
  readonly kind: Kind;
  readonly key: string;
  readonly attempt: number;
  readonly data: Data;
}
export type DisputeEffect = Effect<'ask_dispute', AskDispute> | Effect<'tell_dispute', TellDispute>;

/** What a rail says when it is asked whether a payment is disputed. */
export type DisputeNews =
  | {
      readonly kind: 'disputed';
      readonly amount: string;
      readonly evidenceDueBy: string;
      readonly fee: string;
      readonly railReference: string;
      readonly reason: string;
    }
  | { readonly kind: 'not_disputed' };

/** What a rail says of a dispute that it was told of, or asked about. */
export type DisputeResponseOutcome =
  /** @param askAt when it will have decided; absent: it does not know, and is asked from time to time */
  | { readonly kind: 'taken'; readonly askAt?: string }
  | { readonly kind: 'decided'; readonly outcome: DisputeOutcome }
  /** Said when it is asked: nobody has decided it yet. */
  | { readonly kind: 'undecided' }
  /** It does not answer. */
  | { readonly kind: 'unknown' };

const begun = (key: string, now: string): PayoutCall => ({
  ...{ key, attempt: 1, isQuestion: false, state: 'open' },
  ...{ askAt: askAfter(now, 1), at: now, since: now },
});
/** Nobody waits for what a rail says to it. */
export const newDisputeCall = (kind: DisputeCallKind, key: string, now: string): DisputeCall => ({
  ...begun(key, now),
  kind,
});
/**
 * How a rail is asked that does not know when it will have decided: first after an hour, then after a quarter of the
 * time that it has taken, at least once a day. Banks take weeks, and each question is an event.
 */
const firstReviewMs = 3_600_000;
const reviewMsMax = 86_400_000;
/** Card networks decide within 75 to 100 days; after this somebody should look at it. */
const overdueMs = 120 * 86_400_000;

export const firstReview = (now: string): string => new Date(Date.parse(now) + firstReviewMs).toISOString();

/** Its rail is asked about a dispute; nobody waits for what it says. @param since when it had it */
export const newDisputeQuestion = (key: string, now: string, since: string): DisputeCall => ({
  ...begun(key, now),
  ...{ isQuestion: true, kind: 'evidence', since },
});

/** The next attempt at what a rail is told or asked of a dispute. */
export function nextDisputeAttempt(call: DisputeCall, now: string): DisputeCall {
  const again = nextAttempt(call, call.isQuestion, now);
  return call.isQuestion ? askedSeldom(again, now, reviewMsMax) : again;
}

/** A question that is asked at a moment. */
export const newQuestionCall = (key: string, askAt: string, now: string): PayoutCall => ({
  ...begun(key, now),
  askAt,
});

/** What an event has a rail do. */
export function disputeEffectsOf(event: PaymentEvent): readonly DisputeEffect[] {
  if (event.type === 'DisputeAsked') return [askedBy(event.data.question)];
  if (event.type === 'DisputeEvidenceSubmitted' || event.type === 'DisputeCallRepeated')
    return [toldOf(event.data.dispute)];
  if (event.type !== 'DisputeLost') return [];
  // Of what was accepted the rail is told.
  const { call } = event.data.dispute;
  return call?.kind === 'accept' && call.state === 'open' ? [toldOf(event.data.dispute)] : [];
}

function askedBy({ call, currency, livemode, payment, rail }: DisputeQuestion): DisputeEffect {
  const { at, attempt, key } = call;
  return {
    kind: 'ask_dispute',
    key,
    attempt,
    data: { at, currency, dispute: null, isOverdue: false, livemode, payment, rail },
  };
}

function toldOf({ call, ...dispute }: DisputeFacts): DisputeEffect {
  if (call === null) throw new BrokenInvariant(`${dispute.id} is to call a rail, and has no call`);
  const { currency, evidence, id, livemode, payment, rail, railReference } = dispute;
  const { at, attempt, isQuestion, key, kind, since } = call;
  const data = { currency, dispute: id, livemode, payment, rail };
  const isOverdue = dispute.status === 'under_review' && Date.parse(at) - Date.parse(since) > overdueMs;
  if (isQuestion) return { kind: 'ask_dispute', key, attempt, data: { ...data, at, isOverdue } };
  const { files = [], text = '' } = kind === 'evidence' ? (evidence ?? {}) : {};
  const said = { files, kind, railReference, text };
  return { kind: 'tell_dispute', key, attempt, data: { ...data, ...said, at: since } };
}
