import type { ReportOf, SettlementReport } from './settlement-report';

export type * from './settlement-report';

/** Which way money comes in and goes out: a card processor, a bank. All of them are asked in the same way. */
export interface Rail {
  /** As a payment's `rail` names it. */
  readonly name: string;
  /** Whether real money may be asked for; the simulator's is not. */
  readonly isLive: boolean;
  authorize(call: AuthorizeCall, signal: AbortSignal): Promise<AuthorizeAnswer>;
  capture(call: CaptureCall, signal: AbortSignal): Promise<CaptureAnswer>;
  void(call: ReferringCall, signal: AbortSignal): Promise<VoidAnswer>;
  refund(call: RefundCall, signal: AbortSignal): Promise<RefundAnswer>;
  payOut(call: PayOutCall, signal: AbortSignal): Promise<PayOutAnswer>;
  /** Whether a payment is disputed by now, and what became of that; nothing is done by asking. */
  dispute(call: DisputeQuestion, signal: AbortSignal): Promise<DisputeAnswer>;
  /** What the merchant says to a dispute. */
  tell(call: TellCall, signal: AbortSignal): Promise<TellAnswer>;
  /** What became of a call, by its key: nothing is done by asking, however often. */
  ask(call: AskCall, signal: AbortSignal): Promise<AskAnswer>;
  /** What the rail says on its own of what happened after `cursor`, in its order; `null`: from the beginning. */
  notices(from: NoticesFrom, signal: AbortSignal): Promise<NoticesPage>;
  /** What was settled to the bank in a time, for reconciliation: in its order, the same however often it is asked. */
  settlementReport(of: ReportOf, signal: AbortSignal): Promise<SettlementReport>;
}

/**
 * What every call has. The rail does it once for a key, and answers a repetition as it did the first time. Thrown: no
 * answer came, and nobody knows whether it was done; it is found out by asking.
 */
export interface RailCall {
  /** Whose: the id of a live organization or of a sandbox. Keys and references are an environment's own. */
  readonly environment: string;
  readonly key: string;
  /** The environment's time, RFC 3339: a sandbox's clock may be frozen. */
  readonly at: string;
}

export interface RailMoney {
  /** In minor units, positive. */
  readonly amountMinor: bigint;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

export interface AuthorizeCall extends RailCall, RailMoney {
  readonly payment: string;
  readonly paymentMethod: string | null;
  /** The money is taken at once, if it is authorized. */
  readonly capture: boolean;
  /** The customer is not there: what needs an action is declined. */
  readonly offSession: boolean;
  readonly returnUrl: string | null;
}

/** Of what an earlier call made, by the rail's own reference. */
export interface ReferringCall extends RailCall {
  readonly payment: string;
  readonly railReference: string;
}

/** At most what is authorized; the rest is released. */
export interface CaptureCall extends ReferringCall, RailMoney {}

export interface RefundCall extends ReferringCall, RailMoney {
  readonly refund: string;
}

export interface PayOutCall extends RailCall, RailMoney {
  readonly payout: string;
  /** `ba_…`, as the environment keeps it. */
  readonly bankAccount: string;
}

/** The key is that of the question. */
export interface DisputeQuestion extends RailCall {
  readonly payment: string;
}

/**
 * By its reference: evidence once, or that the payer is right. Judged by `at`, when it was said, however late.
 * Evidence that was erased before the rail was told has no files, and null for its text.
 */
export interface TellCall extends DisputeQuestion {
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  readonly railReference: string;
  readonly response: 'evidence' | 'accept';
  readonly text: string | null;
}

export type RailCallKind = 'authorize' | 'capture' | 'void' | 'refund' | 'pay_out';

/** The key is that of the call which is asked about. */
export interface AskCall extends RailCall {
  readonly of: RailCallKind;
}

export interface CardFacts {
  readonly brand: string;
  readonly last4: string;
}

export interface Authorized {
  readonly kind: 'authorized';
  readonly railReference: string;
  readonly card?: CardFacts;
}

export interface Captured {
  readonly kind: 'captured';
  readonly railReference: string;
  /** What the rail keeps of it, in the payment's currency; not negative. */
  readonly feeMinor: bigint;
  /** When the rest is at the bank; the call's `at` where it is at once. */
  readonly availableOn: string;
  /** When the rail will have something to say of it (a dispute): it is asked then. */
  readonly noticeAt?: string;
  readonly card?: CardFacts;
}

/** The customer has to do something first; the outcome is a notice, or what an ask says later. */
export interface RequiresAction {
  readonly kind: 'requires_action';
  readonly railReference: string;
  /** Below the public address of the installation, or absolute where it is the rail's own page. */
  readonly url: string;
}

/** The payer is to transfer the money to a bank account of the environment; statements of its bank tell of that. */
export interface RequiresTransfer {
  readonly kind: 'requires_transfer';
  /** What they have to name: a creditor reference, ISO 11649, of this payment alone. */
  readonly railReference: string;
  /** Until when it is waited for. */
  readonly expiresAt: string;
}

export interface Declined {
  readonly kind: 'declined';
  readonly railReference: string | null;
  readonly declineCode: string;
  readonly message: string;
}

/** The rail took it, and says later what came of it: it is asked again at `askAt`. */
export interface Pending {
  readonly kind: 'pending';
  readonly railReference: string;
  readonly askAt: string;
  /** It says so on its own: it is not asked. */
  readonly isTold?: boolean;
}

export interface Voided {
  readonly kind: 'voided';
}

export interface Refunded {
  readonly kind: 'refunded';
  readonly railReference: string;
}

export interface RefundFailed {
  readonly kind: 'refund_failed';
  readonly reason: string;
}

export interface PaidOut {
  readonly kind: 'paid_out';
  readonly railReference: string;
  /** When it may still come back until, and is asked for notices. */
  readonly noticeAt?: string;
}

export interface PayOutFailed {
  readonly kind: 'pay_out_failed';
  readonly failureCode: string;
  readonly message: string;
}

/** Only to an ask: no such call has come, and none will after this answer. It may be sent again with the same key. */
export interface NotKnown {
  readonly kind: 'not_known';
}

/** What the payer has asked back: the rail has taken it, and its fee. */
export interface Disputed extends RailMoney {
  readonly kind: 'disputed';
  readonly evidenceDueBy: string;
  /** In the payment's currency; not negative. */
  readonly feeMinor: bigint;
  /** Null: nobody has decided it yet. */
  readonly outcome: 'won' | 'lost' | null;
  readonly railReference: string;
  readonly reason: string;
}

export type DisputeAnswer = Disputed | { readonly kind: 'not_disputed' };
/** Taken: it was told, and is judged, or over. Decided: it was, before it was told. */
export type TellAnswer =
  /** @param askAt when it will have decided, and is asked; absent: it does not know, and is asked from time to time */
  | { readonly kind: 'taken'; readonly askAt?: string }
  | { readonly kind: 'decided'; readonly outcome: 'won' | 'lost' };

export type AuthorizeAnswer = Authorized | Captured | RequiresAction | RequiresTransfer | Declined | Pending;
/** Declined: what was authorized is not there any more. */
export type CaptureAnswer = Captured | Declined | Pending;
/** Captured: it was taken before it could be voided. */
export type VoidAnswer = Voided | Captured | Pending;
export type RefundAnswer = Refunded | RefundFailed | Pending;
export type PayOutAnswer = PaidOut | PayOutFailed | Pending;
export type RailAnswer = AuthorizeAnswer | CaptureAnswer | VoidAnswer | RefundAnswer | PayOutAnswer;
export type AskAnswer = RailAnswer | NotKnown;

export interface NoticesFrom {
  readonly environment: string;
  readonly at: string;
  readonly cursor: string | null;
  readonly limit: number;
}

export interface NoticesPage {
  readonly notices: readonly RailNotice[];
  /** Where to go on. */
  readonly cursor: string | null;
  readonly hasMore: boolean;
}

/** What happened at the rail without being asked for. Each has an id of its own, and is recorded once under it. */
export type RailNotice = {
  readonly id: string;
  readonly at: string;
} & (
  | { readonly kind: 'answer'; readonly key: string; readonly answer: RailAnswer }
  | ({ readonly kind: 'dispute_opened'; readonly payment: string; readonly reason: string } & RailMoney)
  | { readonly kind: 'dispute_closed'; readonly payment: string; readonly outcome: 'won' | 'lost' }
  | { readonly kind: 'refund_failed'; readonly refund: string; readonly reason: string }
  | { readonly kind: 'payout_returned'; readonly payout: string; readonly reason: string }
);
