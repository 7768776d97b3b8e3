import { detailsFrom } from '@fintech-ledger/ledger/domain';
import type { EntryRequest, LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { ReversalLine, TransactionRecordLine } from './ndjson-records';

/** How long a hold stays open at least of which the file has more to say, or whose time has passed. */
const graceMs = 24 * 60 * 60 * 1000;

/**
 * A transaction of a file as a command. A hold whose expiry has passed by `now` gets a day more, and so does one that
 * would expire before what the file says of it can follow.
 * @param isFollowed the file has more to say of it
 * @param mayRecord whether what the file says has happened is booked beyond the terms of accounts
 */
export function transactionCommand(
  record: TransactionRecordLine,
  now: string,
  isFollowed: boolean,
  mayRecord: boolean,
): LedgerCommand {
  const { entries, effective_at: effectiveAt, metadata, pending, judged } = record;
  return {
    type: 'PostTransaction',
    entries,
    ...detailsFrom(record),
    effectiveAt,
    metadata,
    pending,
    expiresAt: expiryFrom(record.expires_at, now, isFollowed),
    ...(judged === false && mayRecord ? { judged } : {}),
  };
}

function expiryFrom(expiresAt: string | null, now: string, isFollowed: boolean): string | null {
  if (expiresAt === null) return null;
  const [at, nowMs] = [Date.parse(expiresAt), Date.parse(now)];
  if (Number.isNaN(at) || at > nowMs + (isFollowed ? graceMs : 0)) return expiresAt;
  return new Date(nowMs + graceMs).toISOString();
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
