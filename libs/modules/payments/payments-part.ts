import type { DomainPart } from '@fintech-ledger/journal';
import type { LedgerRecord } from '@fintech-ledger/ledger/domain';
import {
  decidePayments,
  disputeEffectsOf,
  dueAtOf,
  evolvePayments,
  feeReportEffectsOf,
  isSchedule,
  paymentEvents,
  payoutEffectsOf,
  railEffectsOf,
  readsOfPayments,
  recordKeys,
  resumedWithinMs,
} from '@fintech-ledger/payments/domain';
import type { PaymentCommand, PaymentEvent, PaymentsRecord } from '@fintech-ledger/payments/domain';
import { paymentsDeferral } from './deferral';
import { paymentsAnswer } from './payments-answer';

/** What the module does in the journals of payments ledgers. */
export const paymentsPart: DomainPart<
  PaymentCommand,
  PaymentEvent,
  PaymentsRecord,
  PaymentsRecord | LedgerRecord
> = {
  commands: {
    CreatePayment: true,
    UpdatePayment: true,
    ConfirmPayment: true,
    CapturePayment: true,
    CancelPayment: true,
    CreateRefund: true,
    RecordRailOutcome: true,
    RecordPayerAction: true,
    ResolveRailCall: true,
    CreatePayout: true,
    UpdatePayout: true,
    CancelPayout: true,
    ResolvePayout: true,
    RecordPayoutOutcome: true,
    SetPayoutSchedule: true,
    UpdateDispute: true,
    GiveEvidence: true,
    EraseDisputeEvidence: true,
    AcceptDispute: true,
    ResolveDispute: true,
    ExpectDisputeDecision: true,
    RecordDispute: true,
    CreateTransfer: true,
    UpdateTransfer: true,
    ReverseTransfer: true,
    RecordDisputeResponse: true,
    CreateSplit: true,
    UpdateSplit: true,
    ReverseSplit: true,
    AdjustFees: true,
    RecordFeeReport: true,
    ActOnPayments: true,
  },
  events: paymentEvents,
  records: recordKeys,
  // 2: money that is young is kept for every owner, and lost disputes end on the lists of accounts.
  foldVersion: 2,
  reads: readsOfPayments,
  decide: decidePayments,
  costOf: (command) => {
    if ('fees' in command) return 1 + command.fees.length;
    return command.type === 'ActOnPayments' ? command.keys.length : 1;
  },
  evolve: (view, event, { revision }) => evolvePayments(view, event, revision),
  dueAt: dueAtOf,
  dueCommand: (keys) => ({ type: 'ActOnPayments', keys }),
  // What becomes available at the moment of a schedule is paid out by it.
  isDueLast: isSchedule,
  resumption: {
    withinMs: resumedWithinMs,
    commands: (keys) => [{ type: 'ActOnPayments', keys, isResumed: true }],
  },
  effectsOf: (event) => [
    ...railEffectsOf(event),
    ...payoutEffectsOf(event),
    ...disputeEffectsOf(event),
    ...feeReportEffectsOf(event),
  ],
  deferral: paymentsDeferral,
  answer: paymentsAnswer,
};
