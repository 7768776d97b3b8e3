import { refusal } from '@fintech-ledger/contract';
import type { CodeOf } from '@fintech-ledger/contract';

export const invalidColumns = refusal(
  'invalid_columns',
  'malformed',
  '`columns` is <role>=<column>,… with the roles transaction, date, account and amount, and perhaps unit, ' +
    'description, reference, type, address.',
);
export const invalidTypes = refusal(
  'invalid_types',
  'malformed',
  '`types` is <first segment>=<type>,… with the types asset, liability, equity, revenue and expense.',
);
export const ambiguousUnit = refusal(
  'ambiguous_unit',
  'malformed',
  'Two units of the file would be booked as one: say what they are (units).',
);
export const malformedCsv = refusal('malformed_csv', 'malformed', 'The file is not CSV.');
export const malformedLine = refusal(
  'malformed_line',
  'malformed',
  'A line of the file has not the form that it must have.',
);
export const missingColumn = refusal(
  'missing_column',
  'malformed',
  'The header lacks a column that is needed.',
);
export const unknownColumn = refusal(
  'unknown_column',
  'malformed',
  'The header does not have a column that was named, or has it twice.',
);
export const tooManyUnits = refusal('too_many_units', 'rule', 'The file has too many different units.');
export const scatteredTransactions = refusal(
  'scattered_transactions',
  'rule',
  'Too many lines do not stand with their transaction: sort the file by transaction.',
);
export const sameLedger = refusal('same_ledger', 'rule', 'The file is an export of this very ledger.');

export const proofBundleInvalid = refusal(
  'proof_bundle_invalid',
  'rule',
  'The proof bundle of the file is not of its lines: it was edited or cut.',
);

/** What keeps a file from being imported as a whole. */
export const fileRefusals = [
  invalidColumns,
  invalidTypes,
  ambiguousUnit,
  malformedCsv,
  malformedLine,
  missingColumn,
  unknownColumn,
  tooManyUnits,
  scatteredTransactions,
  sameLedger,
  proofBundleInvalid,
] as const;
export type FileRefusal = CodeOf<typeof fileRefusals>;
