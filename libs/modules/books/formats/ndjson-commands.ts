import { detailsFrom } from '@fintech-ledger/ledger/domain';
import type { EntryRequest, LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { ReversalLine, TransactionRecordLine } from './ndjson-records';

/** How long a hold whose time had passed when it was imported stays open, unless a later line of the file ends it. */
const graceMs = 24 * 60 * 60 * 1000;

/** A transaction of a file as a command. A hold whose expiry has passed by `now` gets a day more, so that what the file says of it can follow. */
export function transactionCommand(record: TransactionRecordLine, now: string): LedgerCommand {
  const { entries, effective_at: effectiveAt, metadata, pending } = record;
  return {
    type: 'PostTransaction',
    entries,
    ...detailsFrom(record),
    effectiveAt,
    metadata,
    pending,
    expiresAt: expiryFrom(record.expires_at, now),
  };
}

function expiryFrom(expiresAt: string | null, now: string): string | null {
  if (expiresAt === null || Date.parse(expiresAt) > Date.parse(now)) return expiresAt;
  return Number.isNaN(Date.parse(expiresAt)) ? expiresAt : new Date(Date.parse(now) + graceMs).toISOString();
}

/** A reversal as a command, which names its entries in the direction of what it reverses. */
export function reversalCommand(
  record: ReversalLine,
  transactionId: string,
  allowOverdraft: boolean,
): LedgerCommand {
  const { description, effective_at: effectiveAt, metadata } = record;
  const entries = record.entries.map(turned);
  return {
    type: 'ReverseTransaction',
    transactionId,
    entries,
    description,
    effectiveAt,
    metadata,
    allowOverdraft,
  };
}

function turned(entry: EntryRequest): EntryRequest {
  return { ...entry, direction: entry.direction === 'debit' ? 'credit' : 'debit' };
}
