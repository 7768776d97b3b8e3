import type { EventStore } from '@fintech-ledger/event-store';
import type { Actors } from './actors';
import type { CheckpointStore } from './checkpoint-store';
import type { Clock, Clocks } from './clock';
import type { DomainEvent, DomainRecord, JournalDomain } from './domain';
import type { EffectRunner } from './effect';
import type { CommandEnvelope } from './gateway';
import type { journalLimits } from './limits';
import type { WriterObserver } from './observer';
import type { Ownership } from './ownership';
import type { Turns } from './turns';
import type { WriterMemory } from './writer-memory';
import type { StoreAvailability } from './watched-event-store';

export type JournalLimits = { readonly [K in keyof typeof journalLimits]: number };

export interface WriterOptions {
  /** Records kept in memory beyond the dirty ones. */
  readonly cacheRecords: number;
  readonly limits?: Partial<JournalLimits>;
}

/** What is kept of requests, see `RequestHashes`. */
interface KeptHashes {
  of<C>(envelope: CommandEnvelope<C>): CommandEnvelope<C>;
  isSame(kept: string, keyed: string): boolean;
}

/** What a writer needs of the event store. */
export type JournalStore = Pick<EventStore, 'append' | 'limits' | 'readStream'>;

export interface WriterDependencies<C, E extends DomainEvent, R extends DomainRecord> {
  readonly domain: JournalDomain<C, E, R>;
  readonly eventStore: JournalStore;
  readonly checkpoints: CheckpointStore;
  readonly clock: Clock;
  /** What time it is for organizations. Absent: as for us. */
  readonly clocks?: Clocks | undefined;
  /** Absent: nobody watches the store. */
  readonly availability?: StoreAvailability;
  /** Whose the stream is. Absent: this process is alone. */
  readonly ownership?: Pick<Ownership, 'confirms' | 'holds'> | undefined;
  /** Absent: nobody is ever revoked. */
  readonly actors?: Actors | undefined;
  /** Does what events intend. Absent: nobody does. */
  readonly effects?: EffectRunner<C> | undefined;
  readonly observer: WriterObserver;
  /** What is kept of requests beside their keys. Absent: their plain hashes. */
  readonly requestHashes?: KeptHashes;
  /** What it shares with the others of its process. Absent: no bound. */
  readonly memory?: Pick<WriterMemory, 'add' | 'hasRoom' | 'queue'>;
  /** When it may decide. Absent: in the turns that all writers of this process share. */
  readonly turns?: Turns;
  /** Of a trial: what comes after this revision is in no store, and answers say so. Absent: it is none. */
  readonly triedAfter?: number;
  /** A fresh id: for each writer, and for each command that came without an idempotency key. */
  readonly newCommandId: () => string;
}
