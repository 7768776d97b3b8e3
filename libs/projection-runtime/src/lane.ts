import type { RecordedEvent } from '@fintech-ledger/event-store';
import { setImmediate } from 'node:timers/promises';
import { parseSliceEvents, sharedAttemptsMax } from './limits';
import type { EventFeed, FeedReader, FeedToken } from '@fintech-ledger/event-feed';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { isTracing } from '@fintech-ledger/telemetry';
import { parseBatch } from './admit';
import type { Parsed } from './admit';
import { moveCheckpoints, saveFeedToken } from './checkpoints';
import { CheckpointMoved, GapFound } from './errors';
import { foldBatch } from './fold-batch';
import type { FoldedBatch, Halt, Member } from './fold-batch';
import { KnownRevisions } from './known-revisions';
import type { ProjectorObserver } from './observer';
import { saveState } from './projection-rows';
import { traceBatch } from './trace-batch';
import type { Decode, Projection } from './projection';

export interface LaneOptions<E> {
  readonly db: Database;
  readonly feed: EventFeed;
  readonly decode: Decode<E>;
  readonly projections: readonly Projection<E>[];
  readonly after: FeedToken | undefined;
  readonly batchEventsMax: number;
  readonly observer: ProjectorObserver;
  /** When the event was recorded (ms), for the lag; null: not known. */
  readonly recordedMsOf: (event: E) => number | null;
  /** When the projector began (milliseconds since 1970): events from before are replayed, as far as traces go. */
  readonly sinceMs: number;
  /** Other processes apply other parts of the same feed, and parts move between them. */
  readonly isShared?: boolean;
  /** Called when a part of the feed stands still. */
  readonly onBroken?: (reason: string) => void;
  /** Called once a projection stands still. */
  readonly onHalt: (halt: Halt) => void;
}

interface Batch<E> {
  readonly parsed: readonly Parsed<E>[];
  readonly streams: ReadonlySet<string>;
  readonly token: FeedToken;
  readonly recordedMs: number | null;
  readonly startedAt: number;
}

/** The rows of one projection could not be written, for a reason that trying again does not cure. */
export class WriteFailed extends Error {
  override readonly name = 'WriteFailed';
  constructor(
    readonly projection: string,
    cause: unknown,
  ) {
    super(`projection ${projection} could not write its rows`, { cause });
  }
}

/**
 * Projections that stand at the same place of the feed: each batch is read and parsed once, folded for all, and written in one transaction
 * with their checkpoints. While Postgres works on a batch the next one is read and folded.
 */
export class Lane<E> {
  private readonly reader: FeedReader;
  private members: readonly Member<E>[];
  private isClosed = false;

  constructor(private readonly options: LaneOptions<E>) {
    this.members = options.projections.map((projection) => ({
      projection,
      known: new KnownRevisions(projection.name),
    }));
    this.reader = options.feed.open({
      streamPrefixes: [...new Set(options.projections.flatMap(({ streamPrefixes }) => streamPrefixes))],
      batchEventsMax: options.batchEventsMax,
      ...(options.onBroken === undefined ? {} : { onBroken: options.onBroken }),
      ...(options.after === undefined ? {} : { after: options.after }),
    });
  }

  /** Ends when it is closed or every projection has halted. @throws what keeps it from going on: nothing of that batch was written */
  async run(): Promise<void> {
    let inFlight: Promise<void> = Promise.resolve();
    let isFailed = false;
    try {
      for await (const { events, token } of this.reader) {
        if (this.isClosed || isFailed) break;
        const parsed = await parseInSlices(events, this.options.decode);
        const streams = new Set(events.map(({ stream }) => stream));
        // Whom a part was taken from may have gone further than we know: then what is on its way has to be folded anew, with nothing ahead of it.
        if (this.options.isShared === true) await inFlight;
        if (this.members.some(({ known }) => known.isFull)) {
          await inFlight;
          this.forget();
        }
        const startedAt = performance.now();
        const last = parsed.at(-1)?.decoded;
        const recordedMs =
          last === undefined || last instanceof Error ? null : this.options.recordedMsOf(last);
        const batch = { parsed, streams, token, recordedMs, startedAt };
        const folded = await this.fold(batch);
        await inFlight;
        inFlight = this.commit(folded, batch).catch((error: unknown) => this.commitAgain(error, batch));
        // The feed may have nothing more for a long time: a failure must end the waiting for it.
        inFlight.catch(() => {
          isFailed = true;
          void this.reader.close();
        });
        if (this.members.length === 0) break;
      }
      await inFlight;
    } finally {
      await this.close();
      await inFlight.catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.reader.close();
  }

  private async fold(batch: Batch<E>): Promise<FoldedBatch> {
    await this.load(batch);
    let folded = foldBatch(this.members, batch.parsed, batch.token);
    if (this.options.isShared === true && folded.halts.some(({ cause }) => cause instanceof GapFound)) {
      // What seems to be missing may have been applied by another process while it had this part.
      this.forget();
      await this.load(batch);
      folded = foldBatch(this.members, batch.parsed, batch.token);
    }
    const halted = new Set(folded.halts.map(({ projection }) => projection));
    this.members = this.members.filter(({ projection }) => !halted.has(projection.name));
    return folded;
  }

  private async load({ streams }: Batch<E>): Promise<void> {
    for (const { known } of this.members) await known.load(this.options.db, streams);
  }

  private forget(): void {
    for (const { known } of this.members) known.clear();
  }

  /** When a part changes hands, its last batch may be written on both sides: the second one finds out, and skips what is written. */
  private async commitAgain(error: unknown, batch: Batch<E>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const isOver = this.isClosed || attempt > sharedAttemptsMax;
      if (this.options.isShared !== true || !(error instanceof CheckpointMoved) || isOver) throw error;
      this.forget();
      try {
        return await this.commit(await this.fold(batch), batch);
      } catch (next) {
        error = next;
      }
    }
  }

  private async commit(folded: FoldedBatch, { parsed, recordedMs, startedAt }: Batch<E>): Promise<void> {
    const { db, feed, observer, onHalt, recordedMsOf, sinceMs } = this.options;
    const going = this.members.map(({ projection }) => projection.name);
    await db.transaction(async (sql) => {
      await moveCheckpoints(sql, folded.parts);
      for (const part of folded.parts) await this.write(sql, part);
      if (going.length > 0) await saveFeedToken(sql, going, folded.token, recordedMs);
      for (const { projection, cause } of folded.halts) {
        await saveState(sql, [projection], 'halted', reasonOf(cause));
      }
    });
    if (isTracing()) {
      const startedAtMs = performance.timeOrigin + startedAt;
      traceBatch({ place: feed.place, parsed, parts: folded.parts, recordedMsOf, sinceMs, startedAtMs });
    }
    await this.reader.acknowledge(folded.token);
    for (const { projection, advances } of folded.parts) observer.progressed?.(projection, advances);
    observer.applied?.({
      projections: going,
      events: parsed.length,
      seconds: (performance.now() - startedAt) / 1000,
      recordedMs,
    });
    for (const halt of folded.halts) onHalt(halt);
  }

  private async write(sql: Sql, { projection, write }: FoldedBatch['parts'][number]): Promise<void> {
    try {
      await write(sql);
    } catch (cause) {
      throw new WriteFailed(projection, cause);
    }
  }
}

/** Parses while Postgres works on the last batch, and lets go of the thread again and again, so that Postgres is never kept waiting for rows. */
async function parseInSlices<E>(
  events: readonly RecordedEvent[],
  decode: Decode<E>,
): Promise<readonly Parsed<E>[]> {
  const parsed: Parsed<E>[] = [];
  for (let at = 0; at < events.length; at += parseSliceEvents) {
    for (const one of parseBatch(events.slice(at, at + parseSliceEvents), decode)) parsed.push(one);
    await setImmediate();
  }
  return parsed;
}

/** What went wrong, as one line. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof WriteFailed) return `${cause.message}: ${reasonOf(cause.cause)}`;
  return cause instanceof Error ? cause.message : String(cause);
}
