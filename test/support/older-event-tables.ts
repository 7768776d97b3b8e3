import type { Database } from '@fintech-ledger/postgres';
import { tamper } from '@fintech-ledger/testing';

const tables = ['streams', 'position', 'events', 'appends'];

/** Copies the event tables, as a dump of them. @param database connected as a superuser */
export async function dumpEventTables(database: Database): Promise<void> {
  await database.query('create schema dumped');
  for (const table of tables)
    await database.query(`create table dumped.${table} as select * from store.${table}`);
}

/** Puts the event tables, and nothing else of the database, back to what `dumpEventTables` copied. */
export async function restoreEventTables(database: Database): Promise<void> {
  const copies = tables.map(
    (table) => `insert into store.${table} overriding system value select * from dumped.${table};`,
  );
  await tamper(
    database,
    `do $$ begin
       truncate ${tables.map((table) => `store.${table}`).join(', ')};
       ${copies.join('\n')}
       perform setval(pg_get_serial_sequence('store.streams', 'id'), (select max(id) from store.streams));
     end $$`,
  );
}
