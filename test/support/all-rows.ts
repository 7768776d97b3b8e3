import type { Sql } from '@fintech-ledger/postgres';

/** The text of every row of every table of the product, as a dump of the database would have it. */
export async function allRows(sql: Sql): Promise<string> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql.query<{ row: string }>(`select t::text as row from ${name} t`);
    for (const { row } of rows) texts.push(`${name} ${row}`);
  }
  return texts.join('\n');
}

/** The lines that have a text in them, as it is or as bytes are written. */
export function linesWith(dump: string, text: string): readonly string[] {
  const hex = Buffer.from(text, 'utf8').toString('hex');
  const base64 = Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '').slice(0, -1);
  const has = (line: string): boolean => [text, hex, base64].some((form) => line.includes(form));
  return dump.split('\n').filter(has);
}
