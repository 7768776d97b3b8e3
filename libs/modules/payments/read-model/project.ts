import {
  isConversion,
  isFeeAdjustment,
  lineIdOf,
  paymentEvents,
  payoutScheduleKey,
} from '@fintech-ledger/payments/domain';
import type {
  DisputeFacts,
  FeeAdjustmentFacts,
  PaymentEvent,
  PaymentFacts,
  PayoutBatchFacts,
  PayoutFacts,
  RefundFacts,
  SplitFacts,
  TransferFacts,
} from '@fintech-ledger/payments/domain';
import type { AnyFacts, ListedFacts } from './queries';
import { balanceRowsOf } from './balance-rows';
import type { BalanceRows } from './balance-rows';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

/** An object as an event left it. */
export interface StateRow {
  readonly ledgerId: string;
  readonly id: string;
  readonly revision: number;
  readonly recordedMs: number;
  /** By the clock of the environment. */
  readonly effectiveMs: number;
  readonly type: string;
  readonly facts: AnyFacts;
}
interface CurrentRow<F> {
  readonly ledgerId: string;
  readonly id: string;
  /** Of the first event of it in the batch, and of the last one. */
  readonly firstRevision: number;
  readonly revision: number;
  readonly createdMs: number;
  /** Empty: it has none. */
  readonly status: string;
  readonly facts: F;
}
export type PaymentRow = CurrentRow<PaymentFacts>;
export type RefundRow = CurrentRow<RefundFacts>;
export type PayoutRow = CurrentRow<PayoutFacts>;
export type PayoutBatchRow = CurrentRow<PayoutBatchFacts>;
export type DisputeRow = CurrentRow<DisputeFacts>;
export type TransferRow = CurrentRow<TransferFacts>;
export type SplitRow = CurrentRow<SplitFacts>;

/** What was adjusted of a fee that a rail reports otherwise. */
export interface FeeAdjustmentRow extends Pick<FeeAdjustmentFacts, 'amount' | 'kind' | 'object'> {
  readonly ledgerId: string;
  readonly line: string;
  readonly revision: number;
}

/** What a batch says of payments, refunds and balances. */
export interface PaymentRows extends BalanceRows {
  readonly states: readonly StateRow[];
  /** Each once, as its last event left it. */
  readonly payments: readonly PaymentRow[];
  readonly refunds: readonly RefundRow[];
  readonly payouts: readonly PayoutRow[];
  readonly payoutBatches: readonly PayoutBatchRow[];
  readonly disputes: readonly DisputeRow[];
  readonly transfers: readonly TransferRow[];
  readonly splits: readonly SplitRow[];
  readonly feeAdjustments: readonly FeeAdjustmentRow[];
}

const names = new Set<string>(paymentEvents.names);

/** Pure. */
export function projectPayments(events: readonly DecodedEvent[]): PaymentRows {
  const states: StateRow[] = [];
  const payments = new Map<string, PaymentRow>();
  const refunds = new Map<string, RefundRow>();
  const payouts = new Map<string, PayoutRow>();
  const payoutBatches = new Map<string, PayoutBatchRow>();
  const disputes = new Map<string, DisputeRow>();
  const transfers = new Map<string, TransferRow>();
  const splits = new Map<string, SplitRow>();
  const ofBalances: BalanceRows[] = [];
  for (const { owner: ledgerId, revision, recordedMs, effectiveMs, event: any } of events) {
    if (isConversion(any)) ofBalances.push(balanceRowsOf(any, { ledgerId, revision, effectiveMs }));
    if (!names.has(any.type)) continue;
    const { type, data } = any as PaymentEvent;
    const at = { ledgerId, revision, recordedMs, effectiveMs, type };
    ofBalances.push(balanceRowsOf(any as PaymentEvent, { ledgerId, revision, effectiveMs }));
    if ('schedule' in data) states.push({ ...at, id: idOfSchedule(data.schedule), facts: data.schedule });
    if ('payment' in data) {
      states.push({ ...at, id: data.payment.id, facts: data.payment });
      keep(payments, ledgerId, revision, data.payment);
    }
    if ('refund' in data) {
      states.push({ ...at, id: data.refund.id, facts: data.refund });
      keep(refunds, ledgerId, revision, data.refund);
    }
    if ('payout' in data) {
      states.push({ ...at, id: data.payout.id, facts: data.payout });
      keep(payouts, ledgerId, revision, data.payout);
    }
    if ('payoutBatch' in data) {
      states.push({ ...at, id: data.payoutBatch.id, facts: data.payoutBatch });
      keep(payoutBatches, ledgerId, revision, data.payoutBatch);
    }
    if ('dispute' in data) {
      states.push({ ...at, id: data.dispute.id, facts: data.dispute });
      keep(disputes, ledgerId, revision, data.dispute);
    }
    if ('transfer' in data) {
      states.push({ ...at, id: data.transfer.id, facts: data.transfer });
      keep(transfers, ledgerId, revision, data.transfer);
    }
    if ('split' in data) {
      states.push({ ...at, id: data.split.id, facts: data.split });
      keep(splits, ledgerId, revision, data.split);
    }
  }
  return {
    states,
    payments: [...payments.values()],
    refunds: [...refunds.values()],
    payouts: [...payouts.values()],
    payoutBatches: [...payoutBatches.values()],
    disputes: [...disputes.values()],
    transfers: [...transfers.values()],
    splits: [...splits.values()],
    feeAdjustments: events.flatMap(feeAdjustmentsOf),
    ...joined(ofBalances),
  };
}

const joined = (all: readonly BalanceRows[]): BalanceRows => ({
  balances: all.flatMap(({ balances }) => balances),
  lines: all.flatMap(({ lines }) => lines),
  settled: all.flatMap(({ settled }) => settled),
});

function feeAdjustmentsOf({ event, owner: ledgerId, revision }: DecodedEvent): readonly FeeAdjustmentRow[] {
  if (!isFeeAdjustment(event)) return [];
  const { feeAdjustment, transaction } = event.data;
  const { amount, kind, object } = feeAdjustment;
  return [{ ledgerId, revision, amount, kind, object, line: lineIdOf(transaction) }];
}

const idOfSchedule = ({ owner }: { readonly owner: string }): string => payoutScheduleKey(owner);

function keep<F extends ListedFacts>(
  rows: Map<string, CurrentRow<F>>,
  ledgerId: string,
  revision: number,
  facts: F,
): void {
  const { id, createdAt } = facts;
  const status = 'status' in facts ? facts.status : '';
  const key = `${ledgerId} ${id}`;
  const firstRevision = rows.get(key)?.firstRevision ?? revision;
  rows.set(key, { ledgerId, id, firstRevision, revision, createdMs: Date.parse(createdAt), status, facts });
}
