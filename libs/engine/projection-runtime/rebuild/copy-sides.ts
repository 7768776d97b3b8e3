import type { Database, Sql } from '@fintech-ledger/postgres';
import { deleteCheckpointsOf } from '../checkpoints';
import type { Projection } from '../projection';
import { copied } from './fill';
import { RebuildEnded } from './note-position';
import type { Rebuild } from './rebuild-rows';
import { otherSide, sidedName } from './sides';

const schemaOf = (side: 'a' | 'b'): string => (side === 'a' ? 'read' : 'read_b');

/**
 * For a rebuild of one ledger: copies the rows of all streams, with their checkpoints, and takes those of the ledger's
 * stream out. One transaction and one snapshot: a killed one left nothing.
 * @param projection on the side that is filled
 * @throws RebuildEnded
 */
export async function copySide<E>(
  db: Database,
  rebuild: Rebuild,
  projection: Projection<E>,
  stream: string,
): Promise<void> {
  const from = otherSide(rebuild.side);
  await db.transaction(
    async (sql) => {
      for (const table of projection.tables)
        await sql.query(
          `insert into ${schemaOf(rebuild.side)}.${table} select * from ${schemaOf(from)}.${table}`,
        );
      await sql.query(
        `insert into read.checkpoint_rows (projection, stream, revision, previous, hash)
         select $2, stream, revision, previous, hash from read.checkpoints where projection = $1 and stream <> $3`,
        [sidedName(rebuild.projection, from), projection.name, stream],
      );
      await projection.resetStream(sql, stream);
      const { rowCount } = await sql.query(
        `update read.rebuilds set position = $2, updated_at = now() where id = $1 and state = 'filling'`,
        [rebuild.id, copied],
      );
      if (rowCount === 0) throw new RebuildEnded(`the rebuild ${rebuild.id} has ended`);
    },
    { isolation: 'repeatable read' },
  );
}

/**
 * Empties a side that nobody needs, unless it is live.
 * @param projection on that side
 */
export async function emptySide<E>(
  sql: Sql,
  logical: string,
  side: 'a' | 'b',
  projection: Projection<E>,
): Promise<boolean> {
  const { rows } = await sql.query<{ side: string }>(
    `select side from read.projections where name = $1 for update`,
    [logical],
  );
  if (rows[0]?.side === side) return false;
  await projection.reset(sql);
  await deleteCheckpointsOf(sql, projection.name);
  await sql.query(`delete from read.halted_streams where projection = $1`, [projection.name]);
  return true;
}
