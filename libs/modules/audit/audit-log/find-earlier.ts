import { revisionInId } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { column } from '@fintech-ledger/projection-runtime';
import type { FoundLine } from './find-lines';
import { keyOf } from './keys';

/** A line, and what it is about. */
export interface Earlier extends FoundLine {
  readonly target: string;
}

/** For each line, the revision of the event before it in its stream that says what became of the same; -1: none. */
export async function findEarlier(
  sql: Sql,
  organizationId: string,
  lines: readonly Earlier[],
): Promise<readonly number[]> {
  if (lines.length === 0) return [];
  const { rows } = await sql.query<{ n: string; revision: string }>(
    `select l.n, e.revision
       from unnest(string_to_array($2, E'\\n')::bigint[], string_to_array($3, E'\\n')::bigint[],
                   string_to_array($4, E'\\n')::bigint[], string_to_array($5, E'\\n')::bigint[])
            with ordinality as l (name, recorded_ms, stream_key, revision, n)
      cross join lateral (
        select e.revision from read.audit_log_names e
         where e.organization = $1::bigint and e.name = l.name and e.stream_key = l.stream_key and e.is_target
           and (e.recorded_ms, e.stream_key, e.revision) < (l.recorded_ms, l.stream_key, l.revision)
         order by e.recorded_ms desc, e.stream_key desc, e.revision desc limit 1) e`,
    [
      keyOf(organizationId),
      column(lines, ({ target }) => keyOf(target)),
      column(lines, ({ recordedMs }) => recordedMs),
      column(lines, ({ streamKey }) => streamKey),
      column(lines, ({ revision }) => revision),
    ],
    'earlier-lines-of-audit-log',
  );
  const found = new Map(rows.map(({ n, revision }) => [Number(n) - 1, Number(revision)]));
  return lines.map((line, at) => found.get(at) ?? born(line));
}

/** The event that made what has an id of its own. */
function born({ target, stream, revision }: Earlier): number {
  const first = revisionInId(target, stream) ?? -1;
  return first < revision ? first : -1;
}
