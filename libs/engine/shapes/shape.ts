/** JSON Schema (2020-12), as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>;

/**
 * What a value of an answer is: its type, its JSON Schema with a description, and an example, all declared once.
 * The type is that of the example (`ViewOf`), so that an example that is not of the shape does not compile.
 */
export interface Shape<T> {
  readonly schema: Schema;
  readonly example: T;
}
/** A member of an object that may be absent. */
export interface OptionalShape<T> extends Shape<T> {
  readonly isOptional: true;
}
/** A shape with a name of its own in the document, where others refer to it. */
export interface NamedShape<T> extends Shape<T> {
  readonly name: string;
  readonly definition: Schema;
}

/** The type of a value of this shape. */
export type ViewOf<S extends Shape<unknown>> = S['example'];

export type Members = Readonly<Record<string, Shape<unknown>>>;
type OptionalNames<M extends Members> = {
  [K in keyof M]: M[K] extends OptionalShape<unknown> ? K : never;
}[keyof M];
export type ObjectOf<M extends Members> = {
  readonly [K in Exclude<keyof M, OptionalNames<M>>]: ViewOf<M[K]>;
} & { readonly [K in OptionalNames<M>]?: ViewOf<M[K]> };

export function text(description: string, example: string, more: Schema = {}): Shape<string> {
  return { schema: { type: 'string', ...more, description }, example };
}

/** RFC 3339, UTC, milliseconds. */
export function time(description: string, example = '2026-01-31T12:00:00.000Z'): Shape<string> {
  return text(description, example, { format: 'date-time' });
}

/** An amount: a whole number of minor units as a text, exact at every size. */
export function digits(description: string, example: string): Shape<string> {
  return text(description, example, { pattern: '^-?[0-9]+$' });
}

export function whole(description: string, example: number): Shape<number> {
  return { schema: { type: 'integer', description }, example };
}

export function flag(description: string, example: boolean): Shape<boolean> {
  return { schema: { type: 'boolean', description }, example };
}

/** A flag that is there only when it is true. */
export function mark(description: string): OptionalShape<true> {
  return { schema: { type: 'boolean', description }, example: true, isOptional: true };
}

export function constant<const T extends string>(value: T): Shape<T> {
  return { schema: { const: value, description: `Always \`${value}\`.` }, example: value };
}

/** One of these texts. */
export function oneOf<const T extends string>(
  description: string,
  values: readonly T[],
  example: NoInfer<T>,
): Shape<T> {
  return { schema: { type: 'string', enum: values, description }, example };
}

/** The shape or null, which is the example unless the shape's is to be shown. */
export function nullable<T>(shape: Shape<T>, shows: 'null' | 'value' = 'null'): Shape<T | null> {
  const schema = { ...shape.schema, type: [shape.schema['type'], 'null'] };
  return { schema, example: shows === 'null' ? null : shape.example };
}

export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { ...shape, isOptional: true };
}

export function list<T>(
  items: Shape<T>,
  description: string,
  example: readonly T[] = [items.example],
): Shape<readonly T[]> {
  return { schema: { type: 'array', items: items.schema, description }, example };
}

/** An object with any names, whose values are of one shape. */
export function record<T>(
  values: Shape<T>,
  description: string,
  example: Readonly<Record<string, T>>,
): Shape<Readonly<Record<string, T>>> {
  return { schema: { type: 'object', additionalProperties: values.schema, description }, example };
}

/** An object that the document does not look into. */
export function anyObject<T extends object>(description: string, example: T): Shape<T> {
  return { schema: { type: 'object', description }, example };
}

/** An object with these members, and no others. Those that may be absent are in no example, unless they are named. */
export function object<M extends Members>(
  members: M,
  description?: string,
  shown: readonly OptionalNames<M>[] = [],
): Shape<ObjectOf<M>> {
  const entries = Object.entries(members);
  const isThere = ([name, shape]: [string, Shape<unknown>]): boolean =>
    !('isOptional' in shape) || (shown as readonly string[]).includes(name);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, shape]) => [name, shape.schema])),
    required: entries.filter(([, shape]) => !('isOptional' in shape)).map(([name]) => name),
    ...(description === undefined ? {} : { description }),
  };
  const example = Object.fromEntries(entries.filter(isThere).map(([name, shape]) => [name, shape.example]));
  return { schema, example: example as ObjectOf<M> };
}

/** One of two shapes. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return { schema: { anyOf: [first.schema, second.schema] }, example: first.example };
}

/** Gives a shape a name in the document. */
export function named<T>(name: string, description: string, shape: Shape<T>): NamedShape<T> {
  return {
    name,
    schema: { $ref: `#/components/schemas/${name}` },
    definition: { ...shape.schema, description },
    example: shape.example,
  };
}

export interface PageOf<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/** What every list is answered with. */
export const pageMembers = {
  has_more: flag('Whether there is more after this page.', false),
  next_cursor: nullable(text('The `cursor` of the next page; null after the last one.', 'WzE3XQ')),
} as const;

/** A page of a list. */
export function page<T>(item: NamedShape<T>, name = `${item.name}Page`): NamedShape<PageOf<T>> {
  const members = { data: list(item, 'The items of this page, in the order of the list.'), ...pageMembers };
  return named(name, 'A page of a list.', object(members));
}

export function seconds(description: string, example: number): Shape<number> {
  return { schema: { type: 'number', description }, example };
}

/** The same shape, where it stands for something of its own. */
export function as<T>(shape: Shape<T>, description: string): Shape<T> {
  return { ...shape, schema: { ...shape.schema, description } };
}
