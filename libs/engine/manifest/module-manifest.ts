import type { AnyEventType, DeclaredRefusal, EventList } from '@fintech-ledger/contract';
import type { ApiParts } from '@fintech-ledger/http';
import type { Config } from '@fintech-ledger/config';
import type { AnyJoinable, AnyPart, Clock, EffectRunner, EffectWorld } from '@fintech-ledger/journal';
import type { Logger } from '@fintech-ledger/logging';
import type { DecodedEvent, Projection, ReadableStreams } from '@fintech-ledger/projection-runtime';
import type { Database, Sql } from '@fintech-ledger/postgres';
import type { PublicEvents } from '@fintech-ledger/shapes';
import type { AnyDomain } from './any-domain';
import type { CommandPolicy } from './command-policy';

/** Streams of one kind: what they hold, and who decides what is appended. */
export interface ModuleStreams extends ReadableStreams {
  readonly events: EventList<AnyEventType>;
  /** What clients are told of these events. */
  readonly publicEvents: PublicEvents;
  /** Parts of other modules may join a base. */
  readonly domain: AnyDomain | AnyJoinable;
  /** Told once, when others join: the types of events that these streams may hold in all. */
  readonly joined?: (eventTypes: readonly string[]) => void;
}

/** What a module has in streams that hold events of other modules too. */
export interface SharedStreams {
  readonly events: EventList<AnyEventType>;
  readonly publicEvents: PublicEvents;
  readonly part: AnyPart;
}

/** What a process gives to those that do effects, such as the adapter of a rail. */
export interface EffectResources extends EffectWorld {
  /** Shared with leases and checkpoints: nothing that takes long. Not closed by those who are given it. */
  readonly database: Database;
  /** The same, with the live tables of read models. */
  readonly liveTables: Sql;
  /** The secret of the installation, from which keys follow. */
  readonly secret: string;
  /** Of this process. Requests to others go through `platform/outbound`, made by the module as this says. */
  readonly config: Config;
  /** Where browsers reach the API: asked for whenever it is needed, as the API may not listen yet. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** All that a module says of itself; what the processes run comes from the list of these. */
export interface ModuleManifest {
  /** As its folder below libs/modules is called. */
  readonly name: string;
  /** The modules that it may import, all of which must be in the list too: the import law reads it here. */
  readonly imports: readonly string[];
  readonly streams: readonly (ModuleStreams | SharedStreams)[];
  /** What its rules refuse, each declared beside its rule: codes of the document and of the error reference. */
  readonly refusals: readonly DeclaredRefusal[];
  /** What a key may be allowed to do here. */
  readonly scopes: readonly string[];
  /** Read models, in the order in which their rows are written. */
  readonly projections: readonly Projection<DecodedEvent>[];
  /**
   * What it writes because of events and may not be written again, such as messages that are sent: by name, for an
   * operator who asks to have them rebuilt. Absent: nothing.
   */
  readonly outboxes?: readonly string[];
  /** Asked before a command is decided. */
  readonly policies: readonly CommandPolicy[];
  /**
   * Loads what does the effects of its events, such as calls of others. Only a process that writes does, when there is
   * one to be done. Absent: its events intend nothing.
   */
  readonly effects?: (resources: EffectResources) => Promise<EffectRunner>;
  /**
   * Takes back what else it keeps of a stream, in the transaction in which the stream is accepted as an older event
   * store has it; its read models are made again anyway. `last`: the last revision that the store has; -1: none.
   */
  readonly takeBack?: (sql: Sql, stream: string, last: number) => Promise<void>;
  /** The files of `schemas/sql` that make its tables. */
  readonly migrations: readonly string[];
  /**
   * Load its operations and handlers, and Nest with them: only the API's process does. They come in this order in the
   * document; what stands alone, such as a query with its projection, may be one of its own.
   */
  readonly api: readonly (() => Promise<ApiParts>)[];
}
