import { PostgresCheckpointStore, PostgresDueStreams } from '@fintech-ledger/checkpoint-store';
import { HttpForwarder, startCommandServer } from '@fintech-ledger/command-transport';
import { journalPrefix } from '@fintech-ledger/envelope';
import { PostgresEventStore, tracedEventStore } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { streamProblem } from '@fintech-ledger/installation';
import {
  DueWatch,
  GuardedClock,
  JournalWriter,
  RequestHashes,
  StreamWitness,
  tracedWriter,
  WriterDirectory,
  WriterMemory,
  WatchedEventStore,
  WriterUnavailable,
} from '@fintech-ledger/journal';
import type {
  Actors,
  CommandEnvelope,
  CommandOutcome,
  Clock,
  Clocks,
  EffectRunner,
  EffectWorld,
  GuardedClockOptions,
  OpenWriter,
  Ownership,
  WatchedWriters,
  WriterObserver,
} from '@fintech-ledger/journal';
import type { EffectResources, Modules } from '@fintech-ledger/manifest';
import type { Config } from '@fintech-ledger/config';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { liveTables } from '@fintech-ledger/projection-runtime';
import { instruments, isTracing } from '@fintech-ledger/telemetry';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { PostgresClockWitness } from './clock-confirmations';
import { recheckWriters } from './recheck-writers';

export interface WritersContext {
  /** Who decides about which streams, and does what their events intend outside. */
  readonly modules: Pick<Modules, 'domainOf' | 'duePrefixes' | 'effects' | 'projections'>;
  readonly eventStore: EventStore;
  /** What it is, as traces call it. Absent: by its class. */
  readonly storeSystem?: string;
  /** Where checkpoints live. Not closed by us. */
  readonly database: Database;
  /** Whether its clock is known to be another machine's. Absent: it may be ours. */
  readonly isDatabaseClockIndependent?: boolean;
  readonly cacheRecords: number;
  /** How much memory all of them may hold together. Absent: as much as there is. */
  readonly memoryBytesMax?: number;
  /** What those get that do effects, besides the database and the clock. Absent: nobody does any. */
  readonly resources?: Pick<EffectResources, 'config' | 'log' | 'publicUrl'> | undefined;
  /** How long a caller waits for its answer. Absent: 10 s. */
  readonly commandTimeoutMs?: number;
  /** Shared by all processes of the installation. */
  readonly secret: string;
  /** Where this process takes commands from others. */
  readonly host: string;
  /** Absent: a free one. */
  readonly port?: number;
  /** How others reach it. Absent: where it listens. */
  readonly address?: string;
  /** Who was revoked, and whether that is known. Absent: nobody ever is. */
  readonly actors?: Actors | undefined;
  /** What time it is for organizations. Absent: the same for all. */
  readonly clocks?: Clocks | undefined;
  readonly observer: WriterObserver;
  /** Says who writes which stream, given where this process is reached. */
  readonly ownership: (address: string) => Ownership & { close(): Promise<void> };
  /** For tests that move the clock. */
  readonly clock?: Pick<GuardedClockOptions, 'wallMs' | 'limits'>;
  /** By stream, for tests that decide times and ids. Absent: the system's clock and random ids. */
  readonly determined?: (stream: string) => { readonly clock: Clock; readonly newCommandId: () => string };
}

export interface Writers {
  readonly gateway: WriterDirectory;
  /** What all of them hold. */
  readonly memory: WriterMemory;
  /** What others have handed over and wait for. */
  underWay(): { readonly commands: number };
  close(): Promise<void>;
}

/** What the configuration says of them, and what those get that do effects. */
export function writerOptions(
  config: Config,
  log: Logger,
  publicUrl: () => string = () => config.publicUrl,
): Pick<WritersContext, 'cacheRecords' | 'commandTimeoutMs' | 'memoryBytesMax' | 'resources'> {
  const {
    writerCacheAccounts: cacheRecords,
    writerMemoryBytesMax: memoryBytesMax,
    commandTimeoutMs,
  } = config;
  return { cacheRecords, commandTimeoutMs, memoryBytesMax, resources: { config, log, publicUrl } };
}

interface SharedParts {
  readonly eventStore: WatchedEventStore;
  readonly checkpoints: PostgresCheckpointStore;
  readonly memory: WriterMemory;
  readonly clock: Clock;
  readonly effects: EffectRunner | undefined;
  readonly ownership: Ownership;
}

/** Makes the writer of a stream, with what all of them share. */
function writerOpener(
  context: WritersContext,
  { clock, ...shared }: SharedParts,
): (stream: string) => OpenWriter {
  const { modules, observer, cacheRecords, determined, actors, clocks, secret } = context;
  const requestHashes = new RequestHashes(secret);
  return (stream) => {
    const time = determined?.(stream) ?? { clock, newCommandId: randomUUID };
    const given = { ...shared, availability: shared.eventStore, observer, actors, clocks, requestHashes };
    const writer = new JournalWriter(
      stream,
      { domain: modules.domainOf(stream), ...given, ...time },
      { cacheRecords },
    );
    return isTracing() ? tracedWriter(writer, stream) : writer;
  };
}

/** Opens the one door for writes: writers of ledgers and organizations, with commands handed on to the process that owns a stream. */
export async function openWriters(context: WritersContext): Promise<Writers> {
  const checkpoints = new PostgresCheckpointStore(context.database, { secret: context.secret });
  checkpoints.startScrubbing((stream, reason) => context.observer.checkpointDropped(stream, reason));
  const system =
    context.storeSystem ?? (context.eventStore instanceof PostgresEventStore ? 'postgresql' : 'eventstoredb');
  const { eventStore: store } = context;
  const eventStore = new WatchedEventStore(isTracing() ? tracedEventStore(store, system) : store, {
    onChange: (isAvailable, reason) => context.observer.storeChanged(isAvailable, reason),
    probeStream: `${journalPrefix}probe`,
  });
  instruments.eventStoreAvailable.record(1);
  const clock = new GuardedClock({
    witness: new PostgresClockWitness(context.database, context.isDatabaseClockIndependent ?? false),
    onDoubt: (reason) => context.observer.clockDoubted(reason),
    uptimeMs: () => os.uptime() * 1_000,
    ...context.clock,
  });
  if (context.determined === undefined) await clock.start();
  const memory = new WriterMemory(context.memoryBytesMax ?? Infinity);
  memory.start();
  const { commandTimeoutMs: patienceMs = 10_000 } = context;
  const forwarder = new HttpForwarder({ secret: context.secret, timeoutMs: patienceMs + 5_000 });
  const opened: { gateway?: WriterDirectory } = {};
  const submit = (envelope: CommandEnvelope): Promise<CommandOutcome> =>
    opened.gateway?.submit(envelope) ??
    Promise.reject(new WriterUnavailable('this process is still starting'));
  const server = await startCommandServer({
    submitHere: (envelope) =>
      opened.gateway?.submitHere(envelope) ??
      Promise.reject(new WriterUnavailable('this process is still starting')),
    secret: context.secret,
    host: context.host,
    port: context.port ?? 0,
  });
  const address = context.address ?? server.address;
  const ownership = context.ownership(address);
  const { duePrefixes } = context.modules;
  const streams = new PostgresDueStreams(context.database, { address, streamPrefixes: duePrefixes });
  const effects = effectsOf(context, { gateway: { submit }, eventStore, due: streams, clock });
  const shared = { eventStore, checkpoints, memory, clock, effects, ownership };
  const openWriter = writerOpener(context, shared);
  const parts = { openWriter, ownership, forwarder, availability: eventStore, witness: witnessOf(context) };
  const gateway = new WriterDirectory({ ...parts, patienceMs });
  const endRechecks = recheckWriters(gateway);
  opened.gateway = gateway;
  const watch = watchOf(context, gateway, streams, clock);
  if (context.determined === undefined) watch.start();
  return {
    ...{ gateway, memory },
    underWay: () => ({ commands: server.underWay() }),
    async close() {
      await watch.close();
      clock.stop();
      memory.stop();
      endRechecks();
      await gateway.close();
      await eventStore.close();
      await checkpoints.close();
      await server.close();
      await ownership.close(); // when everything that was taken is stored
      await forwarder.close();
    },
  };
}

function effectsOf(
  { database, modules, resources, secret }: WritersContext,
  world: EffectWorld & Pick<EffectResources, 'clock'>,
): EffectRunner | undefined {
  if (resources === undefined || modules.effects === undefined) return undefined;
  const tables = liveTables(database, modules.projections);
  return modules.effects({ ...world, ...resources, database, liveTables: tables, secret });
}

function watchOf(
  { modules: { duePrefixes }, clocks, observer }: WritersContext,
  gateway: WriterDirectory,
  streams: PostgresDueStreams,
  clock: Clock,
): DueWatch {
  // In other streams nothing becomes due.
  const isDue = (stream: string): boolean => duePrefixes.some((prefix) => stream.startsWith(prefix));
  const writers: WatchedWriters = {
    running: () => gateway.running(),
    unattended: () => gateway.unattended().filter(isDue),
    attend: (stream) => gateway.attend(stream),
  };
  return new DueWatch({ streams, writers, clock, clocks, observer });
}

function witnessOf({ eventStore, database, observer }: WritersContext): StreamWitness {
  return new StreamWitness({
    problemOf: async (stream) => (await streamProblem(eventStore, database, stream))?.reason,
    onRefused: (stream, error) => observer.stopped(stream, error),
  });
}
