import { feeIn } from '@fintech-ledger/bank/domain';
import type { AdjustedItem, Difference, Reconciled, Totals } from '@fintech-ledger/bank/domain';
import { groupedBy } from '@fintech-ledger/contract';
import { clearingAccount } from '@fintech-ledger/payments/domain';
import type { OpenType, ReconciliationView } from './reconciliation-views';

/** What is shown of each; the rest is counted. */
const shownMax = 100;
const dayMs = 86_400_000;

/** Something in the books that no report explains, or confirms. */
export interface OpenItem {
  readonly amount: string;
  readonly currency: string;
  readonly object: string;
  readonly since: string;
  readonly type: OpenType;
}
interface OfRail {
  readonly all: readonly Reconciled[];
  readonly open: ReadonlyMap<string, readonly OpenItem[]>;
  readonly rail: string;
}
interface Shown {
  readonly livemode: boolean;
  readonly now: string;
  readonly rails: readonly OfRail[];
  readonly window: { readonly from: string; readonly to: string };
}

/** By currency, oldest first. */
export function openOf(items: readonly OpenItem[]): ReadonlyMap<string, readonly OpenItem[]> {
  const sorted = [...items].sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
  return groupedBy(sorted, ({ currency }) => currency);
}

export function showReconciliation({ livemode, now, rails, window }: Shown): ReconciliationView {
  const ageOf = (since: string): number =>
    Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / dayMs));
  return {
    object: 'reconciliation',
    ...window,
    data: rails.flatMap((each) => entriesOf(each, ageOf)),
    livemode,
  };
}

type Entry = ReconciliationView['data'][number];
const nothing: Totals = { feeMinor: 0n, grossMinor: 0n, lines: 0 };

function entriesOf({ all, open, rail }: OfRail, ageOf: (since: string) => number): readonly Entry[] {
  const currencies = [...new Set([...all.map(({ currency }) => currency), ...open.keys()])].sort();
  return currencies.map((currency) => {
    const none = { adjusted: [], booked: nothing, currency, differences: [], reported: nothing };
    const { adjusted, booked, differences, reported } =
      all.find((each) => each.currency === currency) ?? none;
    const items = open.get(currency) ?? [];
    return {
      rail,
      currency,
      account: clearingAccount(rail, currency).account,
      booked: showTotals(booked),
      reported: showTotals(reported),
      difference: String(netOf(reported) - netOf(booked)),
      differences_total: differences.length,
      differences: differences.slice(0, shownMax).map((each) => showDifference(each, ageOf)),
      adjustments_total: adjusted.length,
      adjustments: adjusted.slice(0, shownMax).map((each) => showAdjusted(each, ageOf)),
      open_total: items.length,
      open: items.slice(0, shownMax).map(({ amount, object, since, type }) => ({
        ...{ type, object, amount, since, age_days: ageOf(since) },
      })),
    };
  });
}

const netOf = ({ feeMinor, grossMinor }: Pick<Totals, 'feeMinor' | 'grossMinor'>): bigint =>
  grossMinor - feeMinor;
const showTotals = (totals: Totals): Entry['booked'] => ({
  lines: totals.lines,
  gross: String(totals.grossMinor),
  fee: String(totals.feeMinor),
  net: String(netOf(totals)),
});
const showSide = (side: Difference['booked']): Entry['differences'][number]['booked'] =>
  side && { gross: String(side.grossMinor), fee: String(side.feeMinor) };

function showDifference(of: Difference, ageOf: (since: string) => number): Entry['differences'][number] {
  const { booked, kind, netMinor, object, railReference, reported, since, type } = of;
  return {
    ...{ type, kind, object, rail_reference: railReference },
    booked: showSide(booked),
    reported: showSide(reported),
    difference: String(netMinor),
    since,
    age_days: ageOf(since),
  };
}

function showAdjusted(item: AdjustedItem, ageOf: (since: string) => number): Entry['adjustments'][number] {
  const { adjusted, kind, object, railReference, since } = item;
  const fee = feeIn(item);
  return {
    ...{ kind, object, rail_reference: railReference },
    expected: String(fee - adjusted.amountMinor),
    fee: String(fee),
    balance_transactions: adjusted.lines,
    ...{ since, age_days: ageOf(since) },
  };
}
