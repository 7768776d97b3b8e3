import { feedToken } from '@fintech-ledger/event-feed';
import { globalPosition, readEventsMax, revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { foldBatch } from '../fold-batch';
import type { FoldedBatch } from '../fold-batch';
import { isOfItsEvents } from '../is-passing';
import { Member } from '../member';
import { parseInSlices } from '../parsed-batch';
import type { Parsed } from '../admit';
import type { Decode, LinkOf, Projection } from '../projection';
import { selectGenerations } from '../rebuild-stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTracing } from '@fintech-ledger/telemetry';
import { traceBatch } from '../trace-batch';
import { writeBatch } from '../write-batch';
import { WriteFailed } from '../errors';
import { fillEvents, fillEventsBesideWrites, nearEvents } from './limits';
import { notePosition } from './note-position';
import type { Rebuild } from './rebuild-rows';
import type { RebuildPace } from './rebuild-pace';

export interface FillOptions<E> {
  readonly db: Database;
  readonly store: Pick<EventStore, 'subscribe' | 'readStream' | 'lastPosition' | 'countAfter'>;
  readonly decode: Decode<E>;
  readonly linkOf?: LinkOf<E> | undefined;
  /** When the event was recorded (ms), for traces. */
  readonly recordedMsOf?: (event: E) => number | null;
  readonly rebuild: Rebuild;
  /** On the side that is filled. */
  readonly projection: Projection<E>;
  readonly pace: RebuildPace;
  readonly isEnded: () => boolean;
  /** Asked after each batch: whether to leave the rest to somebody else. */
  readonly mayLeave?: () => boolean;
}

/** Events that are filled next, and the position that stands for them and all before. */
interface FillBatch {
  readonly events: readonly RecordedEvent[];
  readonly position: string;
}

/**
 * Folds what the event store has into the side, from where the rebuild stands, up to the end that the store has when it
 * comes there. Rows, checkpoints and the position are one transaction, so it may be killed at any moment. While a batch
 * is written the next one is read and folded.
 * @param stream only this one; absent: all
 * @throws RebuildEnded @throws StoreUnavailable, DatabaseUnavailable
 */
export async function fillSide<E>(
  options: FillOptions<E>,
  stream?: string,
): Promise<'done' | 'ended' | 'left'> {
  const { db, projection, pace, decode, linkOf } = options;
  const member = new Member(projection);
  const generations = await selectGenerations(db);
  let inFlight: Promise<void> = Promise.resolve();
  const source = stream === undefined ? allEvents(options) : eventsOf(options, stream);
  for await (const { events, position } of source) {
    const parsed = await parseInSlices(events, decode, linkOf);
    const most = (await pace.isBesideWrites()) ? fillEventsBesideWrites : fillEvents;
    for (let at = 0; at < Math.max(1, parsed.length); at += most) {
      const slice = parsed.slice(at, at + most);
      const end = at + most < parsed.length ? undefined : position;
      if (member.known.isFull) {
        await inFlight;
        member.known.clear();
      }
      await member.known.load(db, new Set(slice.map(({ event }) => event.stream)));
      const startedAt = performance.now();
      const folded = foldBatch([member], slice, feedToken(position), generations);
      await inFlight;
      if (options.isEnded()) return 'ended';
      inFlight = write(options, member, folded, slice, end, startedAt);
      inFlight.catch(() => undefined);
    }
    if (options.mayLeave?.() !== true) continue;
    await inFlight;
    return 'left';
  }
  await inFlight;
  return 'done';
}

async function write<E>(
  options: FillOptions<E>,
  member: Member<E>,
  folded: FoldedBatch,
  slice: readonly Parsed<E>[],
  position: string | undefined,
  startedAt: number,
): Promise<void> {
  const { db, rebuild, pace } = options;
  const note = (sql: Sql): Promise<void> => notePosition(sql, rebuild.id, position);
  try {
    if (folded.failure !== undefined) throw folded.failure;
    await writeBatch(db, folded.parts, folded.halts, note);
  } catch (error) {
    if (!isOfItsEvents(error)) throw error;
    await writeByStreams(options, member, folded, slice);
    await db.transaction(note);
  }
  if (isTracing())
    traceBatch({
      place,
      parsed: slice,
      parts: folded.parts,
      recordedMsOf: options.recordedMsOf ?? (() => null),
      // All of it was applied before.
      sinceMs: Infinity,
      startedAtMs: performance.timeOrigin + startedAt,
    });
  await pace.wrote(slice.length, performance.now() - startedAt);
}

/** Some stream's rows can't be written: each is written alone, and those that can't be are halted. */
async function writeByStreams<E>(
  { db, projection }: FillOptions<E>,
  member: Member<E>,
  { token, halts }: FoldedBatch,
  slice: readonly Parsed<E>[],
): Promise<void> {
  member.known.clear();
  await writeBatch(db, [], halts, () => Promise.resolve());
  const streams = new Set(slice.map(({ event }) => event.stream));
  await member.known.load(db, streams);
  for (const stream of streams) {
    const before = member.known.get(stream);
    const own = slice.filter(({ event }) => event.stream === stream);
    const folded = foldBatch([member], own, token, new Map());
    try {
      if (folded.failure !== undefined) throw folded.failure;
      await writeBatch(db, folded.parts, folded.halts, () => Promise.resolve());
    } catch (cause) {
      if (!(cause instanceof WriteFailed) || !isOfItsEvents(cause)) throw cause;
      const halt = { projection: projection.name, stream, revision: before.revision + 1, cause };
      member.suspend(stream, halt.revision);
      await writeBatch(db, [], [halt], () => Promise.resolve());
    }
  }
}

/** All events, until so few are left that the projectors may take them up. */
async function* allEvents<E>({ store, rebuild, projection }: FillOptions<E>): AsyncGenerator<FillBatch> {
  const subscription = store.subscribe({
    streamPrefixes: projection.streamPrefixes,
    batchEventsMax: fillEvents,
    gatherMs: 0,
    ...(rebuild.position === null ? {} : { after: globalPosition(rebuild.position) }),
  });
  const iterator = subscription[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Where nothing of these streams comes for a moment, there is nothing more.
      const next = await Promise.race([iterator.next(), sleep(quietMs, undefined)]);
      if (next === undefined || next.done === true) return;
      const { position } = next.value.at(-1) ?? {};
      if (position === undefined) continue;
      yield { events: next.value, position };
      const left = next.value.length < fillEvents ? await store.countAfter(position) : null;
      if (left !== null && left < nearEvents) return;
    }
  } finally {
    await subscription.close();
  }
}

const place = { system: 'event_store', destination: 'events' } as const;
const quietMs = 500;

/** The events of one stream, from the one after its checkpoint. The position says that the others were copied. */
async function* eventsOf<E>(
  { db, store, projection }: FillOptions<E>,
  stream: string,
): AsyncGenerator<FillBatch> {
  const member = new Member(projection);
  await member.known.load(db, [stream]);
  for (let from = member.known.get(stream).revision + 1; ;) {
    const events = await store.readStream(stream, { from: revision(from), limit: readEventsMax });
    const last = events.at(-1);
    if (last === undefined) return;
    yield { events, position: copied };
    from = last.revision + 1;
  }
}

/** Where the rebuild of one ledger stands once the rows of all others were copied. */
export const copied = 'copied';
