import type { Sql } from '@fintech-ledger/postgres';
import { projectorLock } from '@fintech-ledger/projection-runtime';

/** Processes of the installation run: what they have in memory is of the history that is given up. */
export class StillRunning extends Error {
  override readonly name = 'StillRunning';
}

/** @throws StillRunning */
export async function checkStopped(db: Sql): Promise<void> {
  const { rows } = await db.query<{ writers: string; projectors: string }>(
    `select (select count(*) from writer.lease_owners where expires_at > now()) as writers,
            (select count(*) from pg_locks l join pg_database d on d.oid = l.database
              where l.locktype = 'advisory' and l.granted and d.datname = current_database()
                and (l.classid::bigint << 32) + l.objid::bigint = $1::bigint) as projectors`,
    [projectorLock],
  );
  const { writers = '0', projectors = '0' } = rows[0] ?? {};
  if (writers === '0' && projectors === '0') return;
  throw new StillRunning(
    `Stop every process of the ledger first: ${writers} write and ${projectors} project. A process that was killed counts until its lease has expired (LEASE_TTL_MS).`,
  );
}
