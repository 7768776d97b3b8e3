import { copyText } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { assertRows, column, copyRows } from '@fintech-ledger/projection-runtime';
import { detailFields } from '@fintech-ledger/ledger/domain';
import { packLines, statusLetters } from './transaction-rows';
import type { TransactionChange } from './project';

type NewTransaction = TransactionChange & { readonly revision: number };
const isNew = (change: TransactionChange): change is NewTransaction => change.revision !== undefined;

/** Loads the new transactions; updates what can change of the others: status, lines, who reversed them. */
export async function saveTransactions(sql: Sql, changes: readonly TransactionChange[]): Promise<void> {
  await insertNew(sql, changes.filter(isNew));
  await update(
    sql,
    changes.filter((change) => !isNew(change)),
  );
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

async function update(sql: Sql, rows: readonly TransactionChange[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await sql.query(
    `update read.transactions t
        set status = u.status, lines = u.lines, reversed_by = u.reversed_by
       from unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n'), string_to_array($3, E'\\n')::"char"[],
                   string_to_array($4, E'\\n'), string_to_array($5, E'\\n'))
         as u (ledger_key, id, status, lines, reversed_by)
      where t.ledger_key = u.ledger_key and t.id = u.id`,
    [
      column(rows, ({ ledgerKey }) => ledgerKey),
      column(rows, ({ snapshot }) => snapshot.id),
      column(rows, ({ snapshot }) => statusLetters[snapshot.status]),
      column(rows, ({ snapshot }) => packLines(snapshot.lines)),
      column(rows, ({ snapshot }) => JSON.stringify(snapshot.reversedBy)),
    ],
    'update-transactions',
  );
  assertRows(rowCount, rows.length, 'transactions with a new state');
}
