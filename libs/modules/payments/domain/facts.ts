import type { PartyFacts } from './splits/party';
import type { SplitRuleRef } from './splits/split-facts';

/*
 * What events say of payments and refunds. All times: RFC 3339, UTC, milliseconds; all amounts: minor units as a text.
 */

export const paymentStatuses = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
  'succeeded',
  'canceled',
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];
export const captureMethods = ['automatic', 'manual'] as const;
export type CaptureMethod = (typeof captureMethods)[number];

export const attemptStatuses = [
  'pending',
  'requires_action',
  'authorized',
  'succeeded',
  'failed',
  'canceled',
  'unknown',
] as const;
export type AttemptStatus = (typeof attemptStatuses)[number];

/** What may be shown of a card. */
export interface CardFacts {
  readonly brand: string;
  readonly country: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly fingerprint: string;
  readonly funding: string;
  readonly last4: string;
}

/** One confirm of a payment, and what became of it. */
export interface AttemptFacts {
  readonly amount: string;
  readonly card: CardFacts | null;
  readonly code: string | null;
  readonly createdAt: string;
  readonly declineCode: string | null;
  readonly id: string;
  readonly paymentMethod: string;
  readonly rail: string;
  readonly railReference: string | null;
  readonly status: AttemptStatus;
  /** What a saved payment method was made of; absent: it is none. */
  readonly template?: string;
}

export const railCallKinds = ['authorize', 'capture', 'void', 'refund'] as const;
export type RailCallKind = (typeof railCallKinds)[number];

/** `awaited`: whoever asked waits for the outcome, and other commands with them. `open`: nobody waits any more. */
export const railCallStates = ['awaited', 'open', 'ended'] as const;

/** The latest call of a rail. */
export interface RailCall {
  /** What is captured or refunded; null where the whole payment is meant. */
  readonly amount: string | null;
  /** When the rail is asked what became of it, if nothing is known until then. */
  readonly askAt: string;
  /** When this attempt was made. */
  readonly at: string;
  /** From 1. */
  readonly attempt: number;
  /** Whether this attempt asks what became of the call, and does not make it. */
  readonly isQuestion: boolean;
  /** By which the rail does it once: the same at each attempt. */
  readonly key: string;
  readonly kind: RailCallKind;
  readonly offSession: boolean;
  /** When the first attempt was made. */
  readonly since: string;
  readonly state: (typeof railCallStates)[number];
}

export interface PaymentError {
  readonly code: string;
  readonly declineCode: string | null;
  readonly message: string;
}

/** What a payer has to do: act at a page of the rail, or transfer the money. */
export type NextAction = Redirect | TransferInstructions;
export interface Redirect {
  readonly type: 'redirect_to_url';
  /** Below the configured public address, or absolute; with a token that can't be guessed. */
  readonly url: string;
}
/** Where the money is to be transferred to, as it was when the payment was confirmed. */
export interface TransferInstructions {
  readonly type: 'display_bank_transfer_instructions';
  readonly accountHolder: string;
  readonly bic: string | null;
  readonly iban: string;
  /** ISO 11649, without spaces. */
  readonly reference: string;
}

/** To whom a payment goes at once, and how much of it; null: the whole. */
export interface TransferData {
  readonly amount: string | null;
  readonly destination: string;
}

/** A payment as an event left it. */
export interface PaymentFacts {
  readonly amount: string;
  readonly amountCapturable: string;
  readonly amountCaptured: string;
  /** Of disputes that are open or lost; absent: it was never disputed. */
  readonly amountDisputed?: string;
  /** By refunds that have not failed. */
  readonly amountRefunded: string;
  /** By transfers that name it as their source, less what was reversed; absent: there was none. */
  readonly amountTransferred?: string;
  /** What the platform takes of it from the connected account; absent: nothing. */
  readonly applicationFeeAmount?: string;
  /** What went back of that fee; absent: nothing ever did. */
  readonly applicationFeeRefunded?: string;
  /** The latest one. */
  readonly attempt: AttemptFacts | null;
  /** When what was captured becomes available. */
  readonly availableOn: string | null;
  readonly call: RailCall | null;
  readonly canceledAt: string | null;
  /** Said when the cancellation begins, which may have to wait for the rail. */
  readonly cancellationReason: string | null;
  readonly captureMethod: CaptureMethod;
  /** The connected account whose payment it is; absent: it is the platform's. */
  readonly connectedAccount?: string;
  readonly createdAt: string;
  readonly currency: string;
  /** Absent: nobody is named. */
  readonly customer?: string;
  readonly description: string | null;
  /** When an authorization ends. */
  readonly expiresAt: string | null;
  /** The rail's, for the capture. */
  readonly fee: string;
  readonly id: string;
  readonly lastError: PaymentError | null;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly nextAction: NextAction | null;
  /** Said when it was created, and kept until it is confirmed; absent: it was not said, or it was confirmed. */
  readonly offSession?: true | undefined;
  readonly paymentMethod: string | null;
  /**
   * What its owner, the platform or a connected account, has pending of it: what was captured, less fees and what
   * refunds and transfers took of that. Below zero by fees.
   */
  readonly pending: string;
  /** The one that was asked for; null: that of the payment method. */
  readonly rail: string | null;
  /** By refunds that have not failed and gave back of the application fee; absent: there was none. */
  readonly refundedWithFee?: string;
  /** By refunds that have not failed and took back of its transfer; absent: there was none. */
  readonly refundedWithTransfer?: string;
  readonly returnUrl: string | null;
  /** What those took back of its transfer; absent: nothing. */
  readonly reversedByRefunds?: string;
  /** How it was split; absent: it was not. */
  readonly split?: string;
  /** The connected accounts that get a share of it; absent: it is not split. */
  readonly splitAccounts?: readonly string[];
  /** Among whom it is split when it is captured; absent: it is not, or it was. */
  readonly splitParties?: readonly PartyFacts[];
  /** The rule that it is split by; absent: it is not, or its parties were said with it. */
  readonly splitRule?: SplitRuleRef;
  readonly status: PaymentStatus;
  /** Absent: nobody gets it at once. */
  readonly transferData?: TransferData;
  readonly transferGroup: string | null;
  /** Ids of transfers that name it as their source, oldest first; absent: there was none. */
  readonly transfers?: readonly string[];
}

export const refundStatuses = ['pending', 'succeeded', 'failed'] as const;
export type RefundStatus = (typeof refundStatuses)[number];
export const refundReasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;
export type RefundReason = (typeof refundReasons)[number];

/** A refund as an event left it. */
export interface RefundFacts {
  readonly amount: string;
  /** What the platform has again of the application fee, as the refund failed; absent: nothing. */
  readonly applicationFeeAgain?: string;
  /** What went back of the application fee with it, zero when it failed; absent: that was not asked for. */
  readonly applicationFeeRefunded?: string;
  readonly call: RailCall | null;
  readonly createdAt: string;
  readonly currency: string;
  readonly failureReason: string | null;
  /** What it took from the available balance, and from what its payment had pending: together its amount. */
  readonly fromAvailable: string;
  readonly fromPending: string;
  readonly id: string;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly payment: string;
  readonly railReference: string | null;
  readonly reason: RefundReason | null;
  /** What each party of the split has again of its share, as the refund failed; absent: there is no split. */
  readonly sharesAgain?: readonly string[];
  /** What each party of the split gave back of its share with it; absent: there is no split. */
  readonly sharesReversed?: readonly string[];
  readonly status: RefundStatus;
  /** What the connected account has again of the transfer, as the refund failed; absent: nothing. */
  readonly transferAgain?: string;
  /** What went back of the transfer with it, zero when it failed; absent: that was not asked for. */
  readonly transferReversed?: string;
}
