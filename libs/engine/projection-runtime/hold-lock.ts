import type { Database, SqlSession } from '@fintech-ledger/postgres';
import { standbyPollMs } from './limits';
import type { Pause } from './pause';

/** Any number that only this uses: its advisory lock says which process projects. */
export const projectorLock = '4021196508141';

export interface LockOptions {
  readonly db: Pick<Database, 'session'>;
  /** Several may hold it at once. */
  readonly isShared: boolean;
  /** Ends the waiting. */
  readonly pause: Pause;
  /** Another one has it. */
  readonly standby: () => void;
}

/** Waits for the lock and works while it is held. */
export async function holdLock(
  { db, isShared, pause, standby }: LockOptions,
  work: (session: SqlSession) => Promise<void>,
): Promise<void> {
  const session = await db.session();
  try {
    while (!pause.isEnded) {
      const lock = isShared ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
      const { rows } = await session.query<{ held: boolean }>(`select ${lock}($1) as held`, [projectorLock]);
      if (rows[0]?.held === true) {
        await work(session);
        return;
      }
      standby();
      await pause.forMs(standbyPollMs);
    }
  } finally {
    await session.release();
  }
}
