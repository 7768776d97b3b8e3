import { streamOwner } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';

/** An object as an event left it: what `journalObjects` reads. */
export interface ObjectState {
  readonly ledgerId: string;
  readonly id: string;
  readonly revision: number;
  /** By the clock of the environment, milliseconds. */
  readonly effectiveMs: number;
  readonly type: string;
  readonly facts: object;
}

/** @param table of the schema `read` */
export async function saveObjectStates(sql: Sql, table: string, rows: readonly ObjectState[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `insert into read.${table} (ledger_id, id, revision, effective_ms, type, facts)
     select "ledgerId", id, revision, "effectiveMs", type, facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, revision bigint, "effectiveMs" bigint, type text, facts jsonb)`,
    [JSON.stringify(rows)],
  );
}

/** Empties tables whose rows name their ledger, of one of them. @param tables of the schema `read` */
export async function deleteOfLedger(sql: Sql, tables: readonly string[], stream: string): Promise<void> {
  for (const table of tables)
    await sql.query(`delete from read.${table} where ledger_id = $1`, [streamOwner(stream)]);
}
