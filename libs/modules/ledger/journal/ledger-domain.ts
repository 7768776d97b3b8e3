import type { JournalDomain } from '@fintech-ledger/journal';
import { revisionInId } from '@fintech-ledger/journal';
import {
  costOf,
  decide,
  decideInSteps,
  effectiveAtOf,
  evolve,
  ledgerEvents,
  readsOf,
  recordFrom,
} from '@fintech-ledger/ledger/domain';
import type { AccountRecord, LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';
import { answerTo, joinBulkAnswers } from './ledger-answers';

/** A ledger's journal stream as the writer runs it. */
export const ledgerDomain: JournalDomain<LedgerCommand, LedgerEvent, LedgerRecord> = {
  events: ledgerEvents,
  reads: readsOf,
  decide,
  decideInSteps,
  costOf,
  effectiveAt: effectiveAtOf,
  evolve,
  revisionOf: (key, stream) => (key.startsWith('t:') ? revisionInId(key.slice(2), stream) : undefined),
  recordFrom,
  encode(record) {
    if (record.kind !== 'account') return { text: JSON.stringify(record) };
    return {
      text: JSON.stringify(withStrings(record)),
      columns: {
        currency: record.currency,
        debits: record.postedDebits + record.pendingDebits,
        credits: record.postedCredits + record.pendingCredits,
      },
    };
  },
  decode(_key, text) {
    const record = JSON.parse(text) as LedgerRecord;
    return record.kind === 'account' ? withBigInts(record) : record;
  },
  dueAt: (record) =>
    record.kind === 'transaction' && record.snapshot.status === 'pending'
      ? (record.snapshot.expiresAt ?? undefined)
      : undefined,
  dueCommand: (keys) => ({ type: 'ExpireHolds', transactionIds: keys.map((key) => key.slice(2)) }),
  items: {
    count: (command) =>
      command.type === 'PostTransactions' && !command.atomic ? command.transactions.length : undefined,
    from: (command, index) =>
      command.type === 'PostTransactions'
        ? { ...command, transactions: command.transactions.slice(index), before: index }
        : command,
    refused: (part) => ({ type: 'TransactionsRefused', data: part }),
    join: joinBulkAnswers,
  },
  answer: answerTo,
};

/** An account as JSON can hold it: amounts of any size, exactly. */
function withStrings(record: AccountRecord): object {
  const bound = (value: bigint | null): string | null => (value === null ? null : String(value));
  return {
    ...record,
    minBalance: bound(record.minBalance),
    maxBalance: bound(record.maxBalance),
    postedDebits: String(record.postedDebits),
    postedCredits: String(record.postedCredits),
    pendingDebits: String(record.pendingDebits),
    pendingCredits: String(record.pendingCredits),
  };
}

/** An account as JSON has it: the amounts are strings. */
function withBigInts(record: AccountRecord): AccountRecord {
  const bound = (value: bigint | null): bigint | null => (value === null ? null : BigInt(value));
  return {
    ...record,
    minBalance: bound(record.minBalance),
    maxBalance: bound(record.maxBalance),
    postedDebits: BigInt(record.postedDebits),
    postedCredits: BigInt(record.postedCredits),
    pendingDebits: BigInt(record.pendingDebits),
    pendingCredits: BigInt(record.pendingCredits),
  };
}
