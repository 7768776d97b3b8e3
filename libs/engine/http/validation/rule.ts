import { hasLength } from '@fintech-ledger/contract';
import type { JsonSchema } from './json-schema';

/** A rule for one value: as class-validator judges it, and as JSON Schema says it. Both must agree; a property test sees to it. */
export interface Rule {
  readonly name: string;
  /** The code of the problem that a violation gets. */
  readonly code: string;
  /** What the value has to be, to follow "must be ". */
  readonly says: string;
  readonly accepts: (value: unknown) => boolean;
  /** What is compiled. */
  readonly schema: JsonSchema;
  /** What the OpenAPI document says instead, where a query string's text stands for another type. */
  readonly documented?: JsonSchema;
}

/** A rule for texts that match a pattern. */
export function textRule(
  name: string,
  code: string,
  says: string,
  pattern: RegExp,
  documented?: JsonSchema,
): Rule {
  const schema: JsonSchema = { type: 'string', pattern: pattern.source };
  // As JSON Schema compiles it.
  const unicode = new RegExp(pattern.source, 'u');
  return {
    name,
    code,
    says,
    accepts: (value) => typeof value === 'string' && unicode.test(value),
    schema,
    ...(documented === undefined ? {} : { documented: { ...schema, ...documented } }),
  };
}

/** A rule for texts of so many Unicode characters. */
export function lengthRule(name: string, min: number, max: number): Rule {
  return {
    name,
    code: 'invalid_value',
    says: `a text of ${min} to ${max} characters`,
    accepts: (value) => typeof value === 'string' && hasLength(value, min, max),
    schema: { type: 'string', minLength: min, maxLength: max },
  };
}

const unseen = String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}`;
// What shows nothing and may stand in a name; then what shows something; then what does not end the line.
const namedSource = String.raw`^[\p{Zs}${unseen}]*[^\p{Z}\p{Cc}${unseen}][^\p{Cc}\p{Zl}\p{Zp}]*$`;
const named = new RegExp(namedSource, 'u');

/** A rule for what something is called: one line that shows something, of at most so many Unicode characters. */
export function lineRule(name: string, max: number): Rule {
  const length = lengthRule(name, 1, max);
  return {
    ...length,
    says: `a line of 1 to ${max} characters, at least one of them visible, none a control character`,
    accepts: (value) => length.accepts(value) && named.test(value as string),
    schema: { ...length.schema, pattern: namedSource },
    // Without the pattern: earlier versions had none, and one that is new would be a break.
    documented: length.schema,
  };
}

export function oneOfRule(name: string, values: readonly string[]): Rule {
  return {
    name,
    code: 'invalid_value',
    says: `one of ${values.join(', ')}`,
    accepts: (value) => typeof value === 'string' && values.includes(value),
    schema: { type: 'string', enum: values },
  };
}

export function wholeRule(name: string, min: number, max: number): Rule {
  return {
    name,
    code: 'invalid_value',
    says: `a whole number from ${min} to ${max}`,
    accepts: (value) => typeof value === 'number' && Number.isInteger(value) && isBetween(value, min, max),
    schema: { type: 'integer', minimum: min, maximum: max },
  };
}

function isBetween(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
