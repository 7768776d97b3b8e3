import type { RateFacts } from './facts';
import { decimalOf, inverse, midOf, perMinorUnit, timesDown } from './rate';
import type { Pair, Ratio } from './rate';
import type { ExposureView, PositionView } from './views';

/** What the position accounts of a pair have. Minor units; below zero: short of it. */
export interface PairPosition extends Pair {
  readonly inBase: bigint;
  readonly inQuote: bigint;
}

export interface Valuation {
  /** RFC 3339, UTC, milliseconds. */
  readonly asOf: string;
  readonly livemode: boolean;
  /** By base and quote. */
  readonly positions: readonly PairPosition[];
  /** Those in force as of the moment, of each pair at most one. */
  readonly rates: readonly RateFacts[];
  /** Null: each is valued in its own quote currency alone. */
  readonly reportingCurrency: string | null;
}

/** Why there is no exposure in a reporting currency: no rate leads there from this one. */
export interface NoRate {
  readonly from: string;
}

/** What positions are worth at the middle of bid and ask, each figure rounded down once. Pure. */
export function valueExposure(valuation: Valuation): ExposureView | NoRate {
  const { asOf, livemode, positions, reportingCurrency } = valuation;
  const shown: PositionView[] = [];
  const sums = { value: 0n, result: 0n };
  for (const position of positions) {
    const { base, inBase, inQuote, quote } = position;
    const rate = rateOf(valuation, { base, quote });
    const value = rate && timesDown(inBase, midOfOne(rate));
    const result = value === undefined ? undefined : value + inQuote;
    const toReported = reportingCurrency === null ? null : ratioTo(valuation, quote, reportingCurrency);
    if (toReported === undefined) return { from: quote };
    const reported = (amount: bigint | undefined): bigint | null =>
      toReported === null || amount === undefined ? null : timesDown(amount, toReported);
    const [reportedValue, reportedResult] = [reported(value), reported(result)];
    sums.value += reportedValue ?? 0n;
    sums.result += reportedResult ?? 0n;
    shown.push({
      object: 'fx_position',
      ...{ base, quote },
      position: money(inBase, base),
      cost: money(-inQuote, quote),
      rate: rate === undefined ? null : decimalOf(midOf(rate.bid, rate.ask)),
      value: maybe(value, quote),
      unrealized_result: maybe(result, quote),
      reported_value: maybe(reportedValue, reportingCurrency),
      reported_result: maybe(reportedResult, reportingCurrency),
    });
  }
  const sum = (amount: bigint) => (reportingCurrency === null ? null : money(amount, reportingCurrency));
  return {
    object: 'fx_exposure',
    as_of: asOf,
    positions: shown,
    reporting_currency: reportingCurrency,
    value: sum(sums.value),
    unrealized_result: sum(sums.result),
    livemode,
  };
}

const rateOf = ({ rates }: Valuation, { base, quote }: Pair): RateFacts | undefined =>
  rates.find((rate) => rate.base === base && rate.quote === quote);
const midOfOne = (rate: RateFacts): Ratio => perMinorUnit(midOf(rate.bid, rate.ask), rate);

/** Of minor units of one currency those of another one; undefined: no rate of the two is in force. */
function ratioTo(valuation: Valuation, from: string, to: string): Ratio | undefined {
  if (from === to) return { of: 1n, over: 1n };
  const direct = rateOf(valuation, { base: from, quote: to });
  if (direct !== undefined) return midOfOne(direct);
  const other = rateOf(valuation, { base: to, quote: from });
  return other && inverse(midOfOne(other));
}

const money = (amount: bigint, currency: string) => ({ amount: String(amount), currency });
const maybe = (amount: bigint | null | undefined, currency: string | null) =>
  amount === null || amount === undefined || currency === null ? null : money(amount, currency);
