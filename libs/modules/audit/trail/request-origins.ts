import { column } from '@fintech-ledger/projection-runtime';
import type { Sql } from '@fintech-ledger/postgres';
import type { Origin } from './known-origins';
import { originsSearched, originsSweptAtOnce } from './limits';

/** Where requests came from, as long as it is kept. All throw DatabaseUnavailable when Postgres is unavailable. */
export interface RequestOrigins {
  /** By origin; what is not kept any more is not in it. */
  find(organizationId: string, origins: readonly string[]): Promise<ReadonlyMap<string, FoundOrigin>>;
  /** The origins with this address, some at a time, the latest first. */
  ofAddress(organizationId: string, ip: string): AsyncIterable<readonly string[]>;
}

export interface FoundOrigin {
  readonly ip: string;
  readonly userAgent: string | null;
}

export function postgresRequestOrigins(sql: Sql): RequestOrigins {
  return {
    async find(organizationId, origins) {
      if (origins.length === 0) return new Map();
      const { rows } = await sql.query<{ origin: string; ip: string; user_agent: string | null }>(
        `select origin, ip, user_agent from audit.request_origins
          where organization_id = $1 and origin = any (string_to_array($2, E'\\n'))`,
        [organizationId, origins.join('\n')],
        'find-request-origins',
      );
      return new Map(rows.map(({ origin, ip, user_agent }) => [origin, { ip, userAgent: user_agent }]));
    },
    ofAddress: (organizationId, ip) => originsOfAddress(sql, organizationId, ip),
  };
}

async function* originsOfAddress(
  sql: Sql,
  organizationId: string,
  ip: string,
): AsyncGenerator<readonly string[]> {
  // As text: Postgres has microseconds.
  let last = { seen: 'infinity', origin: '' };
  for (;;) {
    const { rows } = await sql.query<{ origin: string; seen: string }>(
      `select origin, seen_at::text as seen from audit.request_origins
        where organization_id = $1 and ip = $2 and seen_at <= $3::timestamptz
          and (seen_at, origin) < ($3::timestamptz, $4)
        order by seen_at desc, origin desc limit ${originsSearched}`,
      [organizationId, ip, last.seen, last.origin],
      'request-origins-of-address',
    );
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows.map(({ origin }) => origin);
    if (rows.length < originsSearched) return;
    last = end;
  }
}

/** Keeps origins; one that is there already stays as it is. */
export async function insertOrigins(sql: Sql, origins: readonly Origin[]): Promise<void> {
  const agents = JSON.stringify(origins.map(({ userAgent }) => userAgent));
  await sql.query(
    `insert into audit.request_origins (origin, organization_id, ip, user_agent, seen_at)
     select r.o, r.org, r.ip, $4::jsonb ->> (r.n - 1)::int, to_timestamp(r.ms / 1000.0)
       from unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n'), string_to_array($3, E'\\n'),
                   string_to_array($5, E'\\n')::bigint[]) with ordinality as r (o, org, ip, ms, n)
     on conflict do nothing`,
    [
      column(origins, ({ origin }) => origin),
      column(origins, ({ organizationId }) => organizationId),
      column(origins, ({ ip }) => ip),
      agents,
      column(origins, ({ seenMs }) => seenMs),
    ],
    'insert-request-origins',
  );
}

/** Deletes origins that are older than they are to be kept. @returns whether there may be more */
export async function deleteOldOrigins(sql: Sql, beforeMs: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `delete from audit.request_origins
      where origin in (select origin from audit.request_origins where seen_at < to_timestamp($1::bigint / 1000.0)
                        order by seen_at limit ${originsSweptAtOnce})`,
    [beforeMs],
  );
  return rowCount === originsSweptAtOnce;
}
