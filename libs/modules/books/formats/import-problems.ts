import type { ImportProblemCode } from './problem';

/** The HTTP status of a problem that keeps a file from being imported at all, and what it means. */
export const importProblems = {
  account_differs: [409, 'An account of this address is open, but it is not the one of the file.'],
  ambiguous_amount: [
    400,
    'A number like 1,000 may be thousands or decimals, and no other amount of the file shows which: name the decimal mark (`decimal_mark`).',
  ],
  ambiguous_date: [
    400,
    'A date like 03.04.2024 may be two days, and no other date of the file shows which: name the order (`date_order`).',
  ],
  ambiguous_unit: [400, 'Two units of the file would be booked as one: say what they are (units).'],
  booked_otherwise: [
    409,
    'An earlier release booked the transaction, but read an amount of it otherwise: reverse it in the ledger, and import the file again with `decimal_mark`, or book there what is right.',
  ],
  inconsistent_transaction: [400, 'The lines of one transaction have different dates.'],
  invalid_columns: [
    400,
    '`columns` is <role>=<column>,… with the roles transaction, date, account and amount, and perhaps unit, description, reference, type.',
  ],
  invalid_date: [
    400,
    'A date is YYYY-MM-DD, a time of RFC 3339, or a day, month and year in the order that the whole file has.',
  ],
  invalid_types: [
    400,
    '`types` is <first segment>=<type>,… with the types asset, liability, equity, revenue and expense.',
  ],
  invalid_unit: [
    400,
    'A unit is letters, digits and currency signs, or stands in quotes; `units` may say what else is one.',
  ],
  malformed_csv: [400, 'The file is not CSV.'],
  malformed_line: [400, 'A line of the file has not the form that it must have.'],
  missing_column: [400, 'The header lacks a column that is needed.'],
  missing_unit: [400, 'An amount has no unit, or two different ones.'],
  missing_value: [400, 'A line names no transaction or no account.'],
  nothing_imported: [422, 'No transaction of the file could be imported; `errors` says why.'],
  same_ledger: [422, 'The file is an export of this very ledger.'],
  scattered_transactions: [
    422,
    'Too many lines do not stand with their transaction: sort the file by transaction.',
  ],
  too_many_decimals: [
    422,
    'An amount has more decimals than its unit: book it as another unit that has enough (`units=TOK=TOK.2/18`).',
  ],
  too_many_units: [422, 'The file has too many different units.'],
  unit_differs: [409, 'A unit has another exponent here than in the file.'],
  unknown_account_type: [
    422,
    "An account's first segment is none of assets, liabilities, equity, income, revenue, expenses: say what it is (`types`).",
  ],
  unknown_column: [400, 'The header does not have a column that was named, or has it twice.'],
  unknown_transaction: [422, 'A line refers to a transaction that was not imported before it.'],
  virtual_posting: [
    422,
    'A virtual posting of hledger, (account), has no other side: leave it out (`hledger print --real`).',
  ],
} as const satisfies Partial<Record<ImportProblemCode | 'nothing_imported', readonly [number, string]>>;
