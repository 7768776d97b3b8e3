import {
  hasLength,
  isMetadataKey,
  metadataKeysMax,
  metadataKeySource,
  metadataValueLengthMax,
  parseTime,
} from '@fintech-ledger/contract';
import { addressRangeLengthMax, canonicalRange } from '@fintech-ledger/config';
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

/** Documented as a text: an address of IPv6 has more forms than a pattern could say. */
export const addressRangeRule: Rule = {
  name: 'address_range',
  code: 'invalid_value',
  says: 'an address of IPv4 or IPv6, or a range of them like 203.0.113.0/24',
  accepts: (value) => typeof value === 'string' && canonicalRange(value) !== undefined,
  schema: { type: 'string', format: 'ledger-address-range' },
  documented: { type: 'string', minLength: 2, maxLength: addressRangeLengthMax },
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
// What is kept of a data subject's value looks like this, so no plain value may.
const plainSource = '^(?!sealed:1:)';
const plainValue = new RegExp(plainSource, 'u');
const subjectIdSource = '^sub_[A-Za-z0-9]{1,64}$';
const subjectId = new RegExp(subjectIdSource, 'u');
const keySays = "1 to 64 characters of A-Z, a-z, 0-9, '_', '.', ':', '-'";
const plainSays = `a text of at most ${metadataValueLengthMax} characters`;
const valueSays = `${plainSays}, or {subject, value} of a data subject`;
const metadataSays = `an object of at most ${metadataKeysMax} texts of at most ${metadataValueLengthMax} characters; keys of A-Z, a-z, 0-9, '_', '.', ':', '-'`;
const code = 'invalid_metadata';

/** A value of a data subject, `{subject, value}`; what is compiled notes where it was found. */
const subjectValue: JsonSchema = {
  properties: {
    subject: {
      description: 'The id of the data subject.',
      type: 'string',
      pattern: subjectIdSource,
      'x-code': code,
      'x-says': 'the id of a data subject',
    },
    value: {
      description: 'Kept encrypted with their key.',
      type: 'string',
      maxLength: metadataValueLengthMax,
      'x-code': code,
      'x-says': plainSays,
    },
  },
  required: ['subject', 'value'],
  additionalProperties: false,
};
const types = (isNullAllowed: boolean, ...all: readonly string[]): string | readonly string[] =>
  isNullAllowed ? [...all, 'null'] : all.length === 1 ? (all[0] ?? '') : all;

function metadataOf(values: JsonSchema, keySource = metadataKeySource): JsonSchema {
  return {
    type: 'object',
    propertyNames: { pattern: keySource, 'x-code': code, 'x-says': keySays },
    additionalProperties: { maxLength: metadataValueLengthMax, ...values, 'x-code': code },
    maxProperties: metadataKeysMax,
  };
}

interface Allowed {
  readonly isNullAllowed: boolean;
  readonly isSubjectAllowed: boolean;
}
function isMetadata(value: unknown, { isNullAllowed, isSubjectAllowed }: Allowed): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const pairs = Object.entries(value) as [string, unknown][];
  return (
    pairs.length <= metadataKeysMax &&
    pairs.every(
      ([key, item]) =>
        isMetadataKey(key) &&
        ((isPlain(item) && plainValue.test(item)) ||
          (isNullAllowed && item === null) ||
          (isSubjectAllowed && isSubjectValue(item))),
    )
  );
}
const isPlain = (item: unknown): item is string =>
  typeof item === 'string' && hasLength(item, 0, metadataValueLengthMax);

function isSubjectValue(item: unknown): boolean {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
  const { subject, value, ...others } = item as Readonly<Record<string, unknown>>;
  const isKnown = typeof subject === 'string' && subjectId.test(subject);
  return isKnown && isPlain(value) && Object.keys(others).length === 0;
}

function metadataRuleOf(name: string, says: string, allowed: Allowed): Rule {
  const { isNullAllowed, isSubjectAllowed } = allowed;
  const type = types(isNullAllowed, 'string', ...(isSubjectAllowed ? ['object'] : []));
  const subjects = isSubjectAllowed ? { ...subjectValue, 'x-subject-value': true } : {};
  const values = { type, ...subjects, 'x-says': isSubjectAllowed ? valueSays : plainSays };
  const { 'x-subject-value': _, ...documented } = values as JsonSchema;
  return {
    name,
    code,
    says,
    accepts: (value) => isMetadata(value, allowed),
    schema: metadataOf({ ...values, pattern: plainSource }),
    documented: metadataOf(documented, documentedKeySource),
  };
}

/** Texts, or values of data subjects: before a handler sees them these are sealed, so that it has texts alone. */
export const metadataRule = metadataRuleOf('metadata', metadataSays, {
  isNullAllowed: false,
  isSubjectAllowed: true,
});
/** Metadata to be merged: null removes a key. */
export const metadataChangesRule = metadataRuleOf('metadata_changes', `${metadataSays}; null removes a key`, {
  isNullAllowed: true,
  isSubjectAllowed: true,
});
/** What a list is asked for by: the plain values, never those of data subjects. */
export const metadataFilterRule = metadataRuleOf('metadata_filter', metadataSays, {
  isNullAllowed: false,
  isSubjectAllowed: false,
});
