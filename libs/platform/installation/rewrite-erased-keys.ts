import type { Logger } from '@fintech-ledger/logging';
import { DatabaseError } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';

/** Of an advisory lock: processes that start at once do this once. */
const lock = 4021196508134;
const lockWaitMs = 2_000;

/**
 * Writes the tables of personal keys again where keys were erased since that was done last: the rows as they were
 * before stay in their files until then, beside the pepper that opens them. A table that is in use is left for the
 * next start. @param owner connected as who owns the tables
 */
export async function rewriteErasedKeys(owner: Database, log: Logger): Promise<void> {
  const { rows: tables } = await owner.query<{ exists: boolean }>(
    `select to_regclass('privacy.rewritten') is not null as exists`,
  );
  if (tables[0]?.exists !== true) return;
  const { rows } = await owner.query<{ erased: string; rewritten: string }>(
    `select (select count(*) from privacy.subject_keys where wrapped is null) as erased,
            (select erased from privacy.rewritten) as rewritten`,
  );
  const [{ erased, rewritten } = { erased: '0', rewritten: '0' }] = rows;
  if (erased === rewritten) return;
  try {
    await owner.transaction(async (sql) => {
      await sql.query(`set local lock_timeout = ${lockWaitMs}`);
      await sql.query('select pg_advisory_xact_lock($1)', [lock]);
      // As VACUUM FULL does, which can't be in one transaction with the note of it.
      await sql.query('cluster privacy.subject_keys using subject_keys_pkey');
      await sql.query('cluster privacy.lookups using lookups_pkey');
      await sql.query(
        'update privacy.rewritten set erased = (select count(*) from privacy.subject_keys where wrapped is null)',
      );
    });
    log.info({ erased }, 'the tables of personal keys are written again, without those that were erased');
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    log.warn({ err: error }, 'erased keys stay in the files of their table until the next start');
  }
}
