import { BrokenInvariant, messageOf, refused } from '@fintech-ledger/contract';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckpointSnapshot } from './checkpoint-store';
import { systemClock } from './clock';
import type { DomainEvent, DomainRecord } from './domain';
import { WriterUnavailable } from './gateway';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from './gateway';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';
import { dryRunTooLarge } from './refusals';
import type { TrialsOptions } from './trial-options';
import { TriedCheckpoint } from './tried-checkpoint';
import { TriedEvents } from './tried-events';
import { TrialMemory } from './trial-memory';
import type { MemoryHolder } from './writer-memory';

/** A dry run of many commands, until it is closed. */
export interface OpenTrial extends CommandGateway {
  close(): void;
}

/** What a trial asks of those beside it. */
interface TrialBounds {
  /** Whether it has more than its share of what there is. */
  isTooLarge(): boolean;
  ended(): void;
}

interface AskedOfTrial {
  readonly msMax: number;
  readonly mayIdle: boolean;
  /** The revision of a stream that its client knows of, if any: the store may be read from a follower. */
  readonly knownRevision?: KnownRevision;
}

export type KnownRevision = (stream: string) => number | undefined | Promise<number>;

interface TriedStream {
  readonly writer: JournalWriter<unknown, DomainEvent, DomainRecord>;
  /** About as many bytes as it keeps of what was tried. */
  kept(): number;
  /** And as many as its writer has not saved yet. */
  unsaved(): number;
}

/** How long it is waited until a follower has what its client knows of. */
const headMsMax = 5_000;
const headRetryMs = 50;

/**
 * A dry run of many commands, each judged with what those before it did. They are decided by writers of their own, as
 * every command is, over the streams as the store has them when the trial comes to them; what these writers record
 * and save stays in memory, until the trial is closed. Nothing is done outside, and no stream is taken from its owner.
 */
export class Trial implements OpenTrial {
  private readonly streams = new Map<string, Promise<TriedStream>>();
  private readonly opened: TriedStream[] = [];
  private snapshot: Promise<CheckpointSnapshot> | undefined;
  private isClosed = false;
  private underWay = 0;
  private usedAtMs = performance.now();
  private readonly endsAtMs: number;

  constructor(
    private readonly options: TrialsOptions,
    private readonly bounds: TrialBounds,
    private readonly asked: AskedOfTrial,
  ) {
    this.endsAtMs = performance.now() + asked.msMax;
    options.memory?.add(this.holder());
  }

  /** About as many bytes as it holds. */
  get bytes(): number {
    return this.opened.reduce((sum, stream) => sum + stream.kept() + stream.unsaved(), 0);
  }

  /** For how long nothing has been asked of it, where that depends on a client. */
  get idleMs(): number {
    return this.underWay > 0 || !this.asked.mayIdle ? 0 : performance.now() - this.usedAtMs;
  }

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    this.underWay += 1;
    return this.judge(envelope).finally(() => {
      this.underWay -= 1;
      this.usedAtMs = performance.now();
    });
  }

  private judge(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const over = this.whyOver();
    if (over !== undefined) return Promise.reject(over);
    if (this.bounds.isTooLarge())
      return Promise.resolve(refused(dryRunTooLarge, 'What was tried so far takes all memory for dry runs.'));
    // It waits for nothing that others do, and its first command for a load that may take long.
    const asked = { ...envelope, deadline: undefined };
    return this.streamOf(asked.stream).then(({ writer }) =>
      writer.submit(asked).catch((error: unknown) => {
        throw writer.isStopped ? new WriterUnavailable(messageOf(error), 1, { isFinal: true }) : error;
      }),
    );
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { writer } of this.opened) writer.stop(ended());
    void this.snapshot?.then((snapshot) => snapshot.close()).catch(() => undefined);
    this.bounds.ended();
  }

  private whyOver(): WriterUnavailable | undefined {
    if (this.isClosed) return ended();
    if (performance.now() < this.endsAtMs) return undefined;
    const detail = `the dry run has taken longer than ${this.asked.msMax / 60_000} minutes`;
    return new WriterUnavailable(detail, 1, { isFinal: true });
  }

  /** One that could not be opened is opened again: nothing was tried in it. */
  private streamOf(stream: string): Promise<TriedStream> {
    const known = this.streams.get(stream);
    if (known !== undefined) return known;
    const opening = this.open(stream);
    this.streams.set(stream, opening);
    opening.catch(() => this.streams.delete(stream));
    return opening;
  }

  private async open(stream: string): Promise<TriedStream> {
    const { actors, cacheRecords, clock = systemClock, clocks, eventStore, requestHashes } = this.options;
    const snapshot = await this.takeSnapshot();
    // Later than the snapshot, so that nothing is in that and not in what is read of the stream.
    const triedAfter = await this.headOf(stream);
    const events = new TriedEvents(eventStore, triedAfter);
    const checkpoints = new TriedCheckpoint(snapshot);
    const memory = new TrialMemory(this.options.memory);
    const domain = this.options.domainOf(stream);
    const stopped = (_stream: string, error: Error): void => {
      if (error instanceof BrokenInvariant) this.options.onBroken?.(stream, error);
    };
    const writer = new JournalWriter(
      stream,
      {
        ...{ actors, checkpoints, clock, clocks, domain, eventStore: events, memory, triedAfter },
        ...(requestHashes !== undefined && { requestHashes }),
        observer: { ...silentObserver, stopped },
        newCommandId: randomUUID,
      },
      { cacheRecords },
    );
    await writer.load();
    if (this.isClosed) {
      writer.stop(ended());
      throw ended();
    }
    const kept = (): number => events.bytes + checkpoints.bytes;
    const opened = { writer, kept, unsaved: () => memory.unsaved };
    this.opened.push(opened);
    return opened;
  }

  /** @throws WriterUnavailable, StoreUnavailable */
  private async headOf(stream: string): Promise<number> {
    const known = (await this.asked.knownRevision?.(stream)) ?? -1;
    const giveUpAtMs = performance.now() + headMsMax;
    for (;;) {
      const [head] = await this.options.eventStore.readStream(stream, { direction: 'backwards', limit: 1 });
      const revision = head?.revision ?? -1;
      if (revision >= known) return revision;
      if (performance.now() > giveUpAtMs) throw new WriterUnavailable(`${stream} is not read up to its end`);
      await sleep(headRetryMs);
    }
  }

  private takeSnapshot(): Promise<CheckpointSnapshot> {
    if (this.snapshot === undefined) {
      const taking = this.options.checkpoints.snapshot();
      this.snapshot = taking;
      taking.catch(() => (this.snapshot = undefined));
    }
    return this.snapshot;
  }

  /** What it holds besides what its writers say of themselves: that can't be let go before its end. */
  private holder(): MemoryHolder {
    const { opened } = this;
    const isStopped = (): boolean => this.isClosed;
    return {
      get isStopped() {
        return isStopped();
      },
      isIdle: false,
      usedAtMs: Infinity,
      held() {
        const unsaved = opened.reduce((sum, { kept }) => sum + kept(), 0);
        return { decided: 0, unsaved, cached: 0, due: 0 };
      },
      evict: () => undefined,
      save: () => undefined,
    };
  }
}

const ended = (): WriterUnavailable => new WriterUnavailable('the dry run has ended', 1, { isFinal: true });
