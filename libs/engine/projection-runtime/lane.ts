import { BrokenInvariant } from '@fintech-ledger/contract';
import type { FeedReader } from '@fintech-ledger/event-feed';
import type { Sql } from '@fintech-ledger/postgres';
import { isTracing } from '@fintech-ledger/telemetry';
import { checkHalted, hasRoomFor } from './check-halted';
import { reachedByAll, saveFeedToken } from './checkpoints';
import { CheckpointMoved, reasonOf, type WriteFailed } from './errors';
import type { Watched } from './feed-watch';
import { foldBatch } from './fold-batch';
import type { FoldedBatch, Halt } from './fold-batch';
import { isOfItsEvents } from './is-passing';
import { LaneMembers } from './lane-members';
import type { LaneOptions } from './lane-options';
import { sharedAttemptsMax, silentMs } from './limits';
import { OneAtATime } from './one-at-a-time';
import { batchOf } from './parsed-batch';
import type { ParsedBatch } from './parsed-batch';
import { Rereader } from './rereader';
import type { FollowedProjection } from './rebuild/followed';
import { traceBatch } from './trace-batch';
import { writeApart } from './write-apart';
import { writeBatch } from './write-batch';

/**
 * Projections that stand at the same place of the feed: each batch is read and parsed once, folded for all, and written in one transaction
 * with their checkpoints. While Postgres works on a batch the next one is read and folded. A stream that can't go on is halted alone.
 */
export class Lane<E> implements Watched {
  private readonly reader: FeedReader;
  private readonly members: LaneMembers<E>;
  private readonly rereader: Rereader;
  private isClosed = false;
  private isWriting = false;
  /** Halts that are in no table yet. */
  private unsaved: readonly Halt[] = [];
  /** What was folded ahead rests on a batch that was written otherwise than it was folded. */
  private isDisturbed = false;
  /** Folding rests on what is known to be written, or on its way: neither may change meanwhile. */
  private readonly folding = new OneAtATime();
  /** When the oldest event was recorded that was read and is not written (milliseconds since 1970); null: there is none. */
  private waiting: number | null = null;
  /** When it last got on. */
  private movedAt = performance.now();

  constructor(private readonly options: LaneOptions<E>) {
    const { db, observer, followed } = options;
    const members = new LaneMembers(options);
    this.members = members;
    this.reader = options.feed.open({
      streamPrefixes: [...new Set(followed.flatMap(({ streamPrefixes }) => streamPrefixes))],
      batchEventsMax: options.batchEventsMax,
      onForeign: (reason) => observer.foreign?.(reason),
      ...(options.after === undefined ? {} : { after: options.after }),
      ...(options.isShared === true && { reached: () => reachedByAll(options, members.live) }),
    });
    this.rereader = new Rereader({
      db,
      observer,
      get members() {
        return members.rereadables;
      },
      owns: (stream) => this.reader.owns?.(stream) ?? true,
      isUnsaved: (projection, stream) =>
        this.unsaved.some((halt) => halt.projection === projection && halt.stream === stream),
    });
  }

  get projections(): readonly string[] {
    return this.members.live;
  }

  get sides(): readonly string[] {
    return this.members.all.map(({ projection }) => projection.name);
  }

  /** From the next batch on it keeps these sides up to date. */
  async follow(followed: readonly FollowedProjection<E>[]): Promise<void> {
    await this.folding.run(() => Promise.resolve(this.members.adopt(followed)));
  }

  /** When the oldest event was recorded that is read and not applied. A source that is silent counts as waiting since it was last heard. */
  get waitingMs(): number | null {
    if (this.waiting !== null) return this.waiting;
    const heardAtMs = this.reader.heardAtMs?.() ?? Date.now();
    return Date.now() - heardAtMs > silentMs ? heardAtMs : null;
  }

  get idleMs(): number {
    return performance.now() - this.movedAt;
  }

  caughtUp(): void {
    this.movedAt = performance.now();
  }

  async isBehind(): Promise<boolean> {
    return this.waitingMs !== null || (await this.reader.isBehind?.().catch(() => false)) === true;
  }

  /** Ends when it is closed. @throws what keeps it from going on: nothing of that batch was written */
  async run(): Promise<void> {
    let inFlight: Promise<void> = Promise.resolve();
    let isFailed = false;
    try {
      await this.rereader.start();
      for await (const read of this.reader) {
        if (this.isClosed || isFailed) break;
        this.movedAt = performance.now();
        const batch = await batchOf(read, this.options);
        this.waiting ??= batch.firstRecordedMs;
        // Whom a part was taken from may have gone further than we know: then what is on its way has to be folded again, with nothing ahead of it.
        if (this.options.isShared === true) await inFlight;
        if (this.members.all.some(({ known }) => known.isFull)) {
          await inFlight;
          this.members.forget();
        }
        let folded = await this.folding.run(() => this.fold(batch));
        await inFlight;
        this.waiting = batch.firstRecordedMs;
        if (this.isDisturbed) {
          this.isDisturbed = false;
          this.members.forget();
          folded = await this.folding.run(() => this.fold(batch));
        }
        inFlight = this.commit(folded, batch).catch((error: unknown) => this.commitAgain(error, batch));
        // The feed may have nothing more for a long time: a failure must end the waiting for it.
        inFlight.then(
          () => (this.waiting = null),
          () => {
            isFailed = true;
            void this.reader.close();
          },
        );
      }
      await inFlight;
    } finally {
      await this.close();
      await inFlight.catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([this.reader.close(), this.rereader.stop()]);
  }

  private async fold(batch: ParsedBatch<E>): Promise<FoldedBatch> {
    await this.members.load(this.options.db, batch.streams);
    let folded = foldBatch(this.members.all, batch.parsed, batch.token, this.rereader.generations);
    if (this.options.isShared === true && folded.halts.length > 0) {
      // What seems to be missing may have been applied by another process while it had this part.
      for (const { projection, stream } of folded.halts) this.members.of(projection)?.resume(stream);
      this.members.forget();
      await this.members.load(this.options.db, batch.streams);
      folded = foldBatch(this.members.all, batch.parsed, batch.token, this.rereader.generations);
    }
    this.noteHalts(folded.halts);
    return folded;
  }

  private noteHalts(halts: readonly Halt[]): void {
    if (halts.length > 0) this.unsaved = [...this.unsaved, ...halts];
  }

  /** When a part changes hands, its last batch may be written on both sides: the second one finds out, and skips what is written. */
  private async commitAgain(error: unknown, batch: ParsedBatch<E>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (isOfItsEvents(error)) return this.commitApart(batch);
      const isOver = this.isClosed || attempt > sharedAttemptsMax;
      if (this.options.isShared !== true || !(error instanceof CheckpointMoved) || isOver) throw error;
      this.members.forget();
      try {
        return await this.commit(await this.folding.run(() => this.fold(batch)), batch);
      } catch (next) {
        error = next;
      }
    }
  }

  /** Some stream's rows can't be written: finds out which, halts it, and writes all others. */
  private async commitApart(batch: ParsedBatch<E>): Promise<void> {
    await this.folding.run(async () => {
      this.isDisturbed = true;
      await writeApart([...batch.streams], {
        write: (streams) => this.writeOf(batch, new Set(streams)),
        halt: (streams, cause) => this.halt(streams, cause),
        hasRoomFor: (count) => hasRoomFor(count, this.members.all),
      });
    });
    await this.commit({ parts: [], halts: [], token: batch.token }, batch);
  }

  private async writeOf(batch: ParsedBatch<E>, streams: ReadonlySet<string>): Promise<void> {
    this.members.forget();
    const parsed = batch.parsed.filter(({ event }) => streams.has(event.stream));
    await this.write(await this.fold({ ...batch, parsed, streams }));
  }

  private async halt(streams: readonly string[], cause: WriteFailed): Promise<void> {
    const member = this.members.of(cause.projection);
    if (member === undefined) throw cause;
    this.members.forget();
    await this.members.load(this.options.db, new Set(streams));
    const halts = streams.map((stream) => {
      const revision = member.known.get(stream).revision + 1;
      member.suspend(stream, revision);
      return { projection: cause.projection, stream, revision, cause };
    });
    this.noteHalts(halts);
  }

  private async commit(folded: FoldedBatch, batch: ParsedBatch<E>): Promise<void> {
    const { feed, observer, recordedMsOf, sinceMs } = this.options;
    const { parsed, recordedMs, startedAt } = batch;
    await this.write(folded, (sql) => saveFeedToken(sql, this.projections, folded.token, recordedMs));
    if (isTracing()) {
      const startedAtMs = performance.timeOrigin + startedAt;
      traceBatch({ place: feed.place, parsed, parts: folded.parts, recordedMsOf, sinceMs, startedAtMs });
    }
    await this.reader.acknowledge(folded.token);
    observer.applied?.({
      projections: this.projections,
      events: parsed.length,
      seconds: (performance.now() - startedAt) / 1000,
      recordedMs,
    });
  }

  /** Rows, checkpoints, and what halted, in one transaction. */
  private async write(
    { parts, failure }: FoldedBatch,
    also: (sql: Sql) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    if (failure !== undefined) throw failure;
    const { db, observer } = this.options;
    const halts = this.unsaved;
    checkHalted(this.members.all);
    if (this.isWriting) throw new BrokenInvariant('two batches of one lane are written at once');
    this.isWriting = true;
    await writeBatch(db, parts, halts, also).finally(() => (this.isWriting = false));
    this.movedAt = performance.now();
    for (const { projection, advances } of parts) observer.progressed?.(projection, advances);
    if (halts.length === 0) return;
    this.unsaved = this.unsaved.filter((halt) => !halts.includes(halt));
    for (const halt of halts) observer.suspended?.({ ...halt, reason: reasonOf(halt.cause) });
    this.rereader.wake();
  }
}
