import { Places } from '@fintech-ledger/contract';
import type { WatchedWriters } from './due-watch';
import {
  CommandOutcomeUnknown,
  NotOwner,
  notInTime,
  storeLost,
  withDeadline,
  WriterUnavailable,
} from './gateway';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from './gateway';
import { inTime } from './in-time';
import type { OpenWriter } from './open-writer';
import type { Forwarder, Ownership } from './ownership';
import { notReached, submitWithPatience } from './submit-with-patience';
import type { StreamWitness } from './stream-witness';
import type { StoreAvailability } from './watched-event-store';

export interface WriterDirectoryOptions {
  /** Makes the writer of a stream; it is not loaded yet. */
  readonly openWriter: (stream: string) => OpenWriter;
  readonly ownership: Ownership;
  readonly forwarder?: Forwarder;
  /** Absent: nobody watches the store. */
  readonly availability?: StoreAvailability;
  /** Absent: every stream is written. */
  readonly witness?: StreamWitness;
  /** Writers in memory at most; idle ones are closed beyond it. */
  readonly writersMax?: number;
  /** How long a caller waits for its answer. */
  readonly patienceMs?: number;
  /** How long it rests between two attempts. */
  readonly retryMs?: number;
}

interface Entry {
  readonly writer: OpenWriter;
  /** Undefined once loaded: then a command goes straight in. */
  loading: Promise<void> | undefined;
}

/** Writers loaded at a time: some connections must be left to appends. */
const loadsAtOnce = 8;

/** The one door for commands: to the writer of their stream, here or in the process that owns it. */
export class WriterDirectory implements CommandGateway, WatchedWriters {
  /** In the order in which they were used last, from when there are many on. */
  private readonly entries = new Map<string, Entry>();
  /** Writers that were loaded although nobody sent them a command: the first to go when there are too many. */
  private readonly unasked = new Set<string>();
  private readonly loads = new Places(loadsAtOnce);
  /** Streams of ours whose writer was closed, or could not be loaded, with something that no checkpoint has. */
  private readonly unsaved = new Set<string>();
  private readonly closing = new Map<string, Promise<void>>();
  private readonly writersMax: number;
  private readonly patienceMs: number;
  private isClosed = false;

  constructor(private readonly options: WriterDirectoryOptions) {
    this.writersMax = options.writersMax ?? 1_000;
    this.patienceMs = options.patienceMs ?? 10_000;
    options.ownership.onLost((streams) => this.lost(streams));
  }

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    return this.submitTo(envelope, true);
  }

  /** As `submit`, for commands that another process handed over: they are not handed on. */
  submitHere(envelope: CommandEnvelope): Promise<CommandOutcome> {
    return this.submitTo(envelope, false);
  }

  /** Lets every writer finish and gives up their streams. Commands that come now are refused. */
  async close(): Promise<void> {
    this.isClosed = true;
    const entries = [...this.entries];
    this.entries.clear();
    await Promise.all(entries.map(([stream, entry]) => this.closeEntry(stream, entry)));
  }

  get size(): number {
    return this.entries.size;
  }

  running(): readonly string[] {
    return [...this.entries].flatMap(([stream, { writer }]) => (writer.isStopped ? [] : [stream]));
  }

  unattended(): readonly string[] {
    const stopped = [...this.entries].flatMap(([stream, { writer }]) => (writer.isStopped ? [stream] : []));
    return [...this.unsaved, ...stopped];
  }

  async attend(stream: string): Promise<void> {
    if (this.isClosed) throw new WriterUnavailable('this process is stopping');
    const owner = await this.acquire(stream);
    const known = this.entries.get(stream);
    // What is running here has not seen what the owner wrote that is no more.
    if (known) {
      this.entries.delete(stream);
      await known.writer.close();
    }
    if (owner.kind !== 'held') {
      this.unsaved.delete(stream);
      return;
    }
    const entry = this.open(stream);
    if (entry.loading) this.unasked.add(stream);
    await entry.loading;
  }

  /** Stops the writer of a stream when the store does not have any more what is known of it. */
  async recheck(stream: string): Promise<void> {
    const entry = this.entries.get(stream);
    if (entry && entry.loading === undefined) await this.options.witness?.recheck(stream, entry.writer);
  }

  private submitTo(command: CommandEnvelope, mayForward: boolean): Promise<CommandOutcome> {
    const envelope = withDeadline(command, this.patienceMs);
    const entry = this.entries.get(envelope.stream);
    if (entry && entry.loading === undefined && !entry.writer.isStopped) {
      this.used(envelope.stream, entry);
      return entry.writer.submit(envelope).catch((error: unknown) => {
        const before = error instanceof CommandOutcomeUnknown ? error : undefined;
        if (!entry.writer.isStopped || !(before ?? error instanceof WriterUnavailable)) throw error;
        return this.find(envelope, mayForward, before);
      });
    }
    return this.find(envelope, mayForward);
  }

  private find(envelope: CommandEnvelope, mayForward: boolean, before?: CommandOutcomeUnknown) {
    return submitWithPatience(envelope, () => this.attempt(envelope, mayForward), {
      ...(before && { before }),
      patienceMs: this.patienceMs,
      ...(this.options.retryMs !== undefined && { retryMs: this.options.retryMs }),
      ...(!mayForward && { isOver: (error) => error instanceof NotOwner }),
      hopeless: () => this.hopeless(),
    });
  }

  /** Why no writer could take a command at the moment. */
  private hopeless(): WriterUnavailable | undefined {
    if (this.isClosed) return new WriterUnavailable('this process is stopping');
    const lost = this.options.availability?.lost;
    return lost === undefined ? undefined : storeLost(lost);
  }

  private async attempt(envelope: CommandEnvelope, mayForward: boolean): Promise<CommandOutcome> {
    const { stream, deadline } = envelope;
    const known = this.entries.get(stream);
    if (known && !known.writer.isStopped) return this.submitLoaded(known, envelope);
    if (known) this.entries.delete(stream);
    // Until a writer has the command nothing of it is written, whatever goes wrong.
    const owner = await inTime(this.acquire(stream), deadline, () => notInTime(stream)).catch(notReached);
    if (owner.kind === 'held') return this.submitLoaded(this.open(stream), envelope);
    if (!mayForward || !this.options.forwarder) throw new NotOwner(stream);
    return this.options.forwarder.forward(owner.address, envelope);
  }

  /** Their writers must not answer any more: what another process has written is not in them. */
  private lost(streams: readonly string[]): void {
    for (const stream of streams) {
      this.entries.get(stream)?.writer.leave(new NotOwner(stream));
      for (const known of [this.entries, this.unasked, this.unsaved]) known.delete(stream);
    }
  }

  private async submitLoaded(entry: Entry, envelope: CommandEnvelope): Promise<CommandOutcome> {
    const { deadline, stream } = envelope;
    this.used(stream, entry);
    if (entry.loading) await inTime(entry.loading, deadline, () => notInTime(stream)).catch(notReached);
    return entry.writer.submit(envelope);
  }

  private open(stream: string): Entry {
    const existing = this.entries.get(stream);
    if (existing && !existing.writer.isStopped) return existing;
    const writer = this.options.openWriter(stream);
    const entry: Entry = { writer, loading: undefined };
    const { witness } = this.options;
    const load = async (): Promise<void> => {
      if (this.isClosed) throw new WriterUnavailable('this process is stopping');
      await (witness === undefined ? writer.load() : witness.load(stream, writer));
    };
    entry.loading = this.loads.use(load).then(() => {
      entry.loading = undefined;
      this.unsaved.delete(stream);
    });
    // Anyone who waits for it sees the failure; nobody may be waiting any more.
    entry.loading.catch(() => {
      if (this.entries.get(stream) === entry) this.entries.delete(stream);
      this.unsaved.add(stream);
    });
    this.entries.set(stream, entry);
    this.closeIdle();
    return entry;
  }

  /** Kept in order only when some may have to go: it costs every command a little. */
  private used(stream: string, entry: Entry): void {
    if (this.unasked.size > 0) this.unasked.delete(stream);
    if (this.entries.size <= this.writersMax / 2 || this.entries.get(stream) !== entry) return;
    this.entries.delete(stream);
    this.entries.set(stream, entry);
  }

  /** Looks no further than it must. */
  private closeIdle(): void {
    for (const streams of [this.unasked, this.entries.keys()]) {
      for (const stream of streams) {
        if (this.entries.size <= this.writersMax) return;
        this.closeIfIdle(stream);
      }
    }
  }

  private closeIfIdle(stream: string): void {
    const entry = this.entries.get(stream);
    if (entry && (entry.loading || !entry.writer.isIdle)) return;
    this.unasked.delete(stream);
    this.entries.delete(stream);
    if (entry) void this.closeEntry(stream, entry);
  }

  /** What is being given up is taken again when that is over: it would be given up with another writer at work. */
  private async acquire(stream: string): ReturnType<Ownership['acquire']> {
    await this.closing.get(stream);
    return this.options.ownership.acquire(stream);
  }

  private closeEntry(stream: string, entry: Entry): Promise<void> {
    const closing = this.giveUp(stream, entry).finally(() => this.closing.delete(stream));
    this.closing.set(stream, closing);
    return closing;
  }

  private async giveUp(stream: string, entry: Entry): Promise<void> {
    await entry.loading?.catch(() => undefined);
    // One that is not whole is kept: whoever takes it over looks at the journal for what is due.
    if (await entry.writer.close()) await this.options.ownership.release(stream);
    else this.unsaved.add(stream);
  }
}
