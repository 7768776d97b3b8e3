import { copyText } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { column, copyRows } from '@fintech-ledger/projection-runtime';
import { effectLetters } from './effect-letters';
import type { DatedDay, EntryChanges, Moment } from './project';

/** Appends the lines, adds to the sums of days, and notes the moments. */
export async function saveEntries(sql: Sql, { entries, datedDays, moments }: EntryChanges): Promise<void> {
  const columns =
    'account_key, event_id, sequence, recorded_ms, effective_ms, effect, direction, is_first, is_dated, event_type, transaction_id, ' +
    'amount, posted_debits, posted_credits, pending_debits, pending_credits';
  await copyRows(
    sql,
    `read.entries (${columns})`,
    entries,
    ({ accountKey, sequence, recorded, entry, transactionId, isFirst, isDated }) =>
      `${accountKey}\t${recorded.id}\t${sequence}\t${recorded.recordedMs}\t${recorded.effectiveMs}\t${effectLetters[entry.effect]}\t` +
      `${entry.direction === 'debit' ? 'D' : 'C'}\t${isFirst ? 't' : 'f'}\t${isDated ? 't' : 'f'}\t${recorded.event.type}\t` +
      `${copyText(transactionId)}\t${entry.amount}\t${entry.after.postedDebits}\t${entry.after.postedCredits}\t` +
      `${entry.after.pendingDebits}\t${entry.after.pendingCredits}`,
  );
  await addToDays(sql, datedDays);
  await upsertMoments(sql, moments);
}

async function addToDays(sql: Sql, rows: readonly DatedDay[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `insert into read.dated_days as d
       (account_key, axis, day, posted_debits, posted_credits, pending_debits, pending_credits)
     select * from unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n')::"char"[], string_to_array($3, E'\\n')::int[],
                          string_to_array($4, E'\\n')::numeric[], string_to_array($5, E'\\n')::numeric[],
                          string_to_array($6, E'\\n')::numeric[], string_to_array($7, E'\\n')::numeric[])
     on conflict (account_key, axis, day) do update
       set posted_debits = d.posted_debits + excluded.posted_debits, posted_credits = d.posted_credits + excluded.posted_credits,
           pending_debits = d.pending_debits + excluded.pending_debits, pending_credits = d.pending_credits + excluded.pending_credits`,
    [
      column(rows, ({ accountKey }) => accountKey),
      column(rows, ({ axis }) => axis),
      column(rows, ({ day }) => day),
      column(rows, ({ change }) => String(change.postedDebits)),
      column(rows, ({ change }) => String(change.postedCredits)),
      column(rows, ({ change }) => String(change.pendingDebits)),
      column(rows, ({ change }) => String(change.pendingCredits)),
    ],
    'add-to-dated-days',
  );
}

/** A millisecond may go on in the next batch: its last revision wins. */
async function upsertMoments(sql: Sql, rows: readonly Moment[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `insert into read.moments (ledger_key, recorded_ms, revision)
     select * from unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n')::bigint[], string_to_array($3, E'\\n')::bigint[])
     on conflict (ledger_key, recorded_ms) do update set revision = excluded.revision`,
    [
      column(rows, ({ ledgerKey }) => ledgerKey),
      column(rows, ({ recordedMs }) => recordedMs),
      column(rows, ({ revision }) => revision),
    ],
    'upsert-moments',
  );
}
