import { randomUUID } from 'node:crypto';
import type { Sql } from '@fintech-ledger/postgres';
import type { Demands, ShareExchange } from './shares';

/** What was told longer ago is of a process that has ended, or hears nothing. */
const freshSeconds = 3;

/**
 * One statement: a process leaves what it was asked for, and gets what the others left within the last seconds. The
 * table is not logged: it is worth nothing after a crash, and costs no commit.
 */
const exchange = `
with left_here as (
  insert into meta.request_demands (process, demands) values ($1, $2)
  on conflict (process) do update set demands = excluded.demands, told_at = clock_timestamp()
),
gone as (
  delete from meta.request_demands where told_at < clock_timestamp() - interval '1 minute' and process <> $1
)
select demands from meta.request_demands
 where process <> $1 and told_at > clock_timestamp() - $3 * interval '1 second'`;

export function postgresShares(sql: Sql): ShareExchange {
  const process = randomUUID();
  return {
    async exchange(demands) {
      const { rows } = await sql.query<{ demands: Demands }>(
        exchange,
        [process, JSON.stringify(demands), freshSeconds],
        'exchange-request-demands',
      );
      return rows.map((row) => row.demands);
    },
  };
}
