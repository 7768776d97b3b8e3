import { globalPosition } from '@fintech-ledger/event-store';
import type { PostgresEventStore, RecordedEvent } from '@fintech-ledger/event-store';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { setImmediate } from 'node:timers/promises';
import { admit, parseBatch } from '../admit';
import type { Advance } from '../admit';
import { noHead } from '../chain-head';
import type { ChainHead } from '../chain-head';
import { moveCheckpoints, selectCheckpoints } from '../checkpoints';
import { parseSliceEvents } from '../limits';
import type { Accumulator, Decode, LinkOf, Projection } from '../projection';
import { notePosition } from './note-position';
import type { Stretch } from './stretches';

/** Something in a part is not as it should be: the part has to be folded event by event, which finds out what. */
export class PartIrregular extends Error {
  override readonly name = 'PartIrregular';
}

export interface PartFillerOptions<E> {
  readonly db: Database;
  readonly store: Pick<PostgresEventStore, 'readStretch'>;
  readonly decode: Decode<E>;
  readonly linkOf?: LinkOf<E> | undefined;
  /** On the side that is filled. */
  readonly projection: Projection<E>;
  readonly rebuildId: string;
}

/** What was folded of a stretch, and where its streams have to stand for it. */
interface Part {
  readonly until: string;
  readonly heads: ReadonlyMap<string, Moved>;
  readonly events: number;
  readonly rows: Pick<Accumulator<never>, 'writer'>;
}

interface Moved {
  readonly from: ChainHead;
  to: ChainHead;
}

/**
 * Reads and folds stretches of the store, each without knowing what is before it; what it is then written onto has to
 * be what its first events say of those before them. So stretches are folded side by side, and written in their order.
 */
export class PartFiller<E> {
  private readonly parts: Part[] = [];
  /** Stretches are read one after the other, as they are written. */
  private reading: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: PartFillerOptions<E>) {}

  /**
   * Folds a stretch, and keeps it until it is written.
   * @returns how many events there were
   * @throws PartIrregular an event can't be read, was changed, or does not follow the one before it
   */
  read(stretch: Stretch): Promise<number> {
    const read = this.reading.then(() => this.readNext(stretch));
    this.reading = read.catch(() => undefined);
    return read;
  }

  private async readNext({ after, until }: Stretch): Promise<number> {
    const { store, projection } = this.options;
    const rows = projection.begin?.() ?? collected(projection);
    const heads = new Map<string, Moved>();
    const source = store.readStretch(
      after === null ? undefined : globalPosition(after),
      globalPosition(until),
      projection.streamPrefixes,
    );
    let events = 0;
    for await (const batch of source) {
      for (let at = 0; at < batch.length; at += sliceEvents) {
        this.fold(batch.slice(at, at + sliceEvents), heads, rows);
        // The rows of the part before are written meanwhile.
        await setImmediate();
      }
      events += batch.length;
    }
    this.parts.push({ until, heads, events, rows });
    return events;
  }

  /**
   * Writes the part that was read first of those that are not written: rows, checkpoints and position, or nothing.
   * @throws PartIrregular it does not go on from what is there @throws RebuildEnded @throws WriteFailed
   */
  async write(): Promise<void> {
    const part = this.parts.shift();
    if (part === undefined) throw new Error('no part is there to be written');
    const { db, projection, rebuildId } = this.options;
    const write = part.rows.writer();
    await db.transaction(async (sql) => {
      // A commit that a crash takes back takes the position along.
      await sql.query('set local synchronous_commit = off');
      await assertHeads(sql, projection.name, part.heads);
      await moveCheckpoints(sql, [{ projection: projection.name, advances: advancesOf(part.heads) }]);
      await write(sql);
      await notePosition(sql, rebuildId, part.until);
    });
  }

  private fold(batch: readonly RecordedEvent[], heads: Map<string, Moved>, rows: Accumulator<E>): void {
    const { decode, linkOf, projection } = this.options;
    const parsed = parseBatch(batch, decode, linkOf);
    for (const { event, link } of parsed)
      if (!heads.has(event.stream)) {
        const before = { revision: event.revision - 1, hash: link.previousHash };
        const from = event.revision === 0 ? noHead : before;
        heads.set(event.stream, { from, to: from });
      }
    const { events, advances, halts } = admit(parsed, {
      isOurs: (stream) => projection.streamPrefixes.some((prefix) => stream.startsWith(prefix)),
      headOf: (stream) => heads.get(stream)?.to ?? noHead,
    });
    const [halt] = halts;
    if (halt !== undefined)
      throw new PartIrregular(`${halt.stream} can't go on at ${halt.revision}`, { cause: halt.cause });
    rows.add(events);
    for (const { stream, to, hash } of advances) {
      const moved = heads.get(stream);
      if (moved !== undefined) moved.to = { revision: to, hash };
    }
  }
}

/** Events of which only rows are kept: few, so that they are gone before the garbage collector moves them. */
const sliceEvents = 2 * parseSliceEvents;

/** For a projection that folds all of a part at once. */
function collected<E>(projection: Projection<E>): Accumulator<E> {
  const events: E[] = [];
  return {
    add(more) {
      for (const event of more) events.push(event);
    },
    writer: () => projection.fold(events),
  };
}

const advancesOf = (heads: ReadonlyMap<string, Moved>): readonly Advance[] =>
  [...heads].map(([stream, { from, to }]) => ({
    stream,
    from: from.revision,
    to: to.revision,
    hash: to.hash,
  }));

async function assertHeads(sql: Sql, name: string, heads: ReadonlyMap<string, Moved>): Promise<void> {
  const stored = await selectCheckpoints(sql, name, [...heads.keys()]);
  for (const [stream, { from }] of heads) {
    const { revision, hash } = stored.get(stream) ?? noHead;
    const isOther = hash !== undefined && from.hash !== undefined && hash !== from.hash;
    if (revision !== from.revision || isOther)
      throw new PartIrregular(`${stream} stands at ${revision}, and the next event is ${from.revision + 1}`);
  }
}
