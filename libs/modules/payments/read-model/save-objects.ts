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

/** @param insert of the rows of `last` */
const saver =
  (name: string, insert: string): Save =>
  async (sql, rows) => {
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
      column(rows, ({ status }) => status),
      column(rows, ({ isLast }) => (isLast ? 't' : 'f')),
      column(rows, ({ facts }) => facts),
    ];
    await sql.query(`with ${given} ${insert}`, values, name);
  };

export const savePayments = saver(
  'save-payments',
  `insert into read.payments
          (ledger_id, id, created_revision, created_ms, revision, status, transfer_group, metadata, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, status, facts->>'transferGroup', facts->'metadata',
          facts
     from last
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, status = excluded.status, transfer_group = excluded.transfer_group,
         metadata = excluded.metadata, facts = excluded.facts`,
);

export const saveRefunds = saver(
  'save-refunds',
  `insert into read.refunds (ledger_id, id, created_revision, created_ms, revision, payment_id, status, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'payment', status, facts
     from last
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, status = excluded.status, facts = excluded.facts`,
);

export const savePayouts = saver(
  'save-payouts',
  `insert into read.payouts
          (ledger_id, id, created_revision, created_ms, revision, status, currency, metadata, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, status, facts->>'currency', facts->'metadata', facts
     from last
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, status = excluded.status, metadata = excluded.metadata,
         facts = excluded.facts`,
);

export const savePayoutBatches = saver(
  'save-payout-batches',
  `insert into read.payout_batches (ledger_id, id, created_revision, created_ms, revision, currency, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'currency', facts
     from last`,
);

export const saveDisputes = saver(
  'save-disputes',
  `insert into read.disputes
          (ledger_id, id, created_revision, created_ms, revision, status, payment_id, metadata, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, status, facts->>'payment', facts->'metadata', facts
     from last
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, status = excluded.status, metadata = excluded.metadata,
         facts = excluded.facts`,
);

export const saveTransfers = saver(
  'save-transfers',
  `insert into read.transfers
          (ledger_id, id, created_revision, created_ms, revision, destination, source_payment, transfer_group,
           metadata, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'destination', facts->>'sourcePayment',
          facts->>'transferGroup', facts->'metadata', facts
     from last
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, metadata = excluded.metadata, facts = excluded.facts`,
);

export const saveSplits = saver(
  'save-splits',
  `insert into read.splits
          (ledger_id, id, created_revision, created_ms, revision, payment_id, split_rule, metadata, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'payment', facts->'rule'->>'id',
          facts->'metadata', facts
     from last
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, metadata = excluded.metadata, facts = excluded.facts`,
);
