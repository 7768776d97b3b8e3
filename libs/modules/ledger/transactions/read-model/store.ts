import { copyText } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { assertRows, column, copyRows } from '@fintech-ledger/projection-runtime';
import { detailFields, reversalsNamedMax, withLines, withoutPlace } from '@fintech-ledger/ledger/domain';
import { packLines, statusLetters, unpackLines } from './transaction-rows';
import type { ChangedTransaction, NewTransaction, TransactionChanges } from './project';

/** Loads the new transactions; updates what can change of the others: status, lines, the first that reversed them. */
export async function saveTransactions(sql: Sql, { added, changed }: TransactionChanges): Promise<void> {
  await insertNew(sql, added);
  await update(sql, changed);
}

async function insertNew(sql: Sql, rows: readonly NewTransaction[]): Promise<void> {
  const columns =
    'ledger_key, revision, effective_ms, recorded_ms, expires_ms, status, is_hold, id, reverses, reversed_by, lines, metadata, ' +
    detailFields.map(({ field }) => field).join(', ');
  await copyRows(sql, `read.transactions (${columns})`, rows, ({ ledgerKey, revision, snapshot }) =>
    [
      ledgerKey,
      revision,
      Date.parse(snapshot.effectiveAt),
      Date.parse(snapshot.recordedAt),
      snapshot.expiresAt === null ? '\\N' : Date.parse(snapshot.expiresAt),
      statusLetters[snapshot.status],
      snapshot.isHold ? 't' : 'f',
      copyText(snapshot.id),
      copyText(snapshot.reverses),
      copyText(JSON.stringify(snapshot.reversedBy)),
      copyText(packLines(snapshot.lines)),
      copyText(JSON.stringify(snapshot.metadata)),
      ...detailFields.map(({ name }) => copyText(snapshot[name] ?? null)),
    ].join('\t'),
  );
}

async function update(sql: Sql, rows: readonly ChangedTransaction[]): Promise<void> {
  if (rows.length === 0) return;
  const linesOf = await linesAfter(sql, rows);
  // The list of reversals is written as long as there is room in it, and in the form in which a new row has it.
  const { rowCount } = await sql.query(
    `update read.transactions t
        set status = coalesce(nullif(u.status, '')::"char", t.status), lines = u.lines,
            reversed_by = case when u.reversals = '[]' then t.reversed_by else (
              select '["' || string_agg(r.id, '","' order by r.place) || '"]'
                from jsonb_array_elements_text(t.reversed_by::jsonb || u.reversals::jsonb) with ordinality r (id, place)
               where r.place <= greatest(${reversalsNamedMax}, jsonb_array_length(t.reversed_by::jsonb))) end
       from unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n'), string_to_array($3, E'\\n'),
                   string_to_array($4, E'\\n'), string_to_array($5, E'\\n'))
         as u (ledger_key, id, status, lines, reversals)
      where t.ledger_key = u.ledger_key and t.id = u.id`,
    [
      column(rows, ({ ledgerKey }) => ledgerKey),
      column(rows, ({ id }) => id),
      column(rows, ({ status }) => (status === undefined ? '' : statusLetters[status])),
      column(rows, linesOf),
      column(rows, ({ reversals }) => JSON.stringify(reversals)),
    ],
    'update-transactions',
  );
  assertRows(rowCount, rows.length, 'transactions with a new state');
}

/** What each row's lines are: of a long transaction, those that are stored with the changed ones in their places. */
async function linesAfter(
  sql: Sql,
  rows: readonly ChangedTransaction[],
): Promise<(row: ChangedTransaction) => string> {
  const partly = rows.filter(({ lineCount, lines }) => lines.size < lineCount);
  const stored = partly.length === 0 ? [] : await storedLines(sql, partly);
  const merged = new Map(
    partly.map((row, at) => [row, packLines(withLines(unpackLines(stored[at] ?? ''), row.lines.values()))]),
  );
  const all = ({ lines }: ChangedTransaction): string =>
    packLines([...lines.values()].sort((a, b) => a.index - b.index).map(withoutPlace));
  return (row) => merged.get(row) ?? all(row);
}

/** In the order of the rows. */
async function storedLines(sql: Sql, rows: readonly ChangedTransaction[]): Promise<readonly string[]> {
  const { rows: found } = await sql.query<{ lines: string }>(
    `select t.lines
       from unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n')) with ordinality u (ledger_key, id, place)
       join read.transactions t on t.ledger_key = u.ledger_key and t.id = u.id
      order by u.place`,
    [column(rows, ({ ledgerKey }) => ledgerKey), column(rows, ({ id }) => id)],
    'read-transaction-lines',
  );
  assertRows(found.length, rows.length, 'transactions of which some lines changed');
  return found.map(({ lines }) => lines);
}
