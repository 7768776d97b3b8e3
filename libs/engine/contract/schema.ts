/** A JSON value that is a schema, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}
export type Definitions = Readonly<Record<string, JsonSchema>>;

/** A JSON Schema (2020-12) and the TypeScript type of what it allows, as one value. */
export interface Schema<out T> {
  readonly json: JsonSchema;
  /** What `json` refers to by name. */
  readonly definitions: Definitions;
  /** Never there: it carries the type. */
  readonly type?: T;
}

/** The schema of an object that has these fields and no others. */
export interface ObjectSchema<out T extends object> extends Schema<T> {
  /** The fields that are always there and never null. */
  readonly present: readonly string[];
}

interface TextRules {
  readonly description?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly pattern?: string;
}
interface NumberRules {
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}
interface ListRules {
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A schema as it stands. T: the type of what it allows. */
export function schema<T>(json: JsonSchema, definitions: Definitions = {}): Schema<T> {
  return { json, definitions };
}

const described = (description: string | undefined): JsonSchema =>
  description === undefined ? {} : { description };

export function text({ description, ...rules }: TextRules = {}): Schema<string> {
  return schema({ ...described(description), type: 'string', ...rules });
}
export function textOrNull(rules: TextRules = {}): Schema<string | null> {
  return orNull(text(rules));
}
export function wholeNumber({ description, ...rules }: NumberRules = {}): Schema<number> {
  return schema({ ...described(description), type: 'integer', ...rules });
}
export const flag: Schema<boolean> = schema({ type: 'boolean' });
export const nothing: Schema<null> = schema({ type: 'null' });

/** Exactly this value. */
export function exactly<const T extends string | number | boolean>(value: T): Schema<T> {
  return schema({ const: value });
}
export function oneOf<const T extends readonly string[]>(...values: T): Schema<T[number]> {
  return schema({ enum: values });
}
export function orNull<T>({ json, definitions }: Schema<T>): Schema<T | null> {
  const { type, enum: values } = json as { readonly type?: unknown; readonly enum?: readonly unknown[] };
  if (type === undefined) return schema({ anyOf: [json, { type: 'null' }] }, definitions);
  // A list of values is all that there may be: null is one of them.
  const nullable = { ...json, type: [type, 'null'], ...(values && { enum: [...values, null] }) };
  return schema(nullable, definitions);
}
/** One of two. */
export function eitherOf<A, B>(first: Schema<A>, second: Schema<B>): Schema<A | B> {
  return schema({ anyOf: [first.json, second.json] }, { ...first.definitions, ...second.definitions });
}
export function listOf<T>(items: Schema<T>, rules: ListRules = {}): Schema<readonly T[]> {
  return schema({ type: 'array', ...rules, items: items.json }, items.definitions);
}
/** An object with any names. */
export function mapOf<T>(values: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return schema({ type: 'object', additionalProperties: values.json }, values.definitions);
}

/** An object that has a schema for each field of T. The fields are written in the order in which they are given. */
export function object<T extends object>(
  fields: { readonly [K in keyof T]-?: Schema<T[K]> },
  description?: string,
): ObjectSchema<T> {
  const entries = Object.entries<Schema<unknown>>(fields);
  const { properties, definitions } = fieldsOf(fields);
  const json = {
    type: 'object',
    ...described(description),
    required: entries.map(([name]) => name),
    properties,
    additionalProperties: false,
  };
  const present = entries.filter(([, field]) => !mayBeNull(field.json)).map(([name]) => name);
  return { json, definitions, present };
}

/** What the fields of an object are made of, in the order in which they are given. */
export function fieldsOf(fields: Readonly<Record<string, Schema<unknown>>>): {
  readonly properties: Definitions;
  readonly definitions: Definitions;
} {
  const entries = Object.entries(fields);
  return {
    properties: Object.fromEntries(entries.map(([name, { json }]) => [name, json])),
    definitions: Object.assign({}, ...entries.map(([, { definitions }]) => definitions)) as Definitions,
  };
}

function mayBeNull({ type, anyOf }: JsonSchema): boolean {
  if (Array.isArray(anyOf)) return anyOf.some((each) => mayBeNull(each as JsonSchema));
  return type === 'null' || (Array.isArray(type) && type.includes('null'));
}

/** The same schema, written once in each document that refers to it. @param place where that has its schemas */
export function named<T>(
  name: string,
  { json, definitions }: Schema<T>,
  place: '#/$defs' | '#/components/schemas' = '#/$defs',
): Schema<T> {
  return schema({ $ref: `${place}/${name}` }, { ...definitions, [name]: json });
}
