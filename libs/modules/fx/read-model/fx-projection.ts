import { journalPrefix } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { defineProjection, deleteOfLedger, saveObjectStates } from '@fintech-ledger/projection-runtime';
import { projectFx } from './project';
import type { FxRows } from './project';

export const fxProjectionName = 'fx';
const tables = ['fx_states', 'fx_rates', 'fx_quotes', 'fx_conversions', 'fx_positions'] as const;

/** Rates, quotes, conversions and positions, as they are and as they were. */
export const fxProjection = defineProjection({
  name: fxProjectionName,
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectFx,
  async save(sql, { states, rates, quotes, conversions, positions }: FxRows) {
    await saveObjectStates(sql, 'fx_states', states);
    if (rates.length > 0) await saveRates(sql, rates);
    if (quotes.length > 0) await saveQuotes(sql, quotes);
    if (conversions.length > 0) await saveConversions(sql, conversions);
    if (positions.length > 0) await savePositions(sql, positions);
  },
  tables,
  resetStream: (sql, stream) => deleteOfLedger(sql, tables, stream),
});

async function saveRates(sql: Sql, rows: FxRows['rates']): Promise<void> {
  await sql.query(
    `insert into read.fx_rates
            (ledger_id, id, created_revision, created_ms, revision, base, quote, valid_from_ms, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'base', facts->>'quote', "validFromMs",
            facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint,
               "validFromMs" bigint, facts jsonb)`,
    [JSON.stringify(rows)],
  );
}

async function saveQuotes(sql: Sql, rows: FxRows['quotes']): Promise<void> {
  await sql.query(
    `insert into read.fx_quotes
            (ledger_id, id, created_revision, created_ms, revision, from_currency, to_currency, is_used, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->'from'->>'currency',
            facts->'to'->>'currency', facts->>'conversion' is not null, facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, is_used = excluded.is_used, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}

async function saveConversions(sql: Sql, rows: FxRows['conversions']): Promise<void> {
  await sql.query(
    `insert into read.fx_conversions
            (ledger_id, id, created_revision, created_ms, revision, from_currency, to_currency, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts->'from'->>'currency',
            facts->'to'->>'currency', facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, facts jsonb)`,
    [JSON.stringify(rows)],
  );
}

async function savePositions(sql: Sql, rows: FxRows['positions']): Promise<void> {
  await sql.query(
    `insert into read.fx_positions (ledger_id, base, quote, currency, revision, effective_ms, amount)
     select "ledgerId", base, quote, currency, revision, "effectiveMs", amount
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, base text, quote text, currency text, revision bigint, "effectiveMs" bigint,
               amount numeric)`,
    [JSON.stringify(rows)],
  );
}
