import type { StatementParameters } from '@fintech-ledger/projection-runtime';
import { clockKnownMs } from './limits';

/** When events were created, as they show it: in a sandbox by its clock. */
export interface CreatedWindow {
  /** Inclusive. */
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
}

const rows =
  'read.public_events e where e.organization_key = s.organization_key and e.stream_key = s.stream_key';

/**
 * SQL: between which times what was created in a window was recorded, so that a list reads nothing beside it. Within
 * a stream neither time goes back: the first row from `from` on, and the last one before `to`, say where it lies. Of
 * several streams it is all that any of them has. Without a clock the two times are one, and that was before the clock
 * was first set, or just after, where a process did not know yet.
 * @param stream SQL: the key of the only stream that is asked for
 */
export function clockWindow(
  p: StatementParameters,
  organization: string,
  { fromMs, toMs }: CreatedWindow,
  stream?: string,
): string {
  const [from, to] = [p.$(fromMs ?? null), p.$(toMs ?? null)].map((ms) => `${ms}::bigint`);
  const first = (where: string, order = ''): string =>
    `(select e.recorded_ms as ms from ${rows} and ${where}
       order by e.created_ms ${order}, e.recorded_ms ${order} limit 1)`;
  // Most organizations have no such row, and then no stream is looked at.
  return `with created as materialized (
            select min(clock.ms) + ${clockKnownMs} as clock_ms, min(begins.ms) as first_ms, max(ends.ms) as last_ms
              from read.public_event_streams s
              cross join lateral ${first('e.created_ms is not null')} clock
              left join lateral ${first(`e.created_ms >= ${from}`)} begins on true
              left join lateral ${first(`e.created_ms < ${to}`, 'desc')} ends on true
             where s.organization_key = ${organization} ${stream === undefined ? '' : `and s.stream_key = ${stream}`}
               and (select c.stream_key from read.public_events c
                     where c.organization_key = ${organization} and c.created_ms is not null
                     order by c.stream_key limit 1) is not null),
          recorded as materialized (
            select least(first_ms, case when clock_ms is null or ${from} <= clock_ms then ${from} end) as first_ms,
                   greatest(last_ms, least(${to} - 1, clock_ms)) as last_ms
              from created)`;
}

/** SQL: conditions on a row `e` of the read model, where the statement has `clockWindow`. */
export function isIn({ fromMs, toMs }: CreatedWindow, p: StatementParameters): readonly string[] {
  const created = 'coalesce(e.created_ms, e.recorded_ms)';
  return [
    ...(fromMs === undefined
      ? []
      : ['e.recorded_ms >= (select first_ms from recorded)', `${created} >= ${p.$(fromMs)}::bigint`]),
    ...(toMs === undefined
      ? []
      : ['e.recorded_ms <= (select last_ms from recorded)', `${created} < ${p.$(toMs)}::bigint`]),
  ];
}
