import type { AnyEventType, EventList } from '@fintech-ledger/contract';
import { journalPrefix } from '@fintech-ledger/envelope';
import type { ModuleManifest } from '@fintech-ledger/manifest';
import type { PublicEvents, PublicEventType } from '@fintech-ledger/shapes';
import { typeMark } from './event-id';

export interface PublishedType extends PublicEventType<object> {
  readonly module: string;
  /** Whether its events are of one ledger, and so have a position in it. */
  readonly isOfLedger: boolean;
  /** The types of events of journals that tell of it. */
  readonly sources: readonly string[];
}

/** An event of a journal that clients are not told of. */
export interface UnpublishedSource {
  readonly module: string;
  readonly source: string;
  readonly because: string;
}

interface Source {
  readonly module: string;
  readonly name: string;
  readonly told: PublicEvents['told'][string];
  readonly events: EventList<AnyEventType>;
}

const nothing: readonly PublicEventType<object>[] = [];

/** What clients are told of the events of all modules. */
export class PublicEventRegistry {
  /** By name. */
  readonly types: readonly PublishedType[];
  readonly unpublished: readonly UnpublishedSource[];
  private readonly bySource: ReadonlyMap<string, Source>;
  private readonly told: ReadonlyMap<string, readonly PublicEventType<object>[]>;
  private readonly byMark: ReadonlyMap<string, PublishedType>;

  /** @throws Error two types have one name, or can't be told apart in ids */
  constructor(manifests: readonly Pick<ModuleManifest, 'name' | 'streams'>[]) {
    const sources = manifests.flatMap(({ name, streams }) =>
      streams.flatMap(({ events, publicEvents }) => sourcesOf(name, events, publicEvents)),
    );
    this.bySource = new Map(sources.map((source) => [source.name, source]));
    this.told = new Map(sources.map(({ name, told }) => [name, 'because' in told ? nothing : told]));
    this.unpublished = sources.flatMap(({ module, name: source, told }) =>
      'because' in told ? [{ module, source, because: told.because }] : [],
    );
    this.types = publishedBy(sources);
    this.byMark = new Map(this.types.map((type) => [typeMark(type.name), type]));
    if (this.byMark.size !== this.types.length)
      throw new Error('two public events have the same mark: one of them needs another name');
  }

  /** What an event of this type in a journal tells; nothing of one that is not known. */
  toldBy(source: string): readonly PublicEventType<object>[] {
    return this.told.get(source) ?? nothing;
  }

  /** The events that a type of a journal is one of. */
  eventsOf(source: string): EventList<AnyEventType> | undefined {
    return this.bySource.get(source)?.events;
  }

  typeOfMark(mark: string): PublishedType | undefined {
    return this.byMark.get(mark);
  }

  /** The names of the types that are meant: a pattern is the name of a type, or the beginning of several and `*`. */
  named(patterns: readonly string[]): readonly string[] {
    const isMeant = (name: string): boolean => patterns.some((pattern) => means(pattern, name));
    return this.types.map(({ name }) => name).filter(isMeant);
  }
}

function means(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function sourcesOf(
  module: string,
  events: EventList<AnyEventType>,
  { events: described, told }: PublicEvents,
): readonly Source[] {
  if (described !== events)
    throw new Error(`the public events of ${module} are of other events than its streams`);
  return Object.entries(told).map(([name, each]) => ({ module, name, told: each, events }));
}

function publishedBy(sources: readonly Source[]): readonly PublishedType[] {
  const types = new Map<string, PublishedType>();
  for (const { module, name: source, told, events } of sources) {
    const isOfLedger = 'prefix' in events.streams && events.streams.prefix === journalPrefix;
    if ('because' in told) continue;
    for (const type of told) {
      const known = types.get(type.name);
      if (known !== undefined && (known.object !== type.object || known.module !== module))
        throw new Error(`two public events are called ${type.name}`);
      types.set(type.name, { ...type, module, isOfLedger, sources: [...(known?.sources ?? []), source] });
    }
  }
  return [...types.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
