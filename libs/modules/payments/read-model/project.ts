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

/** An object as an event left it. */
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
/** An object as its last event in a batch left it. */
export interface CurrentRow {
  readonly ledgerId: string;
  readonly id: string;
  /** Of the first event of it in the batch, and of the last one. */
  readonly firstRevision: number;
  readonly revision: number;
  readonly createdMs: number;
  /** Empty: it has none. */
  readonly status: string;
  /** JSON. */
  readonly facts: string;
}

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
  readonly payments: readonly CurrentRow[];
  readonly refunds: readonly CurrentRow[];
  readonly payouts: readonly CurrentRow[];
  readonly payoutBatches: readonly CurrentRow[];
  readonly disputes: readonly CurrentRow[];
  readonly transfers: readonly CurrentRow[];
  readonly splits: readonly CurrentRow[];
  readonly feeAdjustments: readonly FeeAdjustmentRow[];
}

const names = new Set<string>(paymentEvents.names);

/** Pure. */
export function projectPayments(events: readonly DecodedEvent[]): PaymentRows {
  const states: StateRow[] = [];
  const payments = new Map<string, CurrentRow>();
  const refunds = new Map<string, CurrentRow>();
  const payouts = new Map<string, CurrentRow>();
  const payoutBatches = new Map<string, CurrentRow>();
  const disputes = new Map<string, CurrentRow>();
  const transfers = new Map<string, CurrentRow>();
  const splits = new Map<string, CurrentRow>();
  const ofBalances: BalanceRows[] = [];
  for (const { owner: ledgerId, revision, recordedMs, effectiveMs, event: any } of events) {
    if (isConversion(any)) ofBalances.push(balanceRowsOf(any, { ledgerId, revision, effectiveMs }));
    if (!names.has(any.type)) continue;
    const { type, data } = any as PaymentEvent;
    ofBalances.push(balanceRowsOf(any as PaymentEvent, { ledgerId, revision, effectiveMs }));
    const note = (id: string, facts: string): unknown =>
      states.push({ ledgerId, id, revision, recordedMs, effectiveMs, type, facts });
    const keepIn = (rows: Map<string, CurrentRow>, object: ListedFacts): void => {
      // Once for both tables: it is most of what a batch writes.
      const facts = JSON.stringify(object);
      note(object.id, facts);
      keep(rows, { ledgerId, revision }, object, facts);
    };
    if ('schedule' in data) note(idOfSchedule(data.schedule), JSON.stringify(data.schedule));
    if ('payment' in data) keepIn(payments, data.payment);
    if ('refund' in data) keepIn(refunds, data.refund);
    if ('payout' in data) keepIn(payouts, data.payout);
    if ('payoutBatch' in data) keepIn(payoutBatches, data.payoutBatch);
    if ('dispute' in data) keepIn(disputes, data.dispute);
    if ('transfer' in data) keepIn(transfers, data.transfer);
    if ('split' in data) keepIn(splits, data.split);
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

function keep(
  rows: Map<string, CurrentRow>,
  { ledgerId, revision }: Pick<StateRow, 'ledgerId' | 'revision'>,
  object: ListedFacts,
  facts: string,
): void {
  const { id, createdAt } = object;
  const status = 'status' in object ? object.status : '';
  const key = `${ledgerId} ${id}`;
  const firstRevision = rows.get(key)?.firstRevision ?? revision;
  rows.set(key, { ledgerId, id, firstRevision, revision, createdMs: Date.parse(createdAt), status, facts });
}
