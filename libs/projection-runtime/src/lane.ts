import type { RecordedEvent } from '@fintech-ledger/event-store';
import { setImmediate } from 'node:timers/promises';
import { parseSliceEvents } from './limits';
import type { EventFeed, FeedReader, FeedToken } from '@fintech-ledger/event-feed';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { parseBatch } from './admit';
import type { Parsed } from './admit';
import { moveCheckpoints, saveFeedToken } from './checkpoints';
import { foldBatch } from './fold-batch';
import type { FoldedBatch, Halt, Member } from './fold-batch';
import { KnownRevisions } from './known-revisions';
import type { ProjectorObserver } from './observer';
import { saveState } from './projection-rows';
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
  /** Called once a projection stands still. */
  readonly onHalt: (halt: Halt) => void;
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
        if (this.members.some(({ known }) => known.isFull)) {
          await inFlight;
          for (const { known } of this.members) known.clear();
        }
        for (const { known } of this.members) await known.load(this.options.db, streams);
        const startedAt = performance.now();
        const folded = foldBatch(this.members, parsed, token);
        const halted = new Set(folded.halts.map(({ projection }) => projection));
        this.members = this.members.filter(({ projection }) => !halted.has(projection.name));
        const last = parsed.at(-1)?.decoded;
        const recordedMs =
          last === undefined || last instanceof Error ? null : this.options.recordedMsOf(last);
        await inFlight;
        inFlight = this.commit(folded, events.length, recordedMs, startedAt);
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

  private async commit(
    folded: FoldedBatch,
    events: number,
    recordedMs: number | null,
    startedAt: number,
  ): Promise<void> {
    const { db, observer, onHalt } = this.options;
    const going = this.members.map(({ projection }) => projection.name);
    await db.transaction(async (sql) => {
      await moveCheckpoints(sql, folded.parts);
      for (const part of folded.parts) await this.write(sql, part);
      if (going.length > 0) await saveFeedToken(sql, going, folded.token, recordedMs);
      for (const { projection, cause } of folded.halts) {
        await saveState(sql, [projection], 'halted', reasonOf(cause));
      }
    });
    await this.reader.acknowledge(folded.token);
    for (const { projection, advances } of folded.parts) observer.progressed?.(projection, advances);
    observer.applied?.({
      projections: going,
      events,
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
