import type { EventOf, EventType } from './event-type';

export type AnyEventType = EventType<string, object>;

/** Which streams a module writes: all whose names begin with a prefix, or one. */
export type StreamNames = { readonly prefix: string } | { readonly name: string };

/** A recorded version of an event type, as a reader takes it. */
export interface ReadableVersion {
  readonly type: AnyEventType;
  /** The fields that its data must have. */
  readonly present: readonly string[];
  /** Its data as the newest version has it; undefined: it has the newest one. */
  readonly upcast: ((data: object) => object) | undefined;
}

/** The events of one module: what its streams may hold, in every version that was ever recorded. */
export class EventList<T extends AnyEventType> {
  readonly names: readonly T['name'][];
  private readonly byName: ReadonlyMap<string, T>;
  /** By name and by version, from 1. */
  private readonly readable: ReadonlyMap<string, readonly ReadableVersion[]>;

  constructor(
    readonly streams: StreamNames,
    readonly types: readonly T[],
  ) {
    this.names = types.map(({ name }) => name);
    this.byName = new Map(types.map((type) => [type.name, type]));
    this.readable = new Map(types.map((type) => [type.name, readableVersions(type)]));
    if (this.byName.size !== types.length) throw new Error('two event types of one module have one name');
  }

  /** These and what another module writes to the same streams. */
  with<U extends AnyEventType>(others: EventList<U>): EventList<T | U> {
    return new EventList<T | U>(this.streams, [...this.types, ...others.types]);
  }

  /** @throws Error no type of this module has the name */
  of<N extends T['name']>(name: N): Extract<T, { readonly name: N }> {
    const type = this.byName.get(name);
    if (type === undefined) throw new Error(`${name} is not an event type of this module`);
    return type as Extract<T, { readonly name: N }>;
  }

  /** The version in which an event of this type is recorded. */
  versionOf(name: T['name']): number {
    return this.of(name).version;
  }

  /** Keys of the records that folding the event reads. */
  touches(event: EventOf<T>): readonly string[] {
    const { type, data } = event as { readonly type: T['name']; readonly data: object };
    return (this.of(type) as AnyEventType).touches(data);
  }

  /** How a recorded event is read; a text: why it can't be. */
  readableVersion(name: string, version: unknown): ReadableVersion | string {
    const versions = this.readable.get(name);
    if (versions === undefined) return 'its type is not known: upgrade this process';
    const found = typeof version === 'number' ? versions[version - 1] : undefined;
    return found ?? `version ${String(version)} of its type is not known: upgrade this process`;
  }

  /** A recorded event as the newest version of its type has it; a text: why it can't be read. */
  read(name: string, version: unknown, data: object): EventOf<T> | string {
    const found = this.readableVersion(name, version);
    if (typeof found === 'string') return found;
    const newest = found.upcast === undefined ? data : found.upcast(data);
    return { type: name, data: newest } as unknown as EventOf<T>;
  }
}

/** The event that a module's streams hold. */
export type EventsOf<L> = L extends EventList<infer T> ? EventOf<T> : never;

function readableVersions(type: AnyEventType): readonly ReadableVersion[] {
  return type.versions.map(({ schema: { present } }, index) => {
    const upcasts = type.versions.slice(index, -1).map(({ upcast }) => upcast as (data: object) => object);
    if (upcasts.length === 0) return { type, present, upcast: undefined };
    return { type, present, upcast: (data) => upcasts.reduce((before, upcast) => upcast(before), data) };
  });
}
