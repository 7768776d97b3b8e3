import type { Database } from '@fintech-ledger/postgres';

const tables = ['streams', 'position', 'events', 'appends'].map((name) => `store.${name}`);

/**
 * Does to the event store's tables what they refuse: edits or deletes what is stored, as somebody would who owns the database. The statement's
 * rows are counted, so that a test knows that it hit something.
 * @param database connected as the owner of the tables or as a superuser
 */
export function tamper(database: Database, sql: string, values: readonly unknown[] = []): Promise<number> {
  return database.transaction(async (session) => {
    // Both are undone at the end: nobody else sees the tables open.
    for (const table of tables) {
      await session.query(`alter table ${table} disable trigger user`);
      await session.query(`grant update, delete, truncate on ${table} to current_user`);
    }
    const { rowCount } = await session.query(sql, values);
    for (const table of tables) {
      await session.query(`revoke update, delete, truncate on ${table} from current_user`);
      await session.query(`alter table ${table} enable trigger user`);
    }
    return rowCount;
  });
}
