import type { AnyEventType, EventList } from './event-list';
import type { EventVersion } from './event-type';

/** The events of one module. */
export interface ModuleEvents {
  readonly module: string;
  readonly events: EventList<AnyEventType>;
}

/** The event types of all modules of a product. */
export class EventRegistry {
  /** By name. */
  readonly types: readonly AnyEventType[];

  constructor(private readonly lists: readonly ModuleEvents[]) {
    this.types = lists.flatMap(({ events }) => events.types).sort((a, b) => (a.name < b.name ? -1 : 1));
    const twice = this.types.find(({ name }, index) => this.types[index + 1]?.name === name);
    if (twice) throw new Error(`two modules have an event type ${twice.name}`);
  }

  /** What the names of the streams begin with that are read by everybody; a stream with a name of its own is its module's affair. */
  get streamPrefixes(): readonly string[] {
    const prefixes = this.lists.flatMap(({ events: { streams } }) =>
      'prefix' in streams ? [streams.prefix] : [],
    );
    return [...new Set(prefixes)];
  }

  /** Every version of every type, by name. */
  *versions(): Generator<EventVersion & { readonly name: string; readonly module: string }> {
    const modules = new Map(
      this.lists.flatMap(({ module, events }) => events.names.map((name) => [name, module])),
    );
    for (const { name, versions } of this.types)
      for (const version of versions) yield { name, module: modules.get(name) ?? '', ...version };
  }
}

/** The JSON Schema of a version of an event type, as a file has it. */
export function schemaText({ name, version, description, schema }: EventVersion & { readonly name: string }) {
  const { type, ...rules } = schema.json;
  const definitions = Object.entries(schema.definitions).sort(([a], [b]) => (a < b ? -1 : 1));
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:fintech-ledger:event:${name}:v${version}`,
    title: `${name}, version ${version}`,
    description,
    type,
    ...rules,
    ...(definitions.length === 0 ? {} : { $defs: Object.fromEntries(definitions) }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
