import fc from 'fast-check';
import { resolved } from './api-operations';
import type { Schema } from './api-operations';

/** Values that exist, by the name of the field or parameter that takes them, so that requests reach the domain. */
export type Pool = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Values that a schema allows, small ones. What the pool has under `name` comes up far more often. */
export function valuesOf(schema: Schema, pool: Pool, name = ''): fc.Arbitrary<unknown> {
  const known = Object.hasOwn(pool, name) ? pool[name] : undefined;
  const any = anyOf(resolved(schema), pool);
  return known === undefined
    ? any
    : fc.oneof({ weight: 19, arbitrary: known }, { weight: 1, arbitrary: any });
}

function anyOf(schema: Schema, pool: Pool): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => anyOf(resolved(one), pool)));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['string']);
  return fc.oneof(...types.map((type) => ofType(type, schema, pool)));
}

function ofType(type: string, schema: Schema, pool: Pool): fc.Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') {
    const { minimum: min = 0, maximum: max = Number.MAX_SAFE_INTEGER } = schema;
    return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
  }
  if (type === 'array') {
    const { items = {}, minItems = 0 } = schema;
    return fc.array(valuesOf(items, pool), { minLength: minItems, maxLength: minItems + 2 });
  }
  return type === 'object' ? objects(schema, pool) : texts(schema);
}

function objects(schema: Schema, pool: Pool): fc.Arbitrary<unknown> {
  const { properties, required = [], propertyNames = {}, additionalProperties } = schema;
  if (properties === undefined) {
    const values = typeof additionalProperties === 'object' ? additionalProperties : {};
    return fc.dictionary(texts(propertyNames), anyOf(values, pool), { maxKeys: 3 });
  }
  const fields = Object.entries(properties).map(([key, value]) => [key, valuesOf(value, pool, key)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}

function texts({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    // Never within the test's own time: a hold that expires in it would move the ledger's position on its own.
    const min = new Date('1980-01-01T00:00:00Z');
    const past = fc.date({ min, max: new Date('2020-01-01T00:00:00Z'), noInvalidDate: true });
    const future = past.map((date) => new Date(date.getTime() + 3e12));
    return fc.oneof(past, future).map((date) => date.toISOString());
  }
  if (pattern !== undefined) {
    const fitting = fc.stringMatching(new RegExp(pattern), { size: 'small' });
    return fitting.filter((text) => text.length >= minLength && text.length <= Math.max(maxLength, 255));
  }
  const some = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) });
  return fc.oneof(some, fc.constant('x'.repeat(maxLength)));
}
