import { journalStream } from '@fintech-ledger/envelope';
import type { ConversionFacts, QuoteFacts, RateFacts } from '@fintech-ledger/fx/domain';
import type { Sql } from '@fintech-ledger/postgres';
import {
  byInOrder,
  journalObjects,
  reachedRevision,
  readAt,
  StatementParameters,
} from '@fintech-ledger/projection-runtime';
import type { At, InOrder, PositionWaiter } from '@fintech-ledger/projection-runtime';
import { fxProjectionName } from './fx-projection';
import type { FxFacts } from './project';
import type { ConversionFilter, FxQueries, Moment, QuoteFilter, RateFilter, StoredExposure } from './queries';

/** Reads what the projection wrote. */
export function postgresFxQueries(sql: Sql, waiter: Pick<PositionWaiter, 'waitFor'>): FxQueries {
  const { states, reads } = journalObjects<FxFacts>(sql, waiter, {
    projection: fxProjectionName,
    states: 'fx_states',
    history: 'fx_history',
  });
  return {
    ...reads,
    rates: (ledgerId, filter, page) =>
      states.list<RateFacts>(ledgerId, 'fx_rates', page, filter, (p) => rateConditions(ledgerId, filter, p)),
    quotes: (ledgerId, filter, page) =>
      states.list<QuoteFacts>(ledgerId, 'fx_quotes', page, filter, (p) => quoteConditions(filter, p)),
    conversions: (ledgerId, filter, page) =>
      states.list<ConversionFacts>(ledgerId, 'fx_conversions', page, filter, (p) =>
        conversionConditions(filter, p),
      ),
    exposure: (ledgerId, at, reportingCurrency) => selectExposure(sql, ledgerId, at, reportingCurrency),
  };
}

function rateConditions(
  ledgerId: string,
  { base, inForce, quote }: RateFilter,
  p: StatementParameters,
): readonly string[] {
  return [
    ...(base === undefined ? [] : [`x.base = ${p.$(base)}`]),
    ...(quote === undefined ? [] : [`x.quote = ${p.$(quote)}`]),
    ...(inForce === undefined ? [] : [isInForce(p.$(ledgerId), inForce, p)]),
  ];
}

/**
 * SQL: of its pair it is the last one that is valid by then; of two from one moment on the later recorded. Asks the
 * index for the last one of each pair: rates that are not in force any more are not read.
 */
function isInForce(ledger: string, { revision, timeMs }: Moment, p: StatementParameters): string {
  const recorded = revision === undefined ? '' : `and y.created_revision <= ${p.$(revision)}`;
  return `x.id = any (array(
    with recursive pairs as (${eachOf('fx_rates', ['base', 'quote'], ledger)})
    select t.id from pairs cross join lateral (
      select y.id from read.fx_rates y
       where y.ledger_id = ${ledger} and y.base = pairs.base and y.quote = pairs.quote
         and y.valid_from_ms <= ${p.$(timeMs)} ${recorded}
       order by y.valid_from_ms desc, y.created_revision desc limit 1) t))`;
}

/** SQL: what different values there are in columns that an index begins with, as the body of a recursive `pairs`. */
function eachOf(table: string, columns: readonly string[], ledger: string): string {
  const of = (row: string): string => columns.map((column) => `${row}.${column}`).join(', ');
  const next = (after: string): string =>
    `select ${of('y')} from read.${table} y where y.ledger_id = ${ledger} ${after} order by ${of('y')} limit 1`;
  return `(${next('')}) union all
    select n.* from pairs cross join lateral (${next(`and (${of('y')}) > (${of('pairs')})`)}) n`;
}

const currencies = ({ from, to }: Pick<QuoteFilter, 'from' | 'to'>, p: StatementParameters) => [
  ...(from === undefined ? [] : [`x.from_currency = ${p.$(from)}`]),
  ...(to === undefined ? [] : [`x.to_currency = ${p.$(to)}`]),
];
const quoteConditions = (filter: QuoteFilter, p: StatementParameters): readonly string[] => [
  ...currencies(filter, p),
  ...(filter.isUsed === undefined ? [] : [`x.is_used = ${p.$(filter.isUsed)}`]),
];
const conversionConditions = (filter: ConversionFilter, p: StatementParameters): readonly string[] => [
  ...currencies(filter, p),
  ...(filter.quote === undefined ? [] : [`x.facts ->> 'quote' = ${p.$(filter.quote)}`]),
];

interface ExposureRow {
  readonly base: string;
  readonly quote: string;
  /** Null: the row is a rate. */
  readonly in_base: string | null;
  readonly in_quote: string | null;
  readonly facts: RateFacts | null;
}

/** What a pair has of a currency, as the primary key has it. The pair is `pairs`. */
const positionsOf = (ledger: string): InOrder => ({
  table: 'fx_positions',
  rows: `y.ledger_id = ${ledger} and y.base = pairs.base and y.quote = pairs.quote and y.currency = pairs.currency`,
  revision: 'revision',
  ms: 'effective_ms',
});

/** Positions and rates in one statement, and so of one moment. */
async function selectExposure(
  sql: Sql,
  ledgerId: string,
  at: Moment,
  reportingCurrency: string | null,
): Promise<At<StoredExposure>> {
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(journalStream(ledgerId)), fxProjectionName);
  const [ledger, reporting] = [p.$(ledgerId), p.$(reportingCurrency)];
  const asOf =
    at.revision === undefined ? { time: new Date(at.timeMs).toISOString() } : { revision: at.revision };
  const text = `with recursive pairs as (${eachOf('fx_positions', ['base', 'quote', 'currency'], ledger)}),
    last as (
      select pairs.*, t.amount from pairs cross join lateral (
        select z.amount from read.fx_positions z
         where z.ledger_id = ${ledger} and z.base = pairs.base and z.quote = pairs.quote
           and z.currency = pairs.currency and ${byInOrder(positionsOf(ledger), 'z', asOf, p)}
         order by z.revision desc limit 1) t),
    valued as (
      select base, quote, coalesce(sum(amount) filter (where currency = base), 0)::text as in_base,
             coalesce(sum(amount) filter (where currency = quote), 0)::text as in_quote
        from last group by base, quote)
    select true as row_exists, base, quote, in_base, in_quote, null::jsonb as facts from valued
     union all
    select true, x.base, x.quote, null, null, x.facts from read.fx_rates x
     where x.ledger_id = ${ledger} and ${isInForce(ledger, at, p)}
       and ((x.base, x.quote) in (select base, quote from valued)
            or x.base = ${reporting}::text or x.quote = ${reporting}::text)`;
  const { revision, rows } = await readAt<ExposureRow>(sql, reached, text, 'r.base, r.quote', p);
  const positions = rows.flatMap(({ base, in_base, in_quote, quote }) =>
    in_base === null || in_quote === null
      ? []
      : [{ base, quote, inBase: BigInt(in_base), inQuote: BigInt(in_quote) }],
  );
  return { revision, result: { positions, rates: rows.flatMap(({ facts }) => facts ?? []) } };
}
