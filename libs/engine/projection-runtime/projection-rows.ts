import { feedToken } from '@fintech-ledger/event-feed';
import type { FeedToken } from '@fintech-ledger/event-feed';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { deleteCheckpointsOf } from './checkpoints';
import type { Projection } from './projection';
import { beginForVersion } from './rebuild/begin';

/** The database was written by a newer version of this projection. */
export class ProjectionIsNewer extends Error {
  override readonly name = 'ProjectionIsNewer';
}

/** Its rows are of an older version, and may not be made again. */
export class ProjectionIsKept extends Error {
  override readonly name = 'ProjectionIsKept';
}

/**
 * Makes sure that a projection's row exists. Rows of an older version stay, and are read, until a rebuild has made those of this one beside them.
 * @returns where to go on
 * @throws ProjectionIsNewer @throws ProjectionIsKept
 */
export async function prepareProjection<E>(
  db: Database,
  projection: Projection<E>,
): Promise<FeedToken | undefined> {
  return db.transaction(async (sql) => {
    await sql.query(
      `insert into read.projections (name, version) values ($1, $2) on conflict (name) do nothing`,
      [projection.name, projection.version],
    );
    const { rows } = await sql.query<{ version: number; feed_token: string | null }>(
      `select version, feed_token from read.projections where name = $1 for update`,
      [projection.name],
    );
    const row = rows[0];
    const stored = row?.version ?? projection.version;
    if (stored > projection.version) {
      throw new ProjectionIsNewer(
        `projection ${projection.name} was built by version ${stored}, this is version ${projection.version}`,
      );
    }
    if (stored < projection.version) {
      if (!projection.mayBeRebuilt) {
        throw new ProjectionIsKept(
          `projection ${projection.name} was built by version ${stored} and may not be rebuilt as version ` +
            `${projection.version}: change its rows by a migration`,
        );
      }
      if (await hasRows(sql, projection)) {
        await beginForVersion(sql, projection, stored);
        return row?.feed_token === null || row === undefined ? undefined : feedToken(row.feed_token);
      }
      await projection.reset(sql);
      await deleteCheckpointsOf(sql, projection.name);
      await sql.query(
        `update read.projections set version = $2, feed_token = null, recorded_ms = null where name = $1`,
        [projection.name, projection.version],
      );
      return undefined;
    }
    return row === undefined || row.feed_token === null ? undefined : feedToken(row.feed_token);
  });
}

/** Whether there is something to keep while its rows are made again beside it. */
async function hasRows<E>(sql: Sql, { name, tables }: Projection<E>): Promise<boolean> {
  if (tables.length === 0) return false;
  const { rows } = await sql.query(
    `select from read.checkpoints where projection in ($1, $1 || ':b') limit 1`,
    [name],
  );
  return rows.length > 0;
}

/** Says in the database how a projection is doing, for every process that asks. */
export async function saveState(
  sql: Sql,
  projections: readonly string[],
  state: 'starting' | 'running' | 'halted',
  lastError: string | null,
): Promise<void> {
  await sql.query(
    `update read.projections set state = $2, last_error = $3, updated_at = now()
      where name = any (string_to_array($1, E'\\n'))`,
    [projections.join('\n'), state, lastError],
  );
}
