import {
  hasLength,
  isKeptMetadataKey,
  isStorable,
  metadataKeysMax,
  metadataValueLengthMax,
  parseTime,
} from '@fintech-ledger/contract';
import {
  addressLengthMax,
  amountDigitsMax,
  exponentMax,
  importedAmountDigitsMax,
  importedMetadataKeysMax,
  isExponent,
  isUnitCode,
  textLengths,
  unitCodeLengthMax,
} from '@fintech-ledger/ledger/domain';
import { sourceIdLengthMax, timeLengthMax } from './limits';
import { isPlainText, isSubjectValue } from './subject-metadata';

// What the members of NDJSON lines have to be. Texts have the lengths that they have over HTTP.

/** `says`: what the value has to be, to follow "must be ". */
export type Check = ((value: unknown) => boolean) & { readonly says?: string };
const saying = (says: string, check: Check): Check => Object.assign(check, { says });

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (min: number, max: number): Check =>
  saying(
    `a text of ${min} to ${max} characters without U+0000`,
    (value) => typeof value === 'string' && isStorable(value) && hasLength(value, min, max),
  );
const isTextOf = ({ min, max }: { readonly min: number; readonly max: number }): Check => isText(min, max);
export const orNull = (check: Check): Check =>
  saying(`null or ${check.says ?? 'another value'}`, (value) => value === null || check(value));

export const isName = isTextOf(textLengths.name);
export const isReason = isTextOf(textLengths.reason);
export const isDescription = isTextOf(textLengths.description);
export const isReference = isTextOf(textLengths.reference);
/** As the source calls a transaction, or a ledger. */
export const isSourceId = isText(1, sourceIdLengthMax);
/** Whether these are an address, a unit, an amount and a time, and of what, is judged where they are booked. */
export const isAddressText = isText(1, addressLengthMax);
export const isCurrencyText = isText(1, unitCodeLengthMax);
const isAmountText = isText(1, importedAmountDigitsMax);
export const isBoundText = isText(1, amountDigitsMax + 1);
export const isTimeText = isText(1, timeLengthMax);
export const isTime = saying(
  'a time of RFC 3339 with an offset',
  (value) => typeof value === 'string' && isTimeText(value) && parseTime(value) !== undefined,
);

export const isCode = saying(
  `the code of a unit: A-Z, then A-Z, 0-9, '.', '_', '-', at most ${unitCodeLengthMax} characters`,
  (value) => typeof value === 'string' && isUnitCode(value),
);
export const isDecimals = saying(
  `a whole number from 0 to ${exponentMax}`,
  (value) => typeof value === 'number' && isExponent(value),
);
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isCount: Check = (value) => Number.isSafeInteger(value);

/** Books from before a key was refused may have it. */
const metadataOf = (keysMax: number): Check =>
  saying(
    `an object of at most ${keysMax} texts of at most ${metadataValueLengthMax} characters; ` +
      "keys of 1 to 64 of A-Z, a-z, 0-9, '_', '.', ':', '-'",
    (value) => {
      if (!isObject(value)) return false;
      const pairs = Object.entries(value);
      return (
        pairs.length <= keysMax &&
        pairs.every(([key, item]) => isKeptMetadataKey(key) && isMetadataValue(item))
      );
    },
  );
export const isMetadata = metadataOf(metadataKeysMax);
/** As it was after the change: books from before there was a limit may have more keys. */
export const isAmendedMetadata = metadataOf(importedMetadataKeysMax);

function isMetadataValue(item: unknown): boolean {
  if (typeof item === 'string') return isPlainText(item) && hasLength(item, 0, metadataValueLengthMax);
  if (!isSubjectValue(item)) return false;
  return item.value === null || hasLength(item.value, 0, metadataValueLengthMax);
}

const isEntry: Check = (value) =>
  isObject(value) &&
  Object.keys(value).length === 4 &&
  isAddressText(value['account']) &&
  isAmountText(value['amount']) &&
  isCurrencyText(value['currency']) &&
  (value['direction'] === 'debit' || value['direction'] === 'credit');
export const isEntries = saying(
  `a list of entries: account of at most ${addressLengthMax}, amount of at most ${importedAmountDigitsMax} and ` +
    `currency of at most ${unitCodeLengthMax} characters, and direction`,
  (value) => Array.isArray(value) && value.every(isEntry),
);
