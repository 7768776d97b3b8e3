import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { metadataLimit, unknownCurrency, withdrawnCurrency } from '@fintech-ledger/ledger/domain';
import {
  amountRefusals,
  capabilityInactive,
  chargeRefusals,
  partyRefusals,
  recipientInvalid,
  refundOptionInvalid,
} from './charges/charge-refusals';
import type { PaymentCommand } from './commands';
import { disputeCommandRefusals, disputeRefusals, paymentDisputed } from './disputes/dispute-refusals';
import {
  connectedAccountNotFound,
  insufficientAvailable,
  paymentNotFound,
  paymentUnexpectedState,
} from './object-refusals';
import {
  splitCommandRefusals,
  splitInvalid,
  splitPlanRefusals,
  splitRefusals,
  unknownSplitAccount,
} from './splits/split-refusals';
import {
  payoutBatchNotFound,
  payoutFileErased,
  payoutNotFound,
  payoutTooLarge,
  payoutUnexpectedState,
  unknownBankAccount,
} from './payout-refusals';
import { payoutScheduleInvalid } from './schedules/schedule-refusals';
import { transferCommandRefusals, transferRefusals } from './transfers/transfer-refusals';

export * from './object-refusals';
export * from './payout-refusals';

export const refundNotFound = refusal(
  'refund_not_found',
  'not_found',
  'There is no such refund, or it is of another environment.',
);
export const balanceTransactionNotFound = refusal(
  'balance_transaction_not_found',
  'not_found',
  'There is no such line of a balance, or it is of another environment.',
);
export const actionNotFound = refusal(
  'action_not_found',
  'not_found',
  'There is no such page of the simulator.',
);
export const paymentDeclined = refusal(
  'payment_declined',
  'declined',
  'The rail declined the payment; `decline_code` says why, `payment` is the payment as it is now. ' +
    'It is recorded: the same request gets the same answer.',
);
export const unknownPaymentMethod = refusal(
  'unknown_payment_method',
  'rule',
  'There is no such payment method in this environment.',
);
export const paymentMethodRequired = refusal(
  'payment_method_required',
  'rule',
  'A payment is confirmed with a payment method: in the request, or that of the payment.',
);
export const testMethodInLiveMode = refusal(
  'test_method_in_live_mode',
  'rule',
  'A test payment method pays in sandboxes only.',
);
export const unknownCustomer = refusal(
  'unknown_customer',
  'rule',
  'There is no such customer in this environment, or they are deleted.',
);
export const paymentMethodDetached = refusal(
  'payment_method_detached',
  'rule',
  'The payment method was detached, which is for good.',
);
export const paymentMethodMismatch = refusal(
  'payment_method_mismatch',
  'rule',
  'The payment method is not one that this customer saved: it pays for its own customer only.',
);
export const railUnavailable = refusal(
  'rail_unavailable',
  'rule',
  'There is no such rail in this environment, or the payment method does not pay over it, or a transfer has no bank ' +
    'account to go to.',
);
export const captureExceedsAuthorized = refusal(
  'capture_exceeds_authorized',
  'rule',
  'More is to be captured than is authorized.',
);
export const refundExceeded = refusal(
  'refund_exceeded',
  'rule',
  'More is to be refunded than is left of what was captured.',
);
export const outcomeNotPossible = refusal(
  'outcome_not_possible',
  'rule',
  'The call of the rail can not have come to that, or something is missing that belongs to it.',
);
export const callNotOpen = refusal(
  'call_not_open',
  'conflict',
  'There is no call of the rail whose outcome is unknown; `payment` and `refund` are what they are.',
);
export const fieldNotSupported = refusal(
  'field_not_supported',
  'malformed',
  'This version does not act on the field that `param` names yet, so it takes only null there.',
);
export const cardNumberRefused = refusal(
  'card_number_refused',
  'malformed',
  'The field looks like the number of a card. Card numbers are never taken, and are written to no log.',
);
const ofMethod = [
  unknownPaymentMethod,
  testMethodInLiveMode,
  railUnavailable,
  paymentMethodDetached,
  paymentMethodMismatch,
];

/** What each command may be refused with, in the order of precedence; `decidePayments` compiles with nothing else. */
export const paymentCommandRefusals = {
  CreatePayment: [
    unknownCurrency,
    withdrawnCurrency,
    ...partyRefusals,
    ...amountRefusals,
    ...splitPlanRefusals,
    unknownCustomer,
    ...ofMethod,
    paymentMethodRequired,
  ],
  UpdatePayment: [
    paymentNotFound,
    paymentUnexpectedState,
    ...amountRefusals,
    splitInvalid,
    unknownCustomer,
    ...ofMethod,
    metadataLimit,
  ],
  ConfirmPayment: [
    paymentNotFound,
    paymentUnexpectedState,
    ...partyRefusals,
    unknownSplitAccount,
    unknownCustomer,
    paymentMethodRequired,
    ...ofMethod,
  ],
  CapturePayment: [
    paymentNotFound,
    paymentUnexpectedState,
    captureExceedsAuthorized,
    recipientInvalid,
    ...amountRefusals,
    splitInvalid,
  ],
  CancelPayment: [paymentNotFound, paymentUnexpectedState],
  CreateRefund: [
    paymentNotFound,
    paymentUnexpectedState,
    refundOptionInvalid,
    paymentDisputed,
    refundExceeded,
    insufficientAvailable,
  ],
  CreatePayout: [
    unknownCurrency,
    withdrawnCurrency,
    connectedAccountNotFound,
    capabilityInactive,
    railUnavailable,
    unknownBankAccount,
    payoutTooLarge,
    insufficientAvailable,
  ],
  UpdatePayout: [payoutNotFound, metadataLimit],
  CancelPayout: [payoutNotFound, payoutUnexpectedState],
  ResolvePayout: [payoutNotFound, callNotOpen],
  RecordPayoutOutcome: [],
  SetPayoutSchedule: [payoutScheduleInvalid],
  ...disputeCommandRefusals,
  ...transferCommandRefusals,
  ...splitCommandRefusals,
  RecordRailOutcome: [],
  RecordPayerAction: [paymentNotFound, paymentUnexpectedState],
  ResolveRailCall: [paymentNotFound, refundNotFound, callNotOpen, outcomeNotPossible],
  AdjustFees: [],
  RecordFeeReport: [],
  ActOnPayments: [],
} as const satisfies Record<PaymentCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const paymentRefusals = [
  paymentNotFound,
  refundNotFound,
  connectedAccountNotFound,
  balanceTransactionNotFound,
  actionNotFound,
  paymentUnexpectedState,
  paymentDeclined,
  unknownPaymentMethod,
  paymentMethodRequired,
  testMethodInLiveMode,
  railUnavailable,
  unknownCustomer,
  paymentMethodDetached,
  paymentMethodMismatch,
  captureExceedsAuthorized,
  refundExceeded,
  payoutNotFound,
  payoutUnexpectedState,
  payoutBatchNotFound,
  payoutFileErased,
  payoutTooLarge,
  unknownBankAccount,
  payoutScheduleInvalid,
  insufficientAvailable,
  outcomeNotPossible,
  callNotOpen,
  ...disputeRefusals,
  ...transferRefusals,
  ...splitRefusals,
  ...chargeRefusals,
  fieldNotSupported,
  cardNumberRefused,
];
