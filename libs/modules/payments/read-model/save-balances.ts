import type { Sql } from '@fintech-ledger/postgres';
import type { BalanceRow, BalanceRows, LineRow, SettledRow } from './balance-rows';

/** Lines first: what settles in the same batch is among them. */
export async function saveBalances(sql: Sql, { balances, lines, settled }: BalanceRows): Promise<void> {
  if (balances.length > 0) await saveStates(sql, balances);
  if (lines.length > 0) await saveLines(sql, lines);
  if (settled.length > 0) await settle(sql, settled);
}

const ofState = `jsonb_to_recordset($1::jsonb)
  as r ("ledgerId" text, owner text, bucket text, currency text, revision bigint, "effectiveMs" bigint,
        amount numeric)`;

async function saveStates(sql: Sql, rows: readonly BalanceRow[]): Promise<void> {
  const values = [JSON.stringify(rows)];
  await sql.query(
    `insert into read.balance_states (ledger_id, owner, bucket, currency, revision, effective_ms, amount)
     select "ledgerId", owner, bucket, currency, revision, "effectiveMs", amount from ${ofState}`,
    values,
  );
  await sql.query(
    `insert into read.balances (ledger_id, owner, bucket, currency, amount)
     select distinct on ("ledgerId", owner, bucket, currency) "ledgerId", owner, bucket, currency, amount
       from ${ofState} order by "ledgerId", owner, bucket, currency, revision desc
     on conflict (ledger_id, owner, bucket, currency) do update set amount = excluded.amount`,
    values,
  );
}

async function saveLines(sql: Sql, rows: readonly LineRow[]): Promise<void> {
  await sql.query(
    `insert into read.balance_transactions
            (ledger_id, id, owner, revision, number, effective_ms, type, amount, application_fee, fee, moved, currency,
             livemode, source, settlement, available_ms)
     select "ledgerId", id, owner, revision, number, "effectiveMs", type, amount, "applicationFee", fee, moved,
            currency, livemode, source, settlement, "availableMs"
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, owner text, revision bigint, number integer, "effectiveMs" bigint, type text,
               amount numeric, "applicationFee" numeric, fee numeric, moved numeric, currency text, livemode boolean,
               source text, settlement text, "availableMs" bigint)`,
    [JSON.stringify(rows)],
  );
}

/** What comes to a settlement after it is over is available at once, and has none. */
async function settle(sql: Sql, rows: readonly SettledRow[]): Promise<void> {
  await sql.query(
    `update read.balance_transactions t set settled_revision = r.revision, settled_ms = r."effectiveMs"
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, settlement text, revision bigint, "effectiveMs" bigint)
      where t.ledger_id = r."ledgerId" and t.settlement = r.settlement and t.settled_revision is null`,
    [JSON.stringify(rows)],
  );
}
