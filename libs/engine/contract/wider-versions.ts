import type { AnyEventType } from './event-list';
import { nextVersion } from './event-type';
import type { EventVersion } from './event-type';
import type { JsonSchema, Schema } from './schema';

type Definitions = Schema<unknown>['definitions'];
/** By definition in the schemas of events, members that it has in addition. */
export type MoreMembers = Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;

export const newestVersion = ({ versions }: AnyEventType): EventVersion => versions.at(-1) as EventVersion;

/** The type with one version more, whose schema has more members. What was recorded before is read as it is. */
export function withMore(type: AnyEventType, more: MoreMembers): AnyEventType {
  const { description, schema } = newestVersion(type);
  const touches = (data: object): readonly string[] => type.touches(data);
  const upcast = (data: object): object => data;
  const wider = { ...schema, definitions: widened(schema.definitions, more) };
  return { ...type, ...nextVersion(type, { description, schema: wider, touches, upcast }) };
}

/** The definitions with more members. @param needed those of them that are always there */
export function widened(
  definitions: Definitions,
  more: MoreMembers,
  needed: readonly string[] = [],
): Definitions {
  const all = Object.entries(definitions).map(([name, json]) => [name, wider(json, more[name], needed)]);
  return Object.fromEntries(all) as Definitions;
}

function wider(
  json: JsonSchema,
  members: MoreMembers[string] | undefined,
  needed: readonly string[],
): JsonSchema {
  if (members === undefined) return json;
  const all = { ...(json['properties'] as MoreMembers[string]), ...members };
  const properties = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (needed.length === 0) return { ...json, properties };
  return { ...json, required: [...(json['required'] as readonly string[]), ...needed].sort(), properties };
}
