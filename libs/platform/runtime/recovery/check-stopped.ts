import type { Database, Sql } from '@fintech-ledger/postgres';
import { projectorLock } from '@fintech-ledger/projection-runtime';

/** Processes of the installation run: what they have in memory is of the history that is given up. */
export class StillRunning extends Error {
  override readonly name = 'StillRunning';
}

/** Any number, as long as nothing else takes this lock. */
const recoveryLock = '4021196508142';

/**
 * The database is changed by one recovery at a time, and by no projector meanwhile: one that is started too early waits
 * for its lock. A recovery that was killed lets go on its own.
 * @throws StillRunning
 */
export async function alone<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const session = await db.session();
  try {
    if (!(await isTaken(session, recoveryLock)))
      throw new StillRunning('Another `ledgerctl recover` works on this database: wait until it has ended.');
    await checkStopped(session);
    await isTaken(session, projectorLock);
    return await work();
  } finally {
    await session.release();
  }
}

async function isTaken(session: Sql, lock: string): Promise<boolean> {
  const { rows } = await session.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
    lock,
  ]);
  return rows[0]?.taken === true;
}

/** @throws StillRunning */
async function checkStopped(db: Sql): Promise<void> {
  const { rows } = await db.query<{ writers: string; projectors: string }>(
    `select (select count(*) from writer.living_owners) as writers,
            (select count(*) from pg_locks l join pg_database d on d.oid = l.database
              where l.locktype = 'advisory' and l.granted and d.datname = current_database()
                and (l.classid::bigint << 32) + l.objid::bigint = $1::bigint) as projectors`,
    [projectorLock],
  );
  const { writers = '0', projectors = '0' } = rows[0] ?? {};
  if (writers === '0' && projectors === '0') return;
  throw new StillRunning(
    `Stop every process of the ledger first: ${writers} write and ${projectors} project.`,
  );
}
