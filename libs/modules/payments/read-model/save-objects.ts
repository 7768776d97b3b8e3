import type { Sql } from '@fintech-ledger/postgres';
import { column } from '@fintech-ledger/projection-runtime';
import type { ObjectRow } from './project';

/*
 * Objects of payments as events left them, and as the last one did, for lists. One statement writes both: what an
 * object says is most of what is sent and parsed.
 */

type Save = (sql: Sql, rows: readonly ObjectRow[]) => Promise<void>;

/** SQL: a column of the parameter of this number; JSON has no line breaks. */
const list = (n: number, type: string): string => `string_to_array($${n}, E'\\n')::${type}[]`;

const given = `given as materialized (
     select * from unnest(${list(1, 'text')}, ${list(2, 'text')}, ${list(3, 'bigint')}, ${list(4, 'bigint')},
                          ${list(5, 'bigint')}, ${list(6, 'text')}, ${list(7, 'bigint')}, ${list(8, 'bigint')},
                          ${list(9, 'text')}, ${list(10, 'boolean')}, ${list(11, 'jsonb')})
       as r ("ledgerId", id, revision, "recordedMs", "effectiveMs", type, "firstRevision", "createdMs", status,
             "isLast", facts)
   ),
   last as (select * from given where "isLast"),
   states as (
     insert into read.payment_states (ledger_id, id, revision, recorded_ms, effective_ms, type, facts)
     select "ledgerId", id, revision, "recordedMs", "effectiveMs", type, facts from given
   )`;

/** SQL of columns by their names, of a row of `last`. */
type Columns = Readonly<Record<string, string>>;
const status = { status: 'status' };
const metadata = { metadata: "facts->'metadata'" };

/**
 * @param fixed what never changes of an object
 * @param changing what does, in addition to what it says; absent: nothing ever changes of it
 */
function saver(table: string, fixed: Columns, changing?: Columns): Save {
  const columns = { ...fixed, ...changing, facts: 'facts' };
  const set = ['revision', ...Object.keys(changing ?? {}), 'facts'].map(
    (name) => `${name} = excluded.${name}`,
  );
  const conflict =
    changing === undefined ? '' : `on conflict (ledger_id, id) do update set ${set.join(', ')}`;
  const text = `with ${given}
   insert into read.${table}
          (ledger_id, id, created_revision, created_ms, revision, ${Object.keys(columns).join(', ')})
   select "ledgerId", id, "firstRevision", "createdMs", revision, ${Object.values(columns).join(', ')} from last
   ${conflict}`;
  return async (sql, rows) => {
    if (rows.length === 0) return;
    const values = [
      column(rows, ({ ledgerId }) => ledgerId),
      column(rows, ({ id }) => id),
      column(rows, ({ revision }) => revision),
      column(rows, ({ recordedMs }) => recordedMs),
      column(rows, ({ effectiveMs }) => effectiveMs),
      column(rows, ({ type }) => type),
      column(rows, ({ firstRevision }) => firstRevision),
      column(rows, ({ createdMs }) => createdMs),
      column(rows, ({ status: of }) => of),
      column(rows, ({ isLast }) => (isLast ? 't' : 'f')),
      column(rows, ({ facts }) => facts),
    ];
    await sql.query(text, values, `save-${table}`);
  };
}

export const savePayments = saver(
  'payments',
  {},
  { ...status, ...metadata, transfer_group: "facts->>'transferGroup'" },
);
export const saveRefunds = saver('refunds', { payment_id: "facts->>'payment'" }, status);
export const savePayouts = saver('payouts', { currency: "facts->>'currency'" }, { ...status, ...metadata });
export const savePayoutBatches = saver('payout_batches', { currency: "facts->>'currency'" });
export const saveDisputes = saver(
  'disputes',
  { payment_id: "facts->>'payment'" },
  { ...status, ...metadata },
);
export const saveTransfers = saver(
  'transfers',
  {
    destination: "facts->>'destination'",
    source_payment: "facts->>'sourcePayment'",
    transfer_group: "facts->>'transferGroup'",
  },
  metadata,
);
export const saveSplits = saver(
  'splits',
  { payment_id: "facts->>'payment'", split_rule: "facts->'rule'->>'id'" },
  metadata,
);
