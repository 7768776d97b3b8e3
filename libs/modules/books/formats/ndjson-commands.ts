import { detailsFrom } from '@fintech-ledger/ledger/domain';
import type { EntryRequest, LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { CaptureLine, ReleaseLine, ReversalLine, TransactionRecordLine } from './ndjson-records';

/**
 * A transaction of a file as a command.
 * @param isFollowed the file says what became of it, a hold
 * @param mayRecord whether what the file says has happened is booked beyond the terms of accounts
 */
export function transactionCommand(
  record: TransactionRecordLine,
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
    expiresAt: record.expires_at,
    ...(isFollowed ? { isFollowed } : {}),
    ...(judged === false && mayRecord ? { judged } : {}),
  };
}

/** What became of a hold, as a command. @param isFollowed the file says more of it */
export function holdCommand(
  record: CaptureLine | ReleaseLine,
  transactionId: string,
  isFollowed: boolean,
): LedgerCommand {
  const happened = record.effective_at === undefined ? {} : { effectiveAt: record.effective_at };
  if (record.object !== 'capture')
    return { type: 'VoidHold', transactionId, isExpiry: record.object === 'expiry', ...happened };
  const { entries, final } = record;
  return { type: 'CaptureHold', transactionId, entries, final, isFollowed, ...happened };
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
