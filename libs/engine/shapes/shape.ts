import * as schemas from '@fintech-ledger/contract';
import type { JsonSchema, Schema } from '@fintech-ledger/contract';

/**
 * What a value of an answer is: a schema as events have them, with a description and an example, all declared once.
 * The type is that of the example (`ViewOf`), so that an example that is not of the shape does not compile.
 */
export interface Shape<T> extends Schema<T> {
  readonly example: T;
}
/** A member of an object that may be absent. */
export interface OptionalShape<T> extends Shape<T> {
  readonly isOptional: true;
}
/** A shape with a name of its own in the document, where others refer to it. */
export interface NamedShape<T> extends Shape<T> {
  readonly name: string;
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

/** A schema with what the document says of it. */
function shown<T>({ json, definitions }: Schema<T>, description: string | undefined, example: T): Shape<T> {
  const described = description === undefined ? json : { ...json, description };
  return { json: described, definitions, example };
}
const ofType = <T>(type: string, more: JsonSchema = {}): Schema<T> => schemas.schema({ type, ...more });

export function text(description: string, example: string, more: JsonSchema = {}): Shape<string> {
  return shown(ofType('string', more), description, example);
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
  return shown(schemas.wholeNumber(), description, example);
}

export function seconds(description: string, example: number): Shape<number> {
  return shown(ofType('number'), description, example);
}

export function flag(description: string, example: boolean): Shape<boolean> {
  return shown(schemas.flag, description, example);
}

/** A flag that is there only when it is true. */
export function mark(description: string): OptionalShape<true> {
  return { ...shown<true>(ofType('boolean'), description, true), isOptional: true };
}

export function constant<const T extends string>(value: T): Shape<T> {
  return shown<T>(schemas.exactly(value), `Always \`${value}\`.`, value);
}

/** One of these texts. */
export function oneOf<const T extends string>(
  description: string,
  values: readonly T[],
  example: NoInfer<T>,
): Shape<T> {
  return shown(ofType<T>('string', schemas.oneOf(...values).json), description, example);
}

/**
 * The shape or null, which is the example unless the shape's is to be shown.
 * @param description of a shape with a name, which has one of its own
 */
export function nullable<T>(
  shape: Shape<T>,
  shows: 'null' | 'value' = 'null',
  description?: string,
): Shape<T | null> {
  return shown(schemas.orNull(shape), description, shows === 'null' ? null : shape.example);
}

export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { ...shape, isOptional: true };
}

export function list<T>(
  items: Shape<T>,
  description: string,
  example: readonly T[] = [items.example],
): Shape<readonly T[]> {
  return shown(schemas.listOf(items), description, example);
}

/** An object with any names, whose values are of one shape. */
export function record<T>(
  values: Shape<T>,
  description: string,
  example: Readonly<Record<string, T>>,
): Shape<Readonly<Record<string, T>>> {
  return shown(schemas.mapOf(values), description, example);
}

/** An object that the document does not look into. */
export function anyObject<T extends object>(description: string, example: T): Shape<T> {
  return shown(ofType<T>('object'), description, example);
}

/** An object with these members, and no others. Those that may be absent are in no example, unless they are named. */
export function object<M extends Members>(
  members: M,
  description?: string,
  shows: readonly OptionalNames<M>[] = [],
): Shape<ObjectOf<M>> {
  const entries = Object.entries(members);
  const isThere = ([name, shape]: [string, Shape<unknown>]): boolean =>
    !('isOptional' in shape) || (shows as readonly string[]).includes(name);
  const { properties, definitions } = schemas.fieldsOf(members);
  const required = entries.filter(([, shape]) => !('isOptional' in shape)).map(([name]) => name);
  const example = Object.fromEntries(entries.filter(isThere).map(([name, shape]) => [name, shape.example]));
  // Not closed: clients ignore members that they do not know.
  const open = schemas.schema<ObjectOf<M>>({ type: 'object', properties, required }, definitions);
  return shown(open, description, example as ObjectOf<M>);
}

/** One of two shapes. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return shown<A | B>(schemas.eitherOf(first, second), undefined, first.example);
}

/** One of several shapes; the example is that of the first. */
export function anyOf<T>(shapes: readonly [Shape<T>, ...Shape<T>[]]): Shape<T> {
  const definitions = Object.assign({}, ...shapes.map((each) => each.definitions)) as schemas.Definitions;
  const json = { anyOf: shapes.map((each) => each.json) };
  return shown(schemas.schema<T>(json, definitions), undefined, shapes[0].example);
}

/** Gives a shape a name in the document. */
export function named<T>(name: string, description: string, shape: Shape<T>): NamedShape<T> {
  const definition = shown(shape, description, shape.example);
  const reference = schemas.named(name, definition, '#/components/schemas');
  return { ...shown(reference, undefined, shape.example), name };
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

/** The same shape, where it stands for something of its own. */
export function as<T>(shape: Shape<T>, description: string): Shape<T> {
  return shown(shape, description, shape.example);
}
