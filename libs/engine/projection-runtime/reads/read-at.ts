import type { Sql } from '@fintech-ledger/postgres';

/** Collects a statement's values; `$` gives back the placeholder of each. */
export class StatementParameters {
  readonly values: (string | number | boolean | null)[] = [];

  $(value: string | number | boolean | null): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** SQL: the revision that all of these projections have reached in a stream, -1 when one has not begun. */
export function reachedRevision(stream: string, ...projections: readonly string[]): string {
  const names = projections.map((name) => `'${name}'`).join(', ');
  return `(select case when count(*) = ${projections.length} then min(k.revision) else -1 end
             from read.checkpoints k where k.stream = ${stream} and k.projection in (${names}))`;
}

/**
 * Runs a query together with the revision it was read at, in one statement and so in one snapshot.
 * @param rows a SELECT; may refer to `position.at`; its rows have no column `at` and a column `row_exists` that is true
 * @param order of the rows, by their columns
 */
export async function readAt<R extends object>(
  sql: Sql,
  reached: string,
  rows: string,
  order: string | undefined,
  parameters: StatementParameters,
  name?: string,
): Promise<{ readonly revision: number; readonly rows: readonly R[] }> {
  const result = await sql.query<R & { at: string; row_exists: boolean | null }>(
    `select position.at, r.* from (select ${reached} as at) position left join lateral (${rows}) r on true
      ${order === undefined ? '' : `order by ${order}`}`,
    parameters.values,
    name,
  );
  return {
    revision: Number(result.rows[0]?.at ?? -1),
    rows: result.rows.filter(({ row_exists }) => row_exists === true),
  };
}
