import { journalPrefix } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { defineProjection, deleteOfLedger, saveObjectStates } from '@fintech-ledger/projection-runtime';
import { projectBank } from './project';
import type { BankRows } from './project';

export const bankProjectionName = 'bank';
const tables = ['bank_states', 'bank_statement_lines', 'bank_statements'] as const;

/** Bank accounts, statements and their lines, as they are and as they were. */
export const bankProjection = defineProjection({
  name: bankProjectionName,
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectBank,
  async save(sql, { states, lines, statements }: BankRows) {
    await saveObjectStates(sql, 'bank_states', states);
    if (lines.length > 0) await saveLines(sql, lines);
    if (statements.length > 0) await saveStatements(sql, statements);
  },
  tables,
  resetStream: (sql, stream) => deleteOfLedger(sql, tables, stream),
});

const rowsOf = `jsonb_to_recordset($1::jsonb)
  as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, facts jsonb)`;

async function saveLines(sql: Sql, rows: BankRows['lines']): Promise<void> {
  await sql.query(
    `insert into read.bank_statement_lines
            (ledger_id, id, created_revision, created_ms, revision, status, currency, statement, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'status', facts->>'currency',
            facts->>'statement', facts
       from ${rowsOf}
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, status = excluded.status, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}

async function saveStatements(sql: Sql, rows: BankRows['statements']): Promise<void> {
  await sql.query(
    `insert into read.bank_statements
            (ledger_id, id, created_revision, created_ms, revision, bank_account, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'bankAccount', facts
       from ${rowsOf}
     on conflict (ledger_id, id) do update set revision = excluded.revision, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}
