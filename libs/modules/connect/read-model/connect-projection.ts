import { journalPrefix } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { defineProjection, deleteOfLedger, saveObjectStates } from '@fintech-ledger/projection-runtime';
import { projectConnect } from './project';
import type { ConnectRows } from './project';

export const connectProjectionName = 'connected_accounts';
const tables = ['connected_account_states', 'connected_accounts'] as const;

/** Connected accounts, as they are and as they were. */
export const connectProjection = defineProjection({
  name: connectProjectionName,
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectConnect,
  async save(sql, { states, accounts }: ConnectRows) {
    await saveObjectStates(sql, 'connected_account_states', states);
    if (accounts.length > 0) await saveAccounts(sql, accounts);
  },
  tables,
  resetStream: (sql, stream) => deleteOfLedger(sql, tables, stream),
});

async function saveAccounts(sql: Sql, rows: ConnectRows['accounts']): Promise<void> {
  await sql.query(
    `insert into read.connected_accounts
            (ledger_id, id, created_revision, created_ms, revision, type, status, metadata, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'type', facts->>'status', facts->'metadata',
            facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, status = excluded.status, metadata = excluded.metadata,
           facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}
