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
