import type { EventStore, Subscription } from '@fintech-ledger/event-store';
import { TopicMadeAnew } from '@fintech-ledger/kafka';
import {
  haltCodeOf,
  insertHalted,
  noHead,
  reasonOf,
  relayName,
  Rereader,
  SuspendedStreams,
} from '@fintech-ledger/projection-runtime';
import type { Rereadable, StreamHalt } from '@fintech-ledger/projection-runtime';
import type { Database } from '@fintech-ledger/postgres';
import { loadCheckpoint, saveCheckpoint } from './checkpoint';
import type { RelayCheckpoint } from './checkpoint';
import { batchEventsMax, gatherMs, topicCheckMs } from './limits';
import type { RelayObserver } from './observer';
import { RelayRun } from './relay-run';
import { resendStream } from './resend-stream';
import { StreamHeads } from './stream-heads';
import type { OpenTarget, RelayTarget } from './target';

interface PassageOptions {
  readonly store: Pick<EventStore, 'subscribe' | 'readStream'>;
  readonly db: Database;
  readonly target: RelayTarget;
  readonly streamPrefixes: readonly string[];
  readonly observer: RelayObserver;
  readonly signal: AbortSignal;
}

const fromNothing: RelayCheckpoint = { position: undefined, offsets: new Map(), epoch: 0 };

/** From the checkpoint on, until it is lost or stopped: reads the store, sends, saves how far, and takes care of streams that are halted. */
export class Passage {
  private readonly heads: StreamHeads;
  private readonly name: string;
  private readonly suspended = new SuspendedStreams();
  private readonly rereader: Rereader;
  private opened: OpenTarget | undefined;
  private run: RelayRun | undefined;
  private reading: Subscription | undefined;
  private sending: Promise<unknown> = Promise.resolve();
  private saved: RelayCheckpoint | undefined;
  private saving: Promise<void> | undefined;
  private checkedAt = performance.now();
  private unsaved = new Set<string>();

  private constructor(
    private readonly options: PassageOptions,
    private readonly from: RelayCheckpoint,
  ) {
    const { db, target, observer } = options;
    this.heads = new StreamHeads(target.topic);
    this.name = relayName(target.topic);
    this.rereader = new Rereader({
      db,
      observer: {
        halted: ({ stream = '', reason }) => observer.halted?.({ stream, reason }),
        resumed: (facts) => observer.resumed?.(facts),
      },
      members: [this.rereadable()],
      owns: () => true,
      isUnsaved: (_name, stream) => this.unsaved.has(stream),
    });
  }

  /** @throws TopicInvalid */
  static async open(options: PassageOptions): Promise<Passage> {
    const { db, target } = options;
    const from = (await loadCheckpoint(db, target.topic)) ?? fromNothing;
    // Without a checkpoint only the topic itself says what it has.
    if (from === fromNothing) {
      await db.transaction(async (sql) => {
        await sql.query(`delete from relay.streams where topic = $1`, [target.topic]);
        await saveCheckpoint(sql, target.topic, from);
      });
    }
    const passage = new Passage(options, from);
    passage.opened = await options.target.open((stream) => ({
      epoch: from.epoch,
      generation: passage.rereader.generations.get(stream) ?? 0,
    }));
    return passage;
  }

  /** @throws TopicMadeAnew */
  async begin(hasRun: (run: RelayRun) => void): Promise<void> {
    const { opened, from } = this;
    const { store, streamPrefixes, observer, signal } = this.options;
    if (opened === undefined) return;
    this.run = new RelayRun(opened, from, this.heads, observer, signal, this.suspended);
    hasRun(this.run);
    const tail = await opened.tailAfter(from.offsets, from.epoch);
    await this.rereader.start();
    for (const [stream, { revision, hash, generation }] of tail) {
      if (generation >= (this.rereader.generations.get(stream) ?? 0))
        this.heads.set(stream, { revision, hash });
    }
    observer.started?.({ position: from.position ?? null, skipping: tail.size });
    const reading = store.subscribe({
      streamPrefixes,
      batchEventsMax,
      gatherMs,
      ...(from.position === undefined ? {} : { after: from.position }),
    });
    this.reading = reading;
    signal.addEventListener('abort', () => void reading.close());
    if (signal.aborted) await reading.close();
  }

  /** While one batch is on its way the next one is read. */
  async pass(lost: (error: unknown) => void): Promise<void> {
    const { reading, run } = this;
    if (reading === undefined || run === undefined) return;
    let inFlight: Promise<void> = Promise.resolve();
    for await (const events of reading) {
      await inFlight;
      const last = events.at(-1);
      if (last === undefined) continue;
      inFlight = this.exclusively(async () => {
        await this.heads.load(this.options.db, new Set(events.map(({ stream }) => stream)));
        await run.relay(events, last.position, async (halts) => {
          for (const halt of halts) await this.halt(halt);
        });
      });
      // The store may have nothing more for a long time: a failure must end the waiting for it.
      inFlight.catch(lost);
    }
    await inFlight;
  }

  /** Saves how far it is, and from time to time asks whether the topic is still the one that was sent to. */
  look(lost: (error: unknown) => void): void {
    // The next one saves it.
    if (this.saving === undefined) {
      this.saving = this.save()
        .catch(() => undefined)
        .finally(() => (this.saving = undefined));
    }
    if (performance.now() - this.checkedAt < topicCheckMs) return;
    this.checkedAt = performance.now();
    this.opened?.check(this.run?.offsets ?? new Map()).catch((error: unknown) => {
      if (error instanceof TopicMadeAnew) lost(error);
    });
  }

  async close(): Promise<void> {
    await this.rereader.stop();
    await this.reading?.close();
    await this.saving;
    await this.save().catch(() => undefined);
    await this.opened?.close().catch(() => undefined);
  }

  /** Forgets what the topic had: the next passage sends everything, and says in each record that it is a new one. */
  async beginAnew(reason: string): Promise<void> {
    const { db, target, observer } = this.options;
    this.run = undefined;
    await this.saving;
    const epoch = this.from.epoch + 1;
    await db.transaction(async (sql) => {
      await sql.query(`delete from relay.streams where topic = $1`, [target.topic]);
      await saveCheckpoint(sql, target.topic, { position: undefined, offsets: new Map(), epoch });
    });
    observer.madeAnew?.({ epoch, reason });
  }

  /** The store was put back, or is another one: the next passage reads all of it, and sends of each stream what follows what the topic has. */
  async beginAtStart(): Promise<void> {
    const { db, target } = this.options;
    await this.saving;
    const reached = this.run?.checkpoint ?? this.from;
    await saveCheckpoint(db, target.topic, { ...reached, position: undefined });
    this.run = undefined;
  }

  private async save(): Promise<void> {
    const { db, target } = this.options;
    const checkpoint = this.run?.checkpoint;
    if (checkpoint === undefined || checkpoint === this.saved) return;
    const heads = await db.transaction(async (sql) => {
      await saveCheckpoint(sql, target.topic, checkpoint);
      return this.heads.save(sql);
    });
    this.saved = checkpoint;
    this.heads.saved(heads);
  }

  private async halt({ stream, revision, cause }: StreamHalt): Promise<void> {
    this.unsaved.add(stream);
    await insertHalted(this.options.db, {
      projection: this.name,
      stream,
      revision,
      reason: reasonOf(cause),
      code: haltCodeOf(cause),
    }).finally(() => this.unsaved.delete(stream));
    this.rereader.wake();
  }

  /** Batches and streams that are sent again take turns, so that each stream's order holds. */
  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.sending.then(work);
    this.sending = result.catch(() => undefined);
    return result;
  }

  private rereadable(): Rereadable {
    const { db, store, target } = this.options;
    const load = async (stream: string) => {
      await this.heads.load(db, [stream]);
      return this.heads.get(stream);
    };
    return {
      name: relayName(target.topic),
      suspended: this.suspended,
      suspend: (stream, revision) => {
        this.suspended.add(stream, revision);
        this.heads.forget(stream);
      },
      resume: (stream) => this.suspended.delete(stream),
      reached: async (stream) => (await load(stream))?.revision ?? -1,
      reread: async (stream, isAnew) => {
        const known = isAnew ? undefined : await load(stream);
        return resendStream(store, stream, known, (page, head) =>
          this.exclusively(async () => (await this.run?.resend(page, head)) ?? { head: noHead }),
        );
      },
    };
  }
}
