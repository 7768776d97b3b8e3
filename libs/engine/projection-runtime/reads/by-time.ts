import type { CreatedWithin } from './conditions';
import type { StatementParameters } from './read-at';

/** Rows of one ledger, which an index has in the order of their revisions; their times never go back in it. */
export interface InOrder {
  /** Of the schema `read`. */
  readonly table: string;
  /** SQL: which rows of it, by the columns in front of the revision in the index. The table is `y`. */
  readonly rows: string;
  readonly revision: string;
  /** Milliseconds since 1970. */
  readonly ms: string;
}

/**
 * SQL: the revision from which on all rows are of this time or later. Found by halving, with some twenty looks into the
 * index: a condition on the time alone reads all that is newer.
 */
function firstRevisionOf(
  { table, rows, revision, ms }: InOrder,
  timeMs: number,
  p: StatementParameters,
): string {
  const time = `${p.$(timeMs)}::bigint`;
  return `(with recursive halves (low, high) as (
      select 0::bigint, coalesce((select max(y.${revision}) + 1 from read.${table} y where ${rows}), 0)
      union all
      select case when probe.ms < ${time} then probe.revision + 1 else low end,
             case when probe.ms < ${time} then high else (low + high) / 2 end
        from halves left join lateral (
             select y.${revision} as revision, y.${ms} as ms from read.${table} y
              where ${rows} and y.${revision} >= (low + high) / 2 order by y.${revision} limit 1) probe on true
       where low < high)
    select low from halves where low >= high)`;
}

/** SQL: conditions on `x`, the rows of a window. */
export function withinInOrder(
  order: InOrder,
  { fromMs, toMs }: CreatedWithin,
  p: StatementParameters,
): readonly string[] {
  const revision = `x.${order.revision}`;
  return [
    ...(fromMs === undefined ? [] : [`${revision} >= ${firstRevisionOf(order, fromMs, p)}`]),
    ...(toMs === undefined ? [] : [`${revision} < ${firstRevisionOf(order, toMs, p)}`]),
  ];
}

/** SQL: a condition on the rows of that time and before. @param as the table's alias in the query */
export function byInOrder(
  order: InOrder,
  as: string,
  asOf: { readonly revision: number } | { readonly time: string },
  p: StatementParameters,
): string {
  if ('revision' in asOf) return `${as}.${order.revision} <= ${p.$(asOf.revision)}`;
  return `${as}.${order.revision} < ${firstRevisionOf(order, Date.parse(asOf.time) + 1, p)}`;
}
