import { selectCheckpointTexts } from '@fintech-ledger/checkpoint-store';
import { streamOwner } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import type { Difference } from './find-differences';
import type { StoreContents } from './store-contents';

/** A line of the file: something that is known and that the store does not have. */
export type LostRecord = Readonly<Record<string, unknown>> & {
  readonly kind: string;
  readonly stream: string;
};

/** Amounts, of read models: each entry of an event that the store does not have. */
const selectEntries = `
  select e.event_id, e.sequence / 4096 as revision, e.event_type, e.transaction_id, a.address, a.currency, e.effect, e.direction,
         e.amount, e.recorded_ms, e.effective_ms
    from read.entries e join read.accounts a on a.account_key = e.account_key
   where a.ledger_key = read.ledger_key($1)
   order by e.sequence`;
const selectTransactions = `
  select id, revision, status, is_hold, reference, reverses, description, lines, metadata, effective_ms, recorded_ms
    from read.transactions where ledger_key = read.ledger_key($1) and revision > $2 order by revision`;
const selectAccounts = `
  select address, type, currency, status, version, opened_revision, posted_debits, posted_credits, pending_debits, pending_credits, metadata
    from read.accounts where ledger_key = read.ledger_key($1) and opened_revision > $2 order by opened_revision`;
const selectOrganization = [
  [
    'sandbox',
    'select id, revision, name, created_ms from read.sandboxes where organization_id = $1 and revision > $2',
  ],
  [
    'ledger',
    'select id, revision, name, description, metadata, created_ms from read.ledgers where organization_id = $1 and revision > $2',
  ],
  [
    'unit',
    'select code, revision, exponent, name, created_ms from read.units where organization_id = $1 and revision > $2',
  ],
  [
    'api_key',
    'select id, revision, name, scopes, last4, created_ms, revoked_ms from read.api_keys where organization_id = $1 and revision > $2',
  ],
] as const;

/** What checkpoints and read models know of a stream beyond the store. Read models have no raw events, but all their amounts. */
export async function* lostRecords(
  db: Sql,
  { stream, storeEnd, problem }: Difference,
  contents: StoreContents,
): AsyncGenerator<LostRecord> {
  for (const { kind, key, text } of await selectCheckpointTexts(db, stream)) {
    if (kind === 'idempotency_key' && contents.idempotencyKeys.has(key)) continue;
    yield { kind: `checkpoint_${kind}`, stream, key, value: JSON.parse(text) as unknown };
  }
  // Where it was rewritten, what is up to the store's end may be of the other history too.
  const beyond = problem.kind === 'different' ? -1 : storeEnd;
  const owner = streamOwner(stream);
  if (stream.startsWith('org-')) {
    for (const [kind, statement] of selectOrganization) {
      for (const row of (await db.query(statement, [owner, beyond])).rows) yield { kind, stream, ...row };
    }
    return;
  }
  for (const row of (await db.query<{ event_id: string }>(selectEntries, [owner])).rows) {
    if (!contents.eventIds.has(row.event_id)) yield { kind: 'entry', stream, ...row };
  }
  for (const row of (await db.query(selectTransactions, [owner, beyond])).rows)
    yield { kind: 'transaction', stream, ...row };
  for (const row of (await db.query(selectAccounts, [owner, beyond])).rows)
    yield { kind: 'account', stream, ...row };
}
