import { parseTime } from '@fintech-ledger/ledger';
import type { AccountType } from '@fintech-ledger/ledger';
import { accountTypeOf } from './account-type';
import type { ColumnNames, ColumnRole } from './csv-columns';
import type { Decimal } from './decimal';
import { parseAmountCell } from './parse-amount';
import type { DecimalMark } from './parse-amount';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import { isStorable } from './storable-text';

/** One line of a CSV file. A positive amount is a debit. */
export interface CsvPosting {
  readonly account: string;
  readonly type: AccountType;
  readonly amount: Decimal;
  /** The unit as the source writes it. */
  readonly unit: string;
  /** RFC 3339. */
  readonly effectiveAt: string;
  readonly description: string | null;
  readonly reference: string | null;
}

export interface CsvLine {
  readonly line: number;
  /** What the lines of one transaction share; empty when the line does not say. */
  readonly transaction: string;
  readonly content: CsvPosting | ImportProblem;
}

export interface LineReader {
  readonly columns: ReadonlyMap<ColumnRole, number>;
  readonly names: ColumnNames | undefined;
  readonly decimalMark: DecimalMark | undefined;
}

/** Reads one record; everything that is wrong with it is a problem that names the line and the column. */
export function readPosting(fields: readonly string[], line: number, reader: LineReader): CsvLine {
  const cell = (role: ColumnRole): string => fields[reader.columns.get(role) ?? -1]?.trim() ?? '';
  const at = (role: ColumnRole) => ({ line, column: reader.names?.get(role) ?? role });
  const transaction = cell('transaction');
  const wrong = (content: ImportProblem): CsvLine => ({ line, transaction, content });

  if (transaction === '')
    return wrong(problem('missing_value', 'the line names no transaction', at('transaction')));
  const effectiveAt = parseDate(cell('date'));
  if (effectiveAt === undefined) {
    return wrong(problem('invalid_date', `'${cell('date')}' is not a date (YYYY-MM-DD)`, at('date')));
  }
  const account = accountName(cell('account'));
  if (account === '') return wrong(problem('missing_value', 'the line names no account', at('account')));
  const declared = cell('type');
  const type = accountTypeOf(declared === '' ? account : declared);
  if (type === undefined) {
    const detail = `'${declared || account}' is none of assets, liabilities, equity, income, revenue, expenses`;
    return wrong(problem('unknown_account_type', detail, at(declared === '' ? 'account' : 'type')));
  }
  const unstorable = unstorableText(cell);
  if (unstorable !== undefined) {
    const detail = `the text has U+0000 or more than ${textLengthMax[unstorable]} characters`;
    return wrong(problem('malformed_line', detail, at(unstorable)));
  }
  const amount = parseAmountCell(cell('amount'), reader.decimalMark);
  if ('code' in amount) return wrong({ ...amount, ...at('amount') });
  const unit = unitOf(amount.unit, cell('unit'), reader.columns.has('unit'));
  if (unit === undefined) {
    const detail = `the amount says ${amount.unit ?? 'no unit'}, the unit column '${cell('unit')}'`;
    return wrong(problem('missing_unit', detail, at(reader.columns.has('unit') ? 'unit' : 'amount')));
  }
  const content = {
    account,
    type,
    amount: amount.value,
    unit,
    effectiveAt,
    description: cell('description') || null,
    reference: cell('reference') || null,
  };
  return { line, transaction, content };
}

/** As for the API's transactions; for an account, so that its metadata can keep the name. */
const textLengthMax = { account: 500, unit: 100, description: 1_000, reference: 255 };

function unstorableText(cell: (role: ColumnRole) => string): keyof typeof textLengthMax | undefined {
  return (['account', 'unit', 'description', 'reference'] as const).find(
    (role) => !isStorable(cell(role)) || cell(role).length > textLengthMax[role],
  );
}

/** hledger writes balanced virtual postings as `[account]`. */
function accountName(text: string): string {
  return text.replace(/^\[(.*)\]$/su, '$1').trim();
}

/** hledger knows amounts without a commodity: with a unit column, an empty one is a unit of its own. */
function unitOf(inAmount: string | null, inColumn: string, hasColumn: boolean): string | undefined {
  if (inAmount === null) return hasColumn ? inColumn : undefined;
  return inColumn === '' || inColumn === inAmount ? inAmount : undefined;
}

function parseDate(text: string): string | undefined {
  const day = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (day === null) return parseTime(text);
  const [, year = '', month = '', date = ''] = day;
  return parseTime(`${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}T00:00:00Z`);
}
