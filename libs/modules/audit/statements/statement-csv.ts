import type { Statement } from './statement-shape';

const columns =
  'kind,effective_at,recorded_at,transaction,revision,description,direction,amount,balance,currency';

/** CSV (RFC 4180): a line for the opening balance, one for each entry, one for the closing balance; minor units. */
export function statementCsv(statement: Statement): string {
  const { currency, from, to, entries, opening_balance: opening, closing_balance: closing } = statement;
  const lines = [
    ['opening_balance', from, '', '', '', '', '', '', opening.balance, currency],
    ...entries.map((entry) => [
      ...['entry', entry.effective_at, entry.recorded_at, entry.transaction, String(entry.event.revision)],
      ...[entry.description ?? '', entry.direction, entry.amount, entry.balance, currency],
    ]),
    ['closing_balance', to, '', '', '', '', '', '', closing.balance, currency],
  ];
  return [columns, ...lines.map((cells) => cells.map(cell).join(','))].map((line) => `${line}\r\n`).join('');
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
