import { parseTime } from '@fintech-ledger/contract';
import { metadataKeysMax, metadataValueLengthMax } from '../limits';
import type { JsonSchema } from './json-schema';
import type { Rule } from './rule';

export const timeRule: Rule = {
  name: 'time',
  code: 'invalid_time',
  says: 'a time of RFC 3339, like 2026-01-31T12:00:00.000Z',
  accepts: (value) => parseTime(value) !== undefined,
  schema: { type: 'string', format: 'ledger-time' },
  documented: { type: 'string', format: 'date-time' },
};

export const flagRule: Rule = {
  name: 'flag',
  code: 'invalid_type',
  says: 'true or false',
  accepts: (value) => typeof value === 'boolean',
  schema: { type: 'boolean' },
};

// Without the exception, which generators of test data can't read: they never hit on it.
const documentedKeySource = '^[A-Za-z0-9_.:-]{1,64}$';
// `__proto__` is no name for anything: too many programs trip over it.
const metadataKeySource = '^(?!__proto__$)[A-Za-z0-9_.:-]{1,64}$';
const metadataKey = new RegExp(metadataKeySource, 'u');
const keySays = "1 to 64 characters of A-Z, a-z, 0-9, '_', '.', ':', '-'";
const metadataSays = `an object of at most ${metadataKeysMax} texts of at most ${metadataValueLengthMax} characters; keys of A-Z, a-z, 0-9, '_', '.', ':', '-'`;

function metadataSchema(type: string | readonly string[], keySource = metadataKeySource): JsonSchema {
  return {
    type: 'object',
    propertyNames: { pattern: keySource, 'x-code': 'invalid_metadata', 'x-says': keySays },
    additionalProperties: {
      type,
      maxLength: metadataValueLengthMax,
      'x-code': 'invalid_metadata',
      'x-says': `a text of at most ${metadataValueLengthMax} characters`,
    },
    maxProperties: metadataKeysMax,
  };
}
function isMetadata(value: unknown, isNullAllowed: boolean): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const pairs = Object.entries(value) as [string, unknown][];
  return (
    pairs.length <= metadataKeysMax &&
    pairs.every(
      ([key, item]) =>
        metadataKey.test(key) &&
        (typeof item === 'string'
          ? [...item].length <= metadataValueLengthMax
          : isNullAllowed && item === null),
    )
  );
}

export const metadataRule: Rule = {
  name: 'metadata',
  code: 'invalid_metadata',
  says: metadataSays,
  accepts: (value) => isMetadata(value, false),
  schema: metadataSchema('string'),
  documented: metadataSchema('string', documentedKeySource),
};
/** Metadata to be merged: null removes a key. */
export const metadataChangesRule: Rule = {
  name: 'metadata_changes',
  code: 'invalid_metadata',
  says: `${metadataSays}; null removes a key`,
  accepts: (value) => isMetadata(value, true),
  schema: metadataSchema(['string', 'null']),
  documented: metadataSchema(['string', 'null'], documentedKeySource),
};
