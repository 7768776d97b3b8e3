import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { ApiParts, DeclaredProblems } from '@fintech-ledger/http';
import { mergedProblems } from './merged-problems';
import { decodeWith } from '@fintech-ledger/projection-runtime';
import type { Decode, DecodedEvent, Projection } from '@fintech-ledger/projection-runtime';
import type { Sql } from '@fintech-ledger/postgres';
import { withPolicies } from './command-policy';
import type { AnyDomain } from './any-domain';
import { joinedStreams } from './joined-streams';
import { moduleEffects } from './module-effects';
import type { ModuleEffects } from './module-effects';
import type { PrefixedStreams } from './joined-streams';
import type { ModuleManifest } from './module-manifest';

/** What a list of modules comes to: all that a process needs to know of what it runs. */
export class Modules {
  /** Every read model, in the order in which their rows are written. */
  readonly projections: readonly Projection<DecodedEvent>[];
  /** @throws PoisonEvent */
  readonly decode: Decode<DecodedEvent>;
  /** For projections that have `readsParts`. @throws PoisonEvent */
  readonly decodeParts: Decode<DecodedEvent>;
  /** What is written because of events and is no read model. */
  readonly outboxes: readonly string[];
  /** Names of the files of `schemas/sql`, in the order in which they are applied. */
  readonly migrations: readonly string[];
  readonly scopes: readonly string[];
  readonly refusals: readonly DeclaredRefusal[];
  /** Makes what does what events intend outside; undefined: none does. */
  readonly effects: ModuleEffects | undefined;
  private readonly streams: readonly PrefixedStreams[];
  private readonly domains: ReadonlyMap<string, AnyDomain>;

  /** @throws Error two modules claim the same, or one imports a module that is not in the list */
  constructor(readonly manifests: readonly ModuleManifest[]) {
    const names = new Set(manifests.map(({ name }) => name));
    for (const { name, imports } of manifests) {
      const missing = imports.find((other) => !names.has(other));
      if (missing !== undefined) throw new Error(`the module ${name} needs the module ${missing}`);
    }
    this.streams = joinedStreams(manifests);
    this.projections = manifests.flatMap(({ projections }) => projections);
    this.outboxes = manifests.flatMap(({ outboxes = [] }) => outboxes);
    this.decode = decodeWith(this.streams);
    this.decodeParts = decodeWith(this.streams, { inParts: true });
    this.migrations = [...new Set(manifests.flatMap(({ migrations }) => migrations))].sort();
    this.refusals = manifests.flatMap(({ refusals }) => refusals);
    this.scopes = manifests.flatMap(({ scopes }) => scopes);
    this.effects = moduleEffects(manifests);
    const policies = manifests.flatMap((manifest) => manifest.policies);
    this.domains = new Map(
      this.streams.map(({ prefix, domain }) => [
        prefix,
        withPolicies(
          domain,
          policies.filter(({ streamPrefix }) => streamPrefix === prefix),
        ),
      ]),
    );
    assertDifferent(
      'module',
      manifests.map(({ name }) => name),
    );
    assertDifferent('projection', [...this.projections.map(({ name }) => name), ...this.outboxes]);
    assertDifferent('scope', this.scopes);
    assertDifferent(
      'refusal',
      this.refusals.map(({ code }) => code),
    );
    assertDifferent('prefix of streams', this.streamPrefixes);
  }

  /** What the names of all streams begin with that have a module. */
  get streamPrefixes(): readonly string[] {
    return this.streams.map(({ prefix }) => prefix);
  }

  /** The names of all types of events. */
  get eventTypes(): readonly string[] {
    return this.streams.flatMap(({ events }) => events.names);
  }

  /** Of streams in which something becomes due. */
  get duePrefixes(): readonly string[] {
    return this.streams.flatMap(({ prefix, domain }) => (domain.dueCommand === undefined ? [] : [prefix]));
  }

  /** Whether some module has streams of this name. */
  hasStream(stream: string): boolean {
    return [...this.domains.keys()].some((prefix) => stream.startsWith(prefix));
  }

  /** Who decides about a stream. @throws Error no module has streams of this name */
  domainOf(stream: string): AnyDomain {
    for (const [prefix, domain] of this.domains) if (stream.startsWith(prefix)) return domain;
    throw new Error(`no module has the stream ${stream}`);
  }

  /** A stream is accepted as an older event store has it. @param last the last revision of that; -1: none */
  async takeBack(sql: Sql, stream: string, last: number): Promise<void> {
    for (const { takeBack } of this.manifests) await takeBack?.(sql, stream, last);
  }

  /** All operations and handlers. Loads Nest. */
  async api(): Promise<ApiParts & { readonly problems: DeclaredProblems }> {
    const parts = await Promise.all(this.manifests.flatMap(({ api }) => api.map((load) => load())));
    return {
      controllers: parts.flatMap(({ controllers }) => controllers),
      providers: parts.flatMap(({ providers }) => providers),
      problems: { ...mergedProblems(parts.map(({ problems }) => problems)), refusals: this.refusals },
    };
  }
}

function assertDifferent(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two modules have the ${what} ${twice}`);
}
