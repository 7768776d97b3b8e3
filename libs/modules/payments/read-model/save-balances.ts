import { copyText } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { column, copyRows } from '@fintech-ledger/projection-runtime';
import type { BalanceRow, BalanceRows, LineRow, SettledRow } from './balance-rows';

/** What settles in the same batch is among its lines, which are first. */
export async function saveBalances(sql: Sql, { balances, lines, settled }: BalanceRows): Promise<void> {
  const booked = async (): Promise<void> => {
    await saveLines(sql, lines);
    if (settled.length > 0) await settle(sql, settled);
  };
  await Promise.all([saveStates(sql, balances), booked()]);
}

async function saveStates(sql: Sql, rows: readonly BalanceRow[]): Promise<void> {
  if (rows.length === 0) return;
  await copyRows(
    sql,
    'read.balance_states (ledger_id, owner, bucket, currency, revision, effective_ms, amount)',
    rows,
    (row) => `${copyText(row.ledgerId)}\t${keyOf(row)}\t${row.revision}\t${row.effectiveMs}\t${row.amount}`,
  );
  // The last one of each in the batch.
  const latest = [...new Map(rows.map((row) => [`${row.ledgerId} ${keyOf(row)}`, row])).values()];
  await sql.query(
    `insert into read.balances (ledger_id, owner, bucket, currency, amount)
     select * from unnest(string_to_array($1, E'\n'), string_to_array($2, E'\n'), string_to_array($3, E'\n'),
                          string_to_array($4, E'\n'), string_to_array($5, E'\n')::numeric[])
     on conflict (ledger_id, owner, bucket, currency) do update set amount = excluded.amount`,
    [
      column(latest, ({ ledgerId }) => ledgerId),
      column(latest, ({ owner }) => owner),
      column(latest, ({ bucket }) => bucket),
      column(latest, ({ currency }) => currency),
      column(latest, ({ amount }) => amount),
    ],
    'save-balances',
  );
}

const keyOf = ({ owner, bucket, currency }: BalanceRow): string =>
  `${copyText(owner)}\t${bucket}\t${currency}`;

async function saveLines(sql: Sql, rows: readonly LineRow[]): Promise<void> {
  const columns =
    'ledger_id, id, owner, revision, number, effective_ms, type, amount, application_fee, fee, moved, currency, ' +
    'livemode, source, settlement, available_ms';
  await copyRows(
    sql,
    `read.balance_transactions (${columns})`,
    rows,
    (row) =>
      `${copyText(row.ledgerId)}\t${copyText(row.id)}\t${copyText(row.owner)}\t${row.revision}\t${row.number}\t` +
      `${row.effectiveMs}\t${row.type}\t${row.amount}\t${row.applicationFee}\t${row.fee}\t${copyText(row.moved)}\t` +
      `${row.currency}\t${row.livemode ? 't' : 'f'}\t${copyText(row.source)}\t${copyText(row.settlement)}\t` +
      String(row.availableMs),
  );
}

/**
 * What comes to a settlement after it is over is available at once, and has none; or it opens it again, and waits for
 * its next end. So a line is settled by the first end after it, whichever others are in the batch.
 */
async function settle(sql: Sql, rows: readonly SettledRow[]): Promise<void> {
  await sql.query(
    `update read.balance_transactions t set settled_revision = r.revision, settled_ms = r."effectiveMs"
       from (select *, lag(revision, 1, -1::bigint)
                         over (partition by "ledgerId", settlement order by revision) as before
               from jsonb_to_recordset($1::jsonb)
                 as r ("ledgerId" text, settlement text, revision bigint, "effectiveMs" bigint)) r
      where t.ledger_id = r."ledgerId" and t.settlement = r.settlement and t.settled_revision is null
        and t.revision > r.before and t.revision <= r.revision`,
    [JSON.stringify(rows)],
  );
}
