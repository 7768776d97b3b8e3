import type { Sql } from '@fintech-ledger/postgres';
import { factsRows, factsValues } from './facts-rows';
import type { CurrentRow } from './project';

/* Objects of payments as the last event left them, for lists. */

type Save = (sql: Sql, rows: readonly CurrentRow[]) => Promise<void>;

const saver =
  (name: string, text: string): Save =>
  async (sql, rows) => {
    if (rows.length > 0) await sql.query(text, factsValues(rows), name);
  };

export const savePayments = saver(
  'save-payments',
  `insert into read.payments
          (ledger_id, id, created_revision, created_ms, revision, status, transfer_group, metadata, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, status, facts->>'transferGroup', facts->'metadata',
          facts
     from ${factsRows}
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, status = excluded.status, transfer_group = excluded.transfer_group,
         metadata = excluded.metadata, facts = excluded.facts`,
);

export const saveRefunds = saver(
  'save-refunds',
  `insert into read.refunds (ledger_id, id, created_revision, created_ms, revision, payment_id, status, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'payment', status, facts
     from ${factsRows}
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, status = excluded.status, facts = excluded.facts`,
);

export const savePayouts = saver(
  'save-payouts',
  `insert into read.payouts
          (ledger_id, id, created_revision, created_ms, revision, status, currency, metadata, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, status, facts->>'currency', facts->'metadata', facts
     from ${factsRows}
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, status = excluded.status, metadata = excluded.metadata,
         facts = excluded.facts`,
);

export const savePayoutBatches = saver(
  'save-payout-batches',
  `insert into read.payout_batches (ledger_id, id, created_revision, created_ms, revision, currency, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'currency', facts
     from ${factsRows}`,
);

export const saveDisputes = saver(
  'save-disputes',
  `insert into read.disputes
          (ledger_id, id, created_revision, created_ms, revision, status, payment_id, metadata, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, status, facts->>'payment', facts->'metadata', facts
     from ${factsRows}
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
     from ${factsRows}
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, metadata = excluded.metadata, facts = excluded.facts`,
);

export const saveSplits = saver(
  'save-splits',
  `insert into read.splits
          (ledger_id, id, created_revision, created_ms, revision, payment_id, split_rule, metadata, facts)
   select "ledgerId", id, "firstRevision", "createdMs", revision, facts->>'payment', facts->'rule'->>'id',
          facts->'metadata', facts
     from ${factsRows}
   on conflict (ledger_id, id) do update
     set revision = excluded.revision, metadata = excluded.metadata, facts = excluded.facts`,
);
