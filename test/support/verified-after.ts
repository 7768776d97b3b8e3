import type { Sql } from '@fintech-ledger/postgres';
import type { LiveDatabase } from '@fintech-ledger/projection-runtime';
import { Failure } from '../../apps/ledgerctl/src/failure';
import { verifyDatabase } from '../../apps/ledgerctl/src/verify-database';
import { openedStore } from './opened-store';
import type { PartsInProcess } from './parts-in-process';

/**
 * What `ledgerctl verify --database` says of a database in whose transaction this is done first, and undone after it.
 * Undefined: all holds.
 */
export async function verifiedAfter(
  parts: PartsInProcess,
  statements: readonly string[] = [],
  after: (sql: Sql) => Promise<void> = () => Promise.resolve(),
): Promise<string | undefined> {
  const live = parts.live as LiveDatabase;
  const rolledBack = new Error('rolled back');
  const database: LiveDatabase = {
    ...live,
    async transaction(work, options) {
      let result: Awaited<ReturnType<typeof work>> | undefined;
      const tampered = live.transaction(async (sql) => {
        for (const statement of statements) expect((await sql.query(statement)).rowCount).toBeGreaterThan(0);
        result = await work(sql);
        await after(sql);
        throw rolledBack;
      }, options);
      await tampered.catch((error: unknown) => {
        if (error !== rolledBack) throw error;
      });
      return result as Awaited<ReturnType<typeof work>>;
    },
  };
  const said = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await verifyDatabase(openedStore(parts, database));
    return undefined;
  } catch (error) {
    if (error instanceof Failure && error.exitCode === 1) return error.message;
    throw error;
  } finally {
    said.mockRestore();
  }
}
