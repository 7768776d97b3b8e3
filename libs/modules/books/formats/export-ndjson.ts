import { createHash } from 'node:crypto';
import {
  changesNothing,
  changesStatus,
  detailFieldsOf,
  findCurrency,
  isBelow,
  isOfLedger,
  movesMoney,
  openedBy,
  reservedName,
  standsAlone,
  statusCommandOf,
} from '@fintech-ledger/ledger/domain';
import type {
  AccountTerms,
  BookedEntry,
  EntryRequest,
  JournalFact,
  LedgerEvent,
  MoneyEvent,
  RecordingEvent,
} from '@fintech-ledger/ledger/domain';
import { exportedEvents } from './export-source';
import type { ExportSource } from './export-source';
import { ExportUnits } from './export-units';
import { statusObject } from './ndjson-records';
import type {
  AccountAmendmentLine,
  AccountRecordLine,
  ExportRecord,
  TransactionRecordLine,
} from './ndjson-records';

/** A ledger as NDJSON: everything that an empty ledger needs to become the same, pending and reversed transactions included. */
export async function* exportNdjson(source: ExportSource): AsyncGenerator<string> {
  const units = new ExportUnits(source);
  const declared = new Set<string>();
  const sum = createHash('sha256');
  let lines = 0;
  const write = (record: ExportRecord): string => {
    lines += 1;
    const line = `${JSON.stringify(record)}\n`;
    sum.update(line);
    return line;
  };
  const { ledger, revision } = source;
  yield write({ object: 'export', format: 1, ledger: { id: ledger.id, name: ledger.name }, revision });
  for await (const { event, effectiveAt } of exportedEvents(source)) {
    for (const { currency: code } of openedBy(event)) {
      if (findCurrency(code) !== undefined || declared.has(code)) continue;
      declared.add(code);
      const { exponent, name } = await units.of(code);
      yield write({ object: 'unit', code, exponent, name });
    }
    for (const record of recordsOf(event, effectiveAt, ledger.managed)) yield write(record);
  }
  yield write({ object: 'end', lines });
  if (source.bundle !== undefined) yield `${JSON.stringify(await source.bundle(sum.digest('hex')))}\n`;
}

/** What was refused, and what another module says without booking, left nothing to be booked again. */
function recordsOf(
  event: JournalFact,
  effectiveAt: string,
  managed: string | undefined,
): readonly ExportRecord[] {
  if (isOfLedger(event)) return changesNothing(event) ? [] : [recordOf(event, effectiveAt, managed)];
  if (!movesMoney(event)) return [];
  const opened = openedBy(event).map((terms) => accountLine(terms, 'account', managed));
  const line = transactionLine(event.data, false);
  return [
    ...opened,
    line.entries.every(({ account }) => isOfModule(account, managed)) ? line : unjudged(line),
  ];
}

const isOfModule = (account: string, managed: string | undefined): boolean =>
  isBelow(reservedName, account) || (managed !== undefined && isBelow(managed, account));

/** A module has judged what it books on accounts of clients, or it had to be booked: nothing of it is judged again. */
const unjudged = (line: TransactionRecordLine): TransactionRecordLine => ({ ...line, judged: false });

function transactionLine(
  { transaction, entries }: MoneyEvent['data'],
  pending: boolean,
): TransactionRecordLine {
  return {
    object: 'transaction',
    id: transaction.id,
    entries: entries.map(entryRequest),
    ...detailFieldsOf(transaction),
    effective_at: transaction.effectiveAt,
    metadata: transaction.metadata,
    pending,
    expires_at: transaction.expiresAt,
  };
}

function recordOf(
  event: Exclude<LedgerEvent, RecordingEvent>,
  effectiveAt: string,
  managed: string | undefined,
): ExportRecord {
  if (changesStatus(event))
    return { object: statusObject(statusCommandOf(event)), address: event.data.account.address };
  if (event.type === 'TransactionImported') return unjudged(transactionLine(event.data, false));
  if (standsAlone(event)) return transactionLine(event.data, event.data.transaction.status === 'pending');
  switch (event.type) {
    case 'HoldCaptured': {
      const { transaction, entries } = event.data;
      const captured = entries.filter(({ effect }) => effect === 'capture').map(entryRequest);
      const final = transaction.status !== 'pending';
      return {
        object: 'capture',
        transaction: transaction.id,
        entries: captured,
        final,
        effective_at: effectiveAt,
      };
    }
    case 'HoldVoided':
      return { object: 'void', transaction: event.data.transaction.id, effective_at: effectiveAt };
    case 'HoldExpired':
      return { object: 'expiry', transaction: event.data.transaction.id };
    case 'TransactionReversed': {
      const { transaction, original, entries } = event.data;
      return {
        object: 'reversal',
        id: transaction.id,
        transaction: original.id,
        entries: entries.map(entryRequest),
        description: transaction.description,
        effective_at: transaction.effectiveAt,
        metadata: transaction.metadata,
      };
    }
    case 'PeriodClosed':
      return { object: 'period_close', through: event.data.through, reason: event.data.reason };
    case 'AccountOpened':
      return accountLine(event.data.account, 'account', managed);
    case 'AccountAmended':
      return accountLine(event.data.account, 'account_amendment', managed);
  }
}

/** What a module books need not heed the bounds of its accounts, what is imported does: they are left out. */
function accountLine(
  { address, type, currency, minBalance, maxBalance, metadata }: AccountTerms,
  object: 'account' | 'account_amendment',
  managed: string | undefined,
): AccountRecordLine | AccountAmendmentLine {
  const isManaged = managed !== undefined && isBelow(managed, address);
  const [min_balance, max_balance] = isManaged ? [null, null] : [minBalance, maxBalance];
  return { object, address, type, currency, min_balance, max_balance, metadata };
}

function entryRequest({ account, direction, amount, currency }: BookedEntry): EntryRequest {
  return { account, direction, amount, currency };
}
