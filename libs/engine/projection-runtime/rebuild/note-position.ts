import type { Sql } from '@fintech-ledger/postgres';

/** Somebody has ended the rebuild: nothing more of it is written. */
export class RebuildEnded extends Error {
  override readonly name = 'RebuildEnded';
}

/** Says up to where the side is filled, in the transaction of its rows. @throws RebuildEnded */
export async function notePosition(sql: Sql, id: string, position: string | undefined): Promise<void> {
  const { rowCount } = await sql.query(
    `update read.rebuilds set position = coalesce($2, position), updated_at = now()
      where id = $1 and state = 'filling'`,
    [id, position ?? null],
    'note-rebuild-position',
  );
  if (rowCount === 0) throw new RebuildEnded(`the rebuild ${id} has ended`);
}
