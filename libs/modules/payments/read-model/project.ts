import {
  isConversion,
  isFeeAdjustment,
  lineIdOf,
  paymentEvents,
  payoutScheduleKey,
} from '@fintech-ledger/payments/domain';
import type { FeeAdjustmentFacts, PaymentEvent } from '@fintech-ledger/payments/domain';
import type { ListedFacts } from './queries';
import { balanceRowsOf } from './balance-rows';
import type { BalanceRows } from './balance-rows';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

/** Something as an event left it. */
export interface StateRow {
  readonly ledgerId: string;
  readonly id: string;
  readonly revision: number;
  readonly recordedMs: number;
  /** By the clock of the environment. */
  readonly effectiveMs: number;
  readonly type: string;
  /** JSON. */
  readonly facts: string;
}
/** The same of an object that is listed, too. */
export interface ObjectRow extends StateRow {
  /** Of the first event of it in the batch. */
  readonly firstRevision: number;
  readonly createdMs: number;
  /** Empty: it has none. */
  readonly status: string;
  /** Whether no event of it comes after this one in the batch: that is what lists show. */
  isLast: boolean;
}

/** What was adjusted of a fee that a rail reports otherwise. */
export interface FeeAdjustmentRow extends Pick<FeeAdjustmentFacts, 'amount' | 'kind' | 'object'> {
  readonly ledgerId: string;
  readonly line: string;
  readonly revision: number;
}

/** What a batch says of payments, refunds and balances. */
export interface PaymentRows extends BalanceRows {
  /** Of what is not listed. */
  readonly states: readonly StateRow[];
  readonly payments: readonly ObjectRow[];
  readonly refunds: readonly ObjectRow[];
  readonly payouts: readonly ObjectRow[];
  readonly payoutBatches: readonly ObjectRow[];
  readonly disputes: readonly ObjectRow[];
  readonly transfers: readonly ObjectRow[];
  readonly splits: readonly ObjectRow[];
  readonly feeAdjustments: readonly FeeAdjustmentRow[];
}

const names = new Set<string>(paymentEvents.names);

/** Pure. */
export function projectPayments(events: readonly DecodedEvent[]): PaymentRows {
  const states: StateRow[] = [];
  const payments = new ObjectRows();
  const refunds = new ObjectRows();
  const payouts = new ObjectRows();
  const payoutBatches = new ObjectRows();
  const disputes = new ObjectRows();
  const transfers = new ObjectRows();
  const splits = new ObjectRows();
  const ofBalances: BalanceRows[] = [];
  for (const { owner: ledgerId, revision, recordedMs, effectiveMs, event: any } of events) {
    if (isConversion(any)) ofBalances.push(balanceRowsOf(any, { ledgerId, revision, effectiveMs }));
    if (!names.has(any.type)) continue;
    const { type, data } = any as PaymentEvent;
    ofBalances.push(balanceRowsOf(any as PaymentEvent, { ledgerId, revision, effectiveMs }));
    const at = { ledgerId, revision, recordedMs, effectiveMs, type };
    if ('schedule' in data)
      states.push({ ...at, id: idOfSchedule(data.schedule), facts: JSON.stringify(data.schedule) });
    if ('payment' in data) payments.add(at, data.payment);
    if ('refund' in data) refunds.add(at, data.refund);
    if ('payout' in data) payouts.add(at, data.payout);
    if ('payoutBatch' in data) payoutBatches.add(at, data.payoutBatch);
    if ('dispute' in data) disputes.add(at, data.dispute);
    if ('transfer' in data) transfers.add(at, data.transfer);
    if ('split' in data) splits.add(at, data.split);
  }
  return {
    states,
    payments: payments.rows,
    refunds: refunds.rows,
    payouts: payouts.rows,
    payoutBatches: payoutBatches.rows,
    disputes: disputes.rows,
    transfers: transfers.rows,
    splits: splits.rows,
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

/** The objects of one table. */
class ObjectRows {
  readonly rows: ObjectRow[] = [];
  private readonly last = new Map<string, ObjectRow>();

  add(
    { ledgerId, revision, recordedMs, effectiveMs, type }: Omit<StateRow, 'facts' | 'id'>,
    object: ListedFacts,
  ): void {
    const { id, createdAt } = object;
    const key = `${ledgerId} ${id}`;
    const before = this.last.get(key);
    if (before !== undefined) before.isLast = false;
    const row = {
      ledgerId,
      id,
      revision,
      recordedMs,
      effectiveMs,
      type,
      firstRevision: before?.firstRevision ?? revision,
      createdMs: Date.parse(createdAt),
      status: 'status' in object ? object.status : '',
      isLast: true,
      facts: JSON.stringify(object),
    };
    this.rows.push(row);
    this.last.set(key, row);
  }
}
