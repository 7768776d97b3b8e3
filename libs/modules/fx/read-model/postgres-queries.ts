import { journalStream } from '@fintech-ledger/envelope';
import type { ConversionFacts, QuoteFacts, RateFacts } from '@fintech-ledger/fx/domain';
import type { Sql } from '@fintech-ledger/postgres';
import {
  journalObjects,
  reachedRevision,
  readAt,
  StatementParameters,
  within,
} from '@fintech-ledger/projection-runtime';
import type { At, PositionWaiter } from '@fintech-ledger/projection-runtime';
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
      states.list<RateFacts>(ledgerId, 'fx_rates', page, (p) => rateConditions(filter, p)),
    quotes: (ledgerId, filter, page) =>
      states.list<QuoteFacts>(ledgerId, 'fx_quotes', page, (p) => quoteConditions(filter, p)),
    conversions: (ledgerId, filter, page) =>
      states.list<ConversionFacts>(ledgerId, 'fx_conversions', page, (p) => conversionConditions(filter, p)),
    exposure: (ledgerId, at, reportingCurrency) => selectExposure(sql, ledgerId, at, reportingCurrency),
  };
}

function rateConditions(filter: RateFilter, p: StatementParameters): readonly string[] {
  const { base, inForce, quote } = filter;
  return [
    ...within(filter, p, 'x.created_ms'),
    ...(base === undefined ? [] : [`x.base = ${p.$(base)}`]),
    ...(quote === undefined ? [] : [`x.quote = ${p.$(quote)}`]),
    ...(inForce === undefined ? [] : [isInForce(inForce, p)]),
  ];
}

/** SQL: of its pair it is the last one that is valid by then; of two from one moment on the later recorded. */
function isInForce({ revision, timeMs }: Moment, p: StatementParameters): string {
  const time = p.$(timeMs);
  const by = (row: string): string =>
    `${row}.valid_from_ms <= ${time}` +
    (revision === undefined ? '' : ` and ${row}.created_revision <= ${p.$(revision)}`);
  return `${by('x')} and not exists (
    select 1 from read.fx_rates y
     where y.ledger_id = x.ledger_id and y.base = x.base and y.quote = x.quote and ${by('y')}
       and (y.valid_from_ms, y.created_revision) > (x.valid_from_ms, x.created_revision))`;
}

const currencies = ({ from, to }: Pick<QuoteFilter, 'from' | 'to'>, p: StatementParameters) => [
  ...(from === undefined ? [] : [`x.from_currency = ${p.$(from)}`]),
  ...(to === undefined ? [] : [`x.to_currency = ${p.$(to)}`]),
];
const quoteConditions = (filter: QuoteFilter, p: StatementParameters): readonly string[] => [
  ...within(filter, p, 'x.created_ms'),
  ...currencies(filter, p),
  ...(filter.isUsed === undefined ? [] : [`x.is_used = ${p.$(filter.isUsed)}`]),
];
const conversionConditions = (filter: ConversionFilter, p: StatementParameters): readonly string[] => [
  ...within(filter, p, 'x.created_ms'),
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
  const until =
    at.revision === undefined ? `z.effective_ms <= ${p.$(at.timeMs)}` : `z.revision <= ${p.$(at.revision)}`;
  const text = `with last as (
      select distinct on (z.base, z.quote, z.currency) z.base, z.quote, z.currency, z.amount
        from read.fx_positions z where z.ledger_id = ${ledger} and ${until}
       order by z.base, z.quote, z.currency, z.revision desc),
    pairs as (
      select base, quote, coalesce(sum(amount) filter (where currency = base), 0)::text as in_base,
             coalesce(sum(amount) filter (where currency = quote), 0)::text as in_quote
        from last group by base, quote)
    select true as row_exists, base, quote, in_base, in_quote, null::jsonb as facts from pairs
     union all
    select true, x.base, x.quote, null, null, x.facts from read.fx_rates x
     where x.ledger_id = ${ledger} and ${isInForce(at, p)}
       and ((x.base, x.quote) in (select base, quote from pairs)
            or x.base = ${reporting}::text or x.quote = ${reporting}::text)`;
  const { revision, rows } = await readAt<ExposureRow>(sql, reached, text, 'r.base, r.quote', p);
  const positions = rows.flatMap(({ base, in_base, in_quote, quote }) =>
    in_base === null || in_quote === null
      ? []
      : [{ base, quote, inBase: BigInt(in_base), inQuote: BigInt(in_quote) }],
  );
  return { revision, result: { positions, rates: rows.flatMap(({ facts }) => facts ?? []) } };
}
