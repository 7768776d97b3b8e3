import { changesStatus, detailFieldsOf, findCurrency, statusCommandOf } from '@fintech-ledger/ledger/domain';
import type {
  AccountTerms,
  BookedEntry,
  EntryRequest,
  LedgerEvent,
  TransactionsRefused,
} from '@fintech-ledger/ledger/domain';
import { exportedEvents } from './export-source';
import type { ExportSource } from './export-source';
import { ExportUnits } from './export-units';
import { statusObject } from './ndjson-records';
import type { AccountAmendmentLine, AccountRecordLine, ExportRecord } from './ndjson-records';

/** A ledger as NDJSON: everything that an empty ledger needs to become the same, pending and reversed transactions included. */
export async function* exportNdjson(source: ExportSource): AsyncGenerator<string> {
  const units = new ExportUnits(source);
  const declared = new Set<string>();
  let lines = 0;
  const write = (record: ExportRecord): string => {
    lines += 1;
    return `${JSON.stringify(record)}\n`;
  };
  const { ledger, revision } = source;
  yield write({ object: 'export', format: 1, ledger: { id: ledger.id, name: ledger.name }, revision });
  for await (const { event } of exportedEvents(source)) {
    if (event.type === 'TransactionsRefused') continue;
    if (event.type === 'AccountOpened') {
      const code = event.data.account.currency;
      if (findCurrency(code) === undefined && !declared.has(code)) {
        declared.add(code);
        const { exponent, name } = await units.of(code);
        yield write({ object: 'unit', code, exponent, name });
      }
    }
    yield write(recordOf(event));
  }
  yield `${JSON.stringify({ object: 'end', lines })}\n`;
}

/** What was refused left nothing to be booked again. */
function recordOf(event: Exclude<LedgerEvent, TransactionsRefused>): ExportRecord {
  if (changesStatus(event))
    return { object: statusObject(statusCommandOf(event)), address: event.data.account.address };
  switch (event.type) {
    case 'TransactionPosted':
    case 'HoldPlaced': {
      const { transaction, entries } = event.data;
      return {
        object: 'transaction',
        id: transaction.id,
        entries: entries.map(entryRequest),
        ...detailFieldsOf(transaction),
        effective_at: transaction.effectiveAt,
        metadata: transaction.metadata,
        pending: event.type === 'HoldPlaced',
        expires_at: transaction.expiresAt,
      };
    }
    case 'HoldCaptured': {
      const { transaction, entries } = event.data;
      const captured = entries.filter(({ effect }) => effect === 'capture').map(entryRequest);
      const final = transaction.status !== 'pending';
      return { object: 'capture', transaction: transaction.id, entries: captured, final };
    }
    case 'HoldVoided':
      return { object: 'void', transaction: event.data.transaction.id };
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
    case 'AccountOpened':
      return accountLine(event.data.account, 'account');
    case 'AccountAmended':
      return accountLine(event.data.account, 'account_amendment');
  }
}

function accountLine(
  { address, type, currency, minBalance, maxBalance, metadata }: AccountTerms,
  object: 'account' | 'account_amendment',
): AccountRecordLine | AccountAmendmentLine {
  return { object, address, type, currency, min_balance: minBalance, max_balance: maxBalance, metadata };
}

function entryRequest({ account, direction, amount, currency }: BookedEntry): EntryRequest {
  return { account, direction, amount, currency };
}
