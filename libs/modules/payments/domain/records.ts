import type { DisputeFacts, DisputeQuestion } from './disputes/dispute-facts';
import type { PaymentFacts, RefundFacts } from './facts';
import type { PayoutFacts } from './payout-facts';
import type { AccountDisputesRecord } from './disputes/account-disputes';
import type { FeeAdjustmentRecord } from './fee-adjustments/fee-adjustment-facts';
import type { FeeReportRecord } from './fee-adjustments/fee-report-facts';
import type { ReserveRecord } from './reserves/reserve-record';
import type { SplitFacts } from './splits/split-facts';
import type { PayoutScheduleRecord } from './schedules/schedule-record';
import type { YoungMoneyRecord } from './schedules/young-record';
import type { TransferFacts } from './transfers/transfer-facts';

export type { PayoutScheduleRecord, ReserveRecord };
export type EndedCalls = Readonly<Record<string, number>>;

export interface PaymentRecord {
  readonly kind: 'payment';
  /** Of the event that created it. */
  readonly createdRevision: number;
  readonly payment: PaymentFacts;
  /** The revision of the event that ended each call of it, by the call's key. */
  readonly endedCalls: EndedCalls;
  /** The application fee before a capture that is under way named another one; null: it had none. */
  readonly feeBefore?: string | null;
}
export interface RefundRecord {
  readonly kind: 'refund';
  readonly refund: RefundFacts;
  readonly endedCalls: EndedCalls;
}
/** What becomes available of a rail in a currency at one moment. */
export interface SettlementRecord {
  readonly kind: 'settlement';
  readonly availableOn: string;
  readonly currency: string;
  /** It came to nothing by its time; a refund that fails after that opens it again. */
  readonly isClosed?: boolean;
  readonly isSettled: boolean;
  /** Minor units, of the platform; below zero where fees were more than what was captured. */
  readonly platform: string;
  readonly rail: string;
}
/** What a rail will keep back of what it settles next: refunds that were taken from what was available. */
export interface NettingRecord {
  readonly kind: 'netting';
  /** Minor units; below zero: it gives that back, because refunds failed which it had kept back. */
  readonly amount: string;
}
export interface PayoutRecord {
  readonly kind: 'payout';
  readonly payout: PayoutFacts;
}
export interface DisputeRecord {
  readonly kind: 'dispute';
  readonly dispute: DisputeFacts;
}
/** Whether there is a dispute of a payment, which its rail is asked at a moment that it has said. */
export interface DisputeQuestionRecord {
  readonly kind: 'disputeQuestion';
  readonly question: DisputeQuestion;
}
/** In which currencies a connected account ever had money. */
export interface OwnerRecord {
  readonly kind: 'owner';
  readonly currencies: readonly string[];
  /** How many payments, refunds and payouts that are its own, or that it gets, have not ended; absent: none began. */
  readonly underWay?: number;
}
export interface TransferRecord {
  readonly kind: 'transfer';
  readonly transfer: TransferFacts;
}
export interface SplitRecord {
  readonly kind: 'split';
  readonly split: SplitFacts;
}
/** What becomes available of a connected account, of a rail in a currency at one moment. */
export interface AccountSettlementRecord {
  readonly kind: 'accountSettlement';
  readonly account: string;
  /** Minor units; below zero where fees were more than what was captured. */
  readonly amount: string;
  readonly availableOn: string;
  readonly currency: string;
  /** What was captured for it, of which a part may be held; absent: nothing. */
  readonly captured?: string;
  /** Its own payments, or what it got of others, are not settled yet; absent: they are, or are none. */
  readonly isOpen?: true;
  readonly rail: string;
}
/** The payment whose money is to come under a creditor reference. */
export interface ReferenceRecord {
  readonly kind: 'creditor_reference';
  readonly payment: string;
}
/** Payouts by bank of one day: how many are not sent yet, and what those come to that are. */
export interface OpenBatch {
  /** The accounts of the environment that those go to that are sent, each once. */
  readonly accounts: readonly string[];
  /** Minor units. */
  readonly amount: string;
  readonly count: number;
  readonly pending: number;
}
export type OpenBatches = Readonly<Record<string, OpenBatch>>;
/** The batches of a currency that are not made yet, by the moment at which their payouts are sent. */
export interface PayoutBatchesRecord {
  readonly kind: 'payout_batches';
  readonly open: OpenBatches;
}
export type PaymentsRecord =
  | PayoutBatchesRecord
  | ReferenceRecord
  | PaymentRecord
  | RefundRecord
  | SettlementRecord
  | NettingRecord
  | PayoutRecord
  | DisputeRecord
  | DisputeQuestionRecord
  | OwnerRecord
  | TransferRecord
  | SplitRecord
  | AccountSettlementRecord
  | PayoutScheduleRecord
  | AccountDisputesRecord
  | FeeAdjustmentRecord
  | FeeReportRecord
  | ReserveRecord
  | YoungMoneyRecord;

/** What keys of each kind begin with. */
export const recordKeys = {
  payment: 'payment:',
  refund: 'refund:',
  settlement: 'settlement:',
  netting: 'netting:',
  payout: 'payout:',
  payout_batches: 'payout_batches:',
  dispute: 'dispute:',
  disputeQuestion: 'dispute_question:',
  owner: 'owner:',
  transfer: 'connect_transfer:',
  split: 'split:',
  accountSettlement: 'account_settlement:',
  creditor_reference: 'creditor_reference:',
  payoutSchedule: 'payout_schedule:',
  reserve: 'reserve:',
  feeAdjustment: 'fee_adjustment:',
  feeReport: 'fee_report:',
  account_disputes: 'account_disputes:',
  youngMoney: 'young_money:',
} as const;
export const paymentKey = (id: string): string => `${recordKeys.payment}${id}`;
export const refundKey = (id: string): string => `${recordKeys.refund}${id}`;
export const payoutKey = (id: string): string => `${recordKeys.payout}${id}`;
export const payoutBatchesKey = (currency: string): string => `${recordKeys.payout_batches}${currency}`;
export const disputeKey = (id: string): string => `${recordKeys.dispute}${id}`;
/** @param payment its id */
export const disputeQuestionKey = (payment: string): string => `${recordKeys.disputeQuestion}${payment}`;
export const transferKey = (id: string): string => `${recordKeys.transfer}${id}`;
export const splitKey = (id: string): string => `${recordKeys.split}${id}`;
export const accountSettlementKey = (
  account: string,
  rail: string,
  currency: string,
  availableOn: string,
): string => `${recordKeys.accountSettlement}${account}:${rail}:${currency}:${availableOn}`;
/** @param owner the platform, or a connected account by its id */
export const payoutScheduleKey = (owner: string): string => `${recordKeys.payoutSchedule}${owner}`;
export const reserveKey = (account: string, currency: string, releaseOn: string): string =>
  `${recordKeys.reserve}${account}:${currency}:${releaseOn}`;
/** @param id of a connected account */
export const accountDisputesKey = (id: string): string => `${recordKeys.account_disputes}${id}`;
/** @param id of a connected account */
export const ownerKey = (id: string): string => `${recordKeys.owner}${id}`;
export const settlementKey = (rail: string, currency: string, availableOn: string): string =>
  `${recordKeys.settlement}${rail}:${currency}:${availableOn}`;
/** @param reference ISO 11649, without spaces */
export const referenceKey = (reference: string): string => `${recordKeys.creditor_reference}${reference}`;
export const nettingKey = (rail: string, currency: string): string =>
  `${recordKeys.netting}${rail}:${currency}`;

/** Read access to a journal's state, in which the ledger has records too. */
export interface PaymentsView {
  get(key: string): { readonly kind: string } | undefined;
}
type OfKind<K extends PaymentsRecord['kind']> = Extract<PaymentsRecord, { readonly kind: K }>;

function recordOf<K extends PaymentsRecord['kind']>(
  view: PaymentsView,
  kind: K,
  key: string,
): OfKind<K> | undefined {
  const record = view.get(key);
  return record?.kind === kind ? (record as OfKind<K>) : undefined;
}
export const referredPayment = (view: PaymentsView, reference: string): string | undefined =>
  recordOf(view, 'creditor_reference', referenceKey(reference))?.payment;
export const endedCallsOf = (view: PaymentsView, key: string): EndedCalls =>
  recordOf(view, 'payment', key)?.endedCalls ?? recordOf(view, 'refund', key)?.endedCalls ?? {};
export const paymentOf = (view: PaymentsView, id: string): PaymentFacts | undefined =>
  recordOf(view, 'payment', paymentKey(id))?.payment;
/** The revision of the event that created it; 0: there is none. */
export const createdRevisionOf = (view: PaymentsView, id: string): number =>
  recordOf(view, 'payment', paymentKey(id))?.createdRevision ?? 0;
export const refundOf = (view: PaymentsView, id: string): RefundFacts | undefined =>
  recordOf(view, 'refund', refundKey(id))?.refund;
export const payoutOf = (view: PaymentsView, id: string): PayoutFacts | undefined =>
  recordOf(view, 'payout', payoutKey(id))?.payout;
export const openBatchesOf = (view: PaymentsView, currency: string): OpenBatches =>
  recordOf(view, 'payout_batches', payoutBatchesKey(currency))?.open ?? {};
export const disputeOf = (view: PaymentsView, id: string): DisputeFacts | undefined =>
  recordOf(view, 'dispute', disputeKey(id))?.dispute;
export const disputeQuestionOf = (view: PaymentsView, payment: string): DisputeQuestion | undefined =>
  recordOf(view, 'disputeQuestion', disputeQuestionKey(payment))?.question;
export const settlementOf = (view: PaymentsView, key: string): SettlementRecord | undefined =>
  recordOf(view, 'settlement', key);
export const nettingOf = (view: PaymentsView, rail: string, currency: string): bigint =>
  BigInt(recordOf(view, 'netting', nettingKey(rail, currency))?.amount ?? '0');
/** Those in which a connected account ever had money. */
export const currenciesOf = (view: PaymentsView, id: string): readonly string[] =>
  ownerRecordOf(view, id).currencies;
export const ownerRecordOf = (view: PaymentsView, id: string): OwnerRecord =>
  recordOf(view, 'owner', ownerKey(id)) ?? { kind: 'owner', currencies: [] };
/** How many payments, refunds and payouts of a connected account have not ended. */
export const underWayOf = (view: PaymentsView, id: string): number => ownerRecordOf(view, id).underWay ?? 0;
export const scheduleRecordOf = (view: PaymentsView, owner: string): PayoutScheduleRecord | undefined =>
  recordOf(view, 'payoutSchedule', payoutScheduleKey(owner));
export const transferOf = (view: PaymentsView, id: string): TransferFacts | undefined =>
  recordOf(view, 'transfer', transferKey(id))?.transfer;
export const accountSettlementOf = (view: PaymentsView, key: string): AccountSettlementRecord | undefined =>
  recordOf(view, 'accountSettlement', key);
export const accountDisputesOf = (view: PaymentsView, id: string): readonly string[] =>
  recordOf(view, 'account_disputes', accountDisputesKey(id))?.disputes ?? [];
export const reserveOf = (view: PaymentsView, key: string): ReserveRecord | undefined =>
  recordOf(view, 'reserve', key);

export interface PaymentsChange {
  readonly key: string;
  readonly record: PaymentsRecord;
}
export const splitOf = (view: PaymentsView, id: string): SplitFacts | undefined =>
  recordOf(view, 'split', splitKey(id))?.split;
