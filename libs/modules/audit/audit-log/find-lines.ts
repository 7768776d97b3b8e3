import { birthOf, organizationStream } from '@fintech-ledger/envelope';
import { streamKeysOf } from '@fintech-ledger/events';
import type { Sql } from '@fintech-ledger/postgres';
import {
  newestOfRuns,
  readAt,
  reachedRevision,
  StatementParameters,
} from '@fintech-ledger/projection-runtime';
import type { At, RunPlaces, RunRow } from '@fintech-ledger/projection-runtime';
import { auditLogName } from './audit-log-projection';
import { keyOf } from './keys';

/** Where a line is said; the newest has the greatest of these, in this order. */
export interface LinePlace {
  readonly recordedMs: number;
  readonly streamKey: number;
  readonly revision: number;
  readonly item: number;
}

export interface FoundLine extends LinePlace {
  readonly stream: string;
}

export interface LineFilter {
  /** The id of an API key, or the name of the installation itself. */
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  /** Only what came from one of these. */
  readonly origins?: readonly string[];
  /** When it was recorded; inclusive. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
  /** Exclusive: only lines that come after it, newest first. */
  readonly after?: LinePlace;
}

interface Run extends RunRow {
  readonly item: number;
  readonly stream: string;
}

/** Newest first; `count` of them, where there are so many. Others may be among them: keys stand for what is meant. */
export async function findLines(
  sql: Sql,
  organizationId: string,
  filter: LineFilter,
  count: number,
): Promise<At<readonly FoundLine[]>> {
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(organizationStream(organizationId)), auditLogName);
  const text = statement(p, organizationId, filter, count);
  const { rows, revision } = await readAt<Run>(sql, reached, text, undefined, p);
  return { result: newestOfRuns(rows, count, lines, filter.after), revision };
}

const lines: RunPlaces<Run, FoundLine, LinePlace> = {
  placeOf: ({ item, stream }, at) => ({ ...at, item, stream }),
  compare,
};

const columns = 'a.recorded_ms, a.stream_key, a.first, a.last, a.item';
const newestFirst = 'order by a.recorded_ms desc, a.stream_key desc, a.first desc, a.item desc';

/** The statement; it is exported for its plan. */
export function statement(
  p: StatementParameters,
  organizationId: string,
  filter: LineFilter,
  count: number,
): string {
  const { target } = filter;
  const organization = `${p.$(keyOf(organizationId))}::bigint`;
  // A run may have nothing but what is at the place after which it is to go on.
  const limit = `limit ${count + 1}`;
  const runs =
    target === undefined
      ? `select ${columns} from read.audit_log a
          where a.organization = ${organization} ${conditionsOf(p, filter)} ${newestFirst} ${limit}`
      : named(p, organization, target, filter, limit);
  return `select true as row_exists, r.*, s.stream
            from (${runs}) r join read.audit_log_streams s on s.stream_key = r.stream_key`;
}

/** The lines under a name, and the one that made it where it says when and where that was. */
function named(
  p: StatementParameters,
  organization: string,
  target: string,
  filter: LineFilter,
  limit: string,
): string {
  const others = `select n.recorded_ms, n.stream_key, n.revision as first, n.revision as last, n.item
                    from read.audit_log_names n
                    cross join lateral (
                      select a.* from read.audit_log a
                       where a.organization = n.organization and a.recorded_ms = n.recorded_ms
                         and a.stream_key = n.stream_key and a.item = n.item and a.first <= n.revision
                       order by a.first desc limit 1) a
                   where n.organization = ${organization} and n.name = ${p.$(keyOf(target))}::bigint
                     ${conditionsOf(p, filter, 'n.revision')}
                   order by n.recorded_ms desc, n.stream_key desc, n.revision desc, n.item desc ${limit}`;
  const birth = birthOf(target);
  if (birth === undefined) return others;
  const [first, last] = streamKeysOf(birth.stream);
  const revision = `${p.$(birth.revision)}::bigint`;
  return `(${others}) union all
          (select a.recorded_ms, a.stream_key, ${revision}, ${revision}, a.item from read.audit_log a
            where a.organization = ${organization} and a.recorded_ms = ${p.$(birth.timeMs)}::bigint
              and a.stream_key between ${p.$(first)}::bigint and ${p.$(last)}::bigint
              and a.first <= ${revision} and a.last >= ${revision} and a.item = 0 ${conditionsOf(p, filter)})`;
}

/** @param revision of the row that has the order, so that its index begins at the place */
function conditionsOf(
  p: StatementParameters,
  filter: LineFilter,
  revision: 'a.first' | 'n.revision' = 'a.first',
): string {
  const { actor, action, origins, fromMs, toMs, after } = filter;
  const all: string[] = [];
  const [row] = revision.split('.');
  const number = (value: number): string => `${p.$(value)}::bigint`;
  if (actor !== undefined) all.push(`a.actor = ${number(keyOf(actor))}`);
  if (action !== undefined) all.push(`a.action = ${number(keyOf(action))}`);
  if (origins !== undefined)
    all.push(`a.origin = any (string_to_array(${p.$(origins.map(keyOf).join('\n'))}, E'\\n')::bigint[])`);
  if (fromMs !== undefined) all.push(`${row}.recorded_ms >= ${number(fromMs)}`);
  if (toMs !== undefined) all.push(`${row}.recorded_ms < ${number(toMs)}`);
  // Of runs also those that reach beyond the place.
  if (after !== undefined)
    all.push(
      `(${row}.recorded_ms, ${row}.stream_key, ${revision}, ${row}.item) <= (${number(after.recordedMs)}, ` +
        `${number(after.streamKey)}, ${number(after.revision)}, ${number(after.item)})`,
    );
  return all.map((one) => `and ${one}`).join(' ');
}

/** Below zero: `a` comes first, the oldest. */
export function compare(a: LinePlace, b: LinePlace): number {
  return (
    a.recordedMs - b.recordedMs || a.streamKey - b.streamKey || a.revision - b.revision || a.item - b.item
  );
}
