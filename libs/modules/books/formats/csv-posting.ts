import { hasLength, isStorable, metadataValueLengthMax } from '@fintech-ledger/contract';
import { invalidAddress, isAddress, textLengths } from '@fintech-ledger/ledger/domain';
import type { AccountType } from '@fintech-ledger/ledger/domain';
import { accountTypeOf } from './account-type';
import type { NamedTypes } from './account-type';
import { readAmountCell } from './amount-cell';
import type { Conventions } from './conventions';
import type { ColumnRole } from './csv-columns';
import type { CsvRecord } from './csv-records';
import { readDateCell } from './date-cell';
import type { Decimal } from './decimal';
import { earlierReading } from './earlier-reading';
import type { EarlierReading } from './earlier-reading';
import { unitTextLengthMax } from './limits';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import { readUnitCell } from './unit-cell';
import { unitCode } from './unit-codes';
import { malformedLine } from './file-refusals';
import {
  invalidDate,
  invalidUnit,
  missingUnit,
  missingValue,
  unknownAccountType,
  virtualPosting,
} from './line-refusals';

/** One line of a CSV file. A positive amount is a debit. */
export interface CsvPosting {
  readonly account: string;
  /** Where it is booked, if the file says so; null: the address is made of the account's name. */
  readonly address: string | null;
  readonly type: AccountType;
  readonly amount: Decimal;
  /** The unit as the source writes it. */
  readonly unit: string;
  /** RFC 3339. */
  readonly effectiveAt: string;
  readonly description: string | null;
  readonly reference: string | null;
  /** Where the first releases read the amount otherwise. */
  readonly earlier?: EarlierReading | undefined;
}

export interface CsvLine {
  readonly line: number;
  /** What the lines of one transaction share; empty when the line does not say. */
  readonly transaction: string;
  readonly content: CsvPosting | ImportProblem;
}

/** What the cells of a file mean. */
export interface PostingReader {
  readonly conventions: Conventions;
  readonly types: NamedTypes;
  /** What units of the source are booked as, where that is not told from how they are written. */
  readonly units: ReadonlyMap<string, string>;
}

/** Reads one record; everything that is wrong with it is a problem that names the line and the column. */
export function readPosting(record: CsvRecord, reader: PostingReader): CsvLine {
  const { line } = record;
  const transaction = record.cell('transaction');
  return { line, transaction, content: record.wrongWidth ?? contentOf(record, reader) };
}

function contentOf(
  record: CsvRecord,
  { conventions, types, units }: PostingReader,
): CsvPosting | ImportProblem {
  const cell = (role: ColumnRole): string => record.cell(role);
  const at = (role: ColumnRole) => ({ line: record.line, column: record.columnOf(role) });
  if (cell('transaction') === '') {
    return problem(missingValue, 'the line names no transaction', at('transaction'));
  }
  const date = readDateCell(cell('date'));
  if (date === undefined) {
    return problem(invalidDate, `'${cell('date')}' is not a date (YYYY-MM-DD)`, at('date'));
  }
  const effectiveAt = conventions.time(date, cell('date'));
  if (typeof effectiveAt !== 'string') return { ...effectiveAt, ...at('date') };
  const account = accountOf(cell('account'), cell('type'), types);
  if ('code' in account) {
    const isOfType = account.code === 'unknown_account_type' && cell('type') !== '';
    return { ...account, ...at(isOfType ? 'type' : 'account') };
  }
  const address = addressOf(cell('address'));
  if (address !== null && !isAddress(address)) {
    return problem(
      invalidAddress,
      'an address has segments of A-Z a-z 0-9 _ - with ":" between',
      at('address'),
    );
  }
  const unstorable = unstorableText(cell);
  if (unstorable !== undefined) {
    const detail = `the text has U+0000 or more than ${textLengthMax[unstorable]} characters`;
    return problem(malformedLine, detail, at(unstorable));
  }
  const scanned = readAmountCell(cell('amount'));
  if ('code' in scanned) return { ...scanned, ...at('amount') };
  const amount = conventions.amount(scanned, cell('amount'));
  if ('code' in amount) return { ...amount, ...at('amount') };
  const unit = unitOf(record, scanned.unit, amount, units);
  if (typeof unit !== 'string') return { ...unit, ...at(record.has('unit') ? 'unit' : 'amount') };
  const earlier = earlierReading(
    cell('amount'),
    scanned,
    { amount, unit },
    { isMarkGiven: conventions.isMarkGiven, hasUnitCell: cell('unit') !== '' },
  );
  const description = cell('description') || null;
  return {
    ...account,
    address,
    amount,
    unit,
    effectiveAt,
    description,
    reference: cell('reference') || null,
    earlier,
  };
}

function accountOf(
  text: string,
  declaredType: string,
  types: NamedTypes,
): { readonly account: string; readonly type: AccountType } | ImportProblem {
  if (text.startsWith('(') && text.endsWith(')')) {
    const detail = `'${text}' is a virtual posting, which no other posting balances: leave it out (hledger print --real)`;
    return problem(virtualPosting, detail);
  }
  const account = accountName(text);
  if (account === '') return problem(missingValue, 'the line names no account');
  const type = accountTypeOf(declaredType === '' ? account : declaredType, types);
  if (type !== undefined) return { account, type };
  const [word = ''] = (declaredType || account).split(':', 1);
  return problem(
    unknownAccountType,
    `'${word}' is none of assets, liabilities, equity, income, revenue, expenses: say what it is (types=${word}=asset)`,
  );
}

/** A file for a spreadsheet has an apostrophe before what it would take for a formula. */
const addressOf = (cell: string): string | null => (cell === '' ? null : cell.replace(/^'/, ''));

/** hledger writes balanced virtual postings as `[account]`. */
function accountName(text: string): string {
  return (text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text).trim();
}

/** As for the API's transactions; for an account, so that its metadata can keep the name; a unit's name has no more. */
const textLengthMax = {
  account: metadataValueLengthMax,
  unit: unitTextLengthMax,
  description: textLengths.description.max,
  reference: textLengths.reference.max,
};

function unstorableText(cell: (role: ColumnRole) => string): keyof typeof textLengthMax | undefined {
  return (['account', 'unit', 'description', 'reference'] as const).find(
    (role) => !isStorable(cell(role)) || !hasLength(cell(role), 0, textLengthMax[role]),
  );
}

/**
 * The unit beside the amount, or that of the unit column, which say the same when there are both. hledger knows amounts without a commodity:
 * with a unit column, an empty one is a unit of its own. Nothing at all needs no unit.
 */
function unitOf(
  record: CsvRecord,
  inAmount: string | null,
  { digits }: Decimal,
  named: ReadonlyMap<string, string>,
): string | ImportProblem {
  const cell = record.cell('unit');
  const inColumn = readUnitCell(cell, (unit) => named.has(unit));
  if (inColumn === undefined) {
    return problem(invalidUnit, `'${cell}' is not a unit: put it in quotes, or say what it is (units)`);
  }
  if (inAmount === null) {
    if (record.has('unit') || digits === 0n) return inColumn;
  } else if (inColumn === '' || unitCode(inColumn) === unitCode(inAmount)) {
    return inAmount;
  }
  return problem(missingUnit, `the amount says ${inAmount ?? 'no unit'}, the unit column '${cell}'`);
}
