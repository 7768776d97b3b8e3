import type { Logger } from '@fintech-ledger/logging';
import { DatabaseError } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';

/** Of an advisory lock: processes that start at once do this once. */
const lock = 4021196508134;
const lockWaitMs = 2_000;
const tables = ['subject_keys', 'lookups'] as const;
const untilNextStart = 'erased keys stay in the files of their table until the next start';

/**
 * Writes the tables of personal keys again where keys were erased since that was done last: the rows as they were
 * before stay in their files until then, beside the pepper that opens them. A table that is in use is left for the
 * next start, and so is one of which a transaction still sees the rows as they were: they would be written with it.
 * @param owner connected as who owns the tables
 */
export async function rewriteErasedKeys(owner: Database, log: Logger): Promise<void> {
  const { rows: found } = await owner.query<{ exists: boolean }>(
    `select to_regclass('privacy.rewritten') is not null as exists`,
  );
  if (found[0]?.exists !== true) return;
  const { rows } = await owner.query<{ erased: string; rewritten: string }>(
    `select (select count(*) from privacy.subject_keys where wrapped is null) as erased,
            (select erased from privacy.rewritten) as rewritten`,
  );
  const [{ erased, rewritten } = { erased: '0', rewritten: '0' }] = rows;
  if (erased === rewritten) return;
  try {
    if (await isSeenAsBefore(owner)) return log.warn(`${untilNextStart}: a transaction still sees them`);
    await owner.transaction(async (sql) => {
      await sql.query(`set local lock_timeout = ${lockWaitMs}`);
      await sql.query('select pg_advisory_xact_lock($1)', [lock]);
      // As VACUUM FULL does, which can't be in one transaction with the note of it.
      for (const table of tables) await sql.query(`cluster privacy.${table} using ${table}_pkey`);
      // Not as many as there are now: what was erased meanwhile may still be seen.
      await sql.query('update privacy.rewritten set erased = $1', [erased]);
    });
    log.info({ erased }, 'the tables of personal keys are written again, without those that were erased');
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    log.warn({ err: error }, untilNextStart);
  }
}

/**
 * Whether a transaction began before rows were changed, so that CLUSTER would keep them as they were. A vacuum counts
 * such rows; who only reads the views of what is under way may not see the transactions of other roles.
 */
async function isSeenAsBefore(owner: Database): Promise<boolean> {
  const session = await owner.session();
  try {
    await session.query(`set lock_timeout = ${lockWaitMs}`);
    for (const table of tables) await session.query(`vacuum privacy.${table}`);
    const { rows } = await session.query<{ dead: string }>(
      `select coalesce(sum(n_dead_tup), 0) as dead from pg_stat_all_tables
        where relid in (${tables.map((table) => `'privacy.${table}'::regclass`).join(', ')})`,
    );
    return rows[0]?.dead !== '0';
  } finally {
    await session.release();
  }
}
