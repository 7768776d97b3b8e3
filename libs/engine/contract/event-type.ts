import type { ObjectSchema } from './schema';

/** One version of an event type. It is never changed once an event of it was recorded. */
export interface EventVersion {
  readonly version: number;
  /** One sentence for the catalogue. */
  readonly description: string;
  readonly schema: ObjectSchema<object>;
  /** Data of this version as the next one has it; the newest version has none. */
  upcast?(data: object): object;
}

/** All that there is to know of an event type, as one value. D: the data of its newest version. */
export interface EventType<out N extends string, D extends object> {
  readonly name: N;
  /** The newest one: what is recorded from now on. */
  readonly version: number;
  /** From the first to the newest. */
  readonly versions: readonly EventVersion[];
  /** Keys of the records that folding such an event reads. */
  touches(data: D): readonly string[];
  /** Never there: it carries the type. */
  readonly data?: D;
}

/** The event that a type describes. A union of types gives the union of their events. */
export type EventOf<T> =
  T extends EventType<infer N, infer D> ? { readonly type: N; readonly data: D } : never;

interface VersionDefinition<D extends object> {
  readonly description: string;
  readonly schema: ObjectSchema<D>;
  touches(data: D): readonly string[];
}

/** An event type in its first version. */
export function eventType<const N extends string, D extends object>(
  definition: VersionDefinition<D> & { readonly name: N },
): EventType<N, D> {
  const { name, description, schema, touches } = definition;
  return { name, version: 1, versions: [{ version: 1, description, schema }], touches };
}

/** The type with one version more. What was recorded before is read as if it had this one. */
export function nextVersion<N extends string, Before extends object, D extends object>(
  before: EventType<N, Before>,
  definition: VersionDefinition<D> & { upcast(data: Before): D },
): EventType<N, D> {
  const { description, schema, touches, upcast } = definition;
  const version = before.version + 1;
  const earlier = before.versions.slice(0, -1);
  const last = before.versions
    .slice(-1)
    .map((each) => ({ ...each, upcast: upcast as EventVersion['upcast'] }));
  return {
    name: before.name,
    version,
    versions: [...earlier, ...last, { version, description, schema }] as readonly EventVersion[],
    touches,
  };
}
