import type { DisputeCommand } from './disputes/dispute-commands';
import type { AdjustFees, RecordFeeReport } from './fee-adjustments/fee-adjustment-commands';
import type { CaptureMethod, RefundReason, TransferData } from './facts';
import type { PayoutOutcome } from './payout-calls';
import type { RailOutcome } from './rail-calls';
import type { PartyFacts } from './splits/party';
import type { SplitCommand } from './splits/split-commands';
import type { SetPayoutSchedule } from './schedules/schedule-commands';
import type { TransferCommand } from './transfers/transfer-commands';

/* What is asked of payments. Amounts: minor units as a text. */

/** Whom a request acts as: a connected account, by the header; absent: all of the environment, or the platform. */
interface Acting {
  readonly actsAs?: string;
}
export interface CreatePayment extends Acting {
  readonly type: 'CreatePayment';
  readonly amount: string;
  /** Absent: none. */
  readonly applicationFeeAmount?: string;
  /** Absent: it is the platform's. */
  readonly connectedAccount?: string;
  readonly captureMethod: CaptureMethod;
  readonly confirm: boolean;
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string | null;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly offSession: boolean;
  readonly paymentMethod: string | null;
  readonly rail: string | null;
  readonly returnUrl: string | null;
  /** By which rule it is split when it is captured; absent: by none. */
  readonly splitRule?: string;
  /** Among whom it is split when it is captured; absent: it is not. */
  readonly splits?: readonly PartyFacts[];
  /** Absent: nobody gets it at once. */
  readonly transferData?: TransferData;
  readonly transferGroup: string | null;
}
interface OfRefund {
  readonly refundId: string;
}
interface OfPayment extends Acting {
  readonly paymentId: string;
}
/** What is absent stays. A method makes it `requires_confirmation`, null takes it back. */
export interface UpdatePayment extends OfPayment {
  readonly type: 'UpdatePayment';
  readonly amount?: string;
  readonly customer?: string | null;
  readonly description?: string | null;
  /** Null: all of it goes; null for a key: that one. */
  readonly metadata?: Readonly<Record<string, string | null>> | null;
  readonly paymentMethod?: string | null;
}
export interface ConfirmPayment extends OfPayment {
  readonly type: 'ConfirmPayment';
  /** Absent: what was said when it was created. */
  readonly offSession?: boolean;
  readonly paymentMethod?: string;
  readonly returnUrl?: string | null;
}
export interface CapturePayment extends OfPayment {
  readonly type: 'CapturePayment';
  /** Absent: all that is authorized. */
  readonly amountToCapture?: string;
  /** Absent: that of the payment; `0`: there is none any more. */
  readonly applicationFeeAmount?: string;
}
export interface CancelPayment extends OfPayment {
  readonly type: 'CancelPayment';
  readonly cancellationReason: string | null;
}
export interface CreateRefund extends OfPayment {
  readonly type: 'CreateRefund';
  /** Absent: all that is left. */
  readonly amount?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly reason: RefundReason | null;
  /** Whether the application fee goes back in proportion; absent: it does not. */
  readonly refundsApplicationFee?: boolean;
  /** Whether the transfer goes back in proportion; absent: it does not. */
  readonly reversesTransfer?: boolean;
}
/** The installation's own: what a rail said of a call. */
export interface RecordRailOutcome {
  readonly type: 'RecordRailOutcome';
  /** The key of the call. */
  readonly call: string;
  readonly outcome: RailOutcome;
  readonly payment: string;
  /** Null: the call is the payment's. */
  readonly refund: string | null;
}
/** In sandboxes: the payer has acted at the rail's page, or would not. */
export interface RecordPayerAction extends OfPayment {
  readonly type: 'RecordPayerAction';
  /** The key of the call that it ends; null: nobody has to act there. */
  readonly call: string | null;
  readonly outcome: RailOutcome | null;
}
/** What the rail said where it was asked by other means: a call whose outcome it tells nobody else is ended by it. */
export type ResolveRailCall = {
  readonly type: 'ResolveRailCall';
  readonly outcome: RailOutcome;
} & (OfPayment | OfRefund);
/** Of what is available to whom it acts as; never of more. */
export interface CreatePayout extends Acting {
  readonly type: 'CreatePayout';
  readonly amount: string;
  /** Null: the default one. */
  readonly bankAccount: string | null;
  readonly currency: string;
  readonly description: string | null;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}
/** What is absent stays. */
export interface UpdatePayout extends Acting {
  readonly type: 'UpdatePayout';
  readonly description?: string | null;
  readonly metadata?: Readonly<Record<string, string | null>> | null;
  readonly payoutId: string;
}
export interface CancelPayout extends Acting {
  readonly type: 'CancelPayout';
  readonly payoutId: string;
}
/** What became of a payout, where somebody found it out by other means than asking the rail. */
export interface ResolvePayout extends Acting {
  readonly type: 'ResolvePayout';
  readonly outcome: Extract<PayoutOutcome, { readonly kind: 'paid_out' | 'pay_out_failed' }>;
  readonly payoutId: string;
}
/** The installation's own: what a rail said of a payout. */
export interface RecordPayoutOutcome {
  readonly type: 'RecordPayoutOutcome';
  /** Which asking of the call it answers: one that was made earlier may be answered later. */
  readonly attempt: number;
  readonly call: string;
  readonly outcome: PayoutOutcome;
  readonly payout: string;
}
/** The writer's own: what has become due of payments, refunds and settlements, by the keys of their records. */
export interface ActOnPayments {
  readonly type: 'ActOnPayments';
  /** Rails are asked about their open calls, due or not: whoever made them is gone. */
  readonly isResumed?: boolean;
  readonly keys: readonly string[];
}
export type PaymentCommand =
  | CreatePayment
  | UpdatePayment
  | ConfirmPayment
  | CapturePayment
  | CancelPayment
  | CreateRefund
  | RecordRailOutcome
  | RecordPayerAction
  | ResolveRailCall
  | CreatePayout
  | UpdatePayout
  | CancelPayout
  | ResolvePayout
  | RecordPayoutOutcome
  | SetPayoutSchedule
  | DisputeCommand
  | TransferCommand
  | SplitCommand
  | AdjustFees
  | RecordFeeReport
  | ActOnPayments;
