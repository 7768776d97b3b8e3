import { refusal } from '@fintech-ledger/contract';
import { unknownTransaction } from '@fintech-ledger/ledger/domain';

/** The ledger's own. */
export { unknownTransaction };

export const accountDiffers = refusal(
  'account_differs',
  'conflict',
  'An account of this address is open, but it is not the one of the file.',
);
export const ambiguousAmount = refusal(
  'ambiguous_amount',
  'malformed',
  'A number like 1,000 may be thousands or decimals, and no other amount of the file shows which: ' +
    'name the decimal mark (`decimal_mark`).',
);
export const ambiguousDate = refusal(
  'ambiguous_date',
  'malformed',
  'A date like 03.04.2024 may be two days, and no other date of the file shows which: name the order (`date_order`).',
);
export const bookedOtherwise = refusal(
  'booked_otherwise',
  'conflict',
  'An earlier release booked the transaction, but read an amount of it otherwise: reverse it in the ledger, ' +
    'and import the file again with `decimal_mark`, or book there what is right.',
);
export const inconsistentTransaction = refusal(
  'inconsistent_transaction',
  'malformed',
  'The lines of one transaction have different dates.',
);
export const invalidDate = refusal(
  'invalid_date',
  'malformed',
  'A date is YYYY-MM-DD, a time of RFC 3339, or a day, month and year in the order that the whole file has.',
);
export const invalidUnit = refusal(
  'invalid_unit',
  'malformed',
  'A unit is letters, digits and currency signs, or stands in quotes; `units` may say what else is one.',
);
export const missingUnit = refusal(
  'missing_unit',
  'malformed',
  'An amount has no unit, or two different ones.',
);
export const missingValue = refusal(
  'missing_value',
  'malformed',
  'A line names no transaction or no account.',
);
export const tooManyDecimals = refusal(
  'too_many_decimals',
  'rule',
  'An amount has more decimals than its unit: book it as another unit that has enough (`units=TOK=TOK.2/18`).',
);
export const unitDiffers = refusal(
  'unit_differs',
  'conflict',
  'A unit has another exponent here than in the file.',
);
export const unknownAccountType = refusal(
  'unknown_account_type',
  'rule',
  "An account's first segment is none of assets, liabilities, equity, income, revenue, expenses: " +
    'say what it is (`types`).',
);
export const virtualPosting = refusal(
  'virtual_posting',
  'rule',
  'A virtual posting of hledger, (account), has no other side: leave it out (`hledger print --real`).',
);

/** What is wrong with lines of a file, besides what the ledger refuses: they are skipped, the others are imported. */
export const lineRefusals = [
  accountDiffers,
  ambiguousAmount,
  ambiguousDate,
  bookedOtherwise,
  inconsistentTransaction,
  invalidDate,
  invalidUnit,
  missingUnit,
  missingValue,
  tooManyDecimals,
  unitDiffers,
  unknownAccountType,
  virtualPosting,
] as const;
