import { messageOf } from '@fintech-ledger/contract';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Database } from '@fintech-ledger/postgres';
import { accumulatedEvents, collectedEvents, nearEvents, partsAhead } from './limits';
import { RebuildEnded } from './note-position';
import type { RebuildPace } from './rebuild-pace';
import type { Rebuild } from './rebuild-rows';
import { stretchesOf } from './stretches';
import type { Stretch } from './stretches';

/** Folds stretches and writes them, most often in a thread of its own: see `PartFiller`. */
export interface Filler {
  read(stretch: Stretch): Promise<number>;
  write(): Promise<void>;
  close(): Promise<void>;
}

export interface FillPartsOptions {
  readonly db: Database;
  readonly store: Pick<EventStore, 'lastPosition'>;
  readonly rebuild: Pick<Rebuild, 'id' | 'position'>;
  /** Named with its side. */
  readonly projection: { readonly name: string; readonly begin?: unknown };
  readonly pace: Pick<RebuildPace, 'isBesideWrites' | 'wrote'>;
  readonly isEnded: () => boolean;
  readonly open: () => readonly Filler[];
  /** Events of a part, for tests; the least as long as there are so many. */
  readonly partEvents?: { readonly least: number; readonly most: number };
}

/** Why several do not go on: all is there, somebody writes, it was told to end, or a part is irregular. */
export type FillPartsEnd = 'done' | 'beside_writes' | 'ended' | { readonly irregular: string };

interface Running {
  readonly filler: Filler;
  readonly isRead: Promise<number>;
}

/**
 * Fills with several fillers at once, while nobody appends: each reads and folds stretches, and they are written one
 * after the other in the order of the store.
 * @throws RebuildEnded
 */
export async function fillParts(options: FillPartsOptions): Promise<FillPartsEnd> {
  if (await hasHalted(options)) return { irregular: 'streams of this side are halted' };
  const fillers = options.open();
  try {
    return await run(options, fillers);
  } catch (error) {
    if (error instanceof RebuildEnded) throw error;
    return { irregular: messageOf(error) };
  } finally {
    await Promise.all(fillers.map((filler) => filler.close()));
  }
}

async function run(options: FillPartsOptions, fillers: readonly Filler[]): Promise<FillPartsEnd> {
  const { store, pace, isEnded } = options;
  const usual = options.projection.begin === undefined ? collectedEvents : accumulatedEvents;
  const sizes = { fillers: fillers.length, ...(options.partEvents ?? usual) };
  const running: Running[] = [];
  let [end, turn] = [String((await store.lastPosition()) ?? '0'), 0];
  let stretches = stretchesOf(options.rebuild.position, end, sizes);
  for (;;) {
    if (isEnded()) return 'ended';
    // What is read and not written is given up: whoever appends shall not wait for it.
    if (await pace.isBesideWrites()) return 'beside_writes';
    while (running.length < partsAhead * fillers.length) {
      const filler = fillers[turn % fillers.length];
      const next = filler && stretches.next();
      if (filler === undefined || next?.value === undefined) break;
      const isRead = filler.read(next.value);
      // Its error is thrown when its turn comes.
      isRead.catch(() => undefined);
      running.push({ filler, isRead });
      turn += 1;
    }
    const first = running.shift();
    if (first === undefined) {
      const last = String((await store.lastPosition()) ?? '0');
      if (Number(last) - Number(end) < nearEvents) return 'done';
      stretches = stretchesOf(end, last, sizes);
      end = last;
      continue;
    }
    const events = await first.isRead;
    await first.filler.write();
    await pace.wrote(events, 0);
  }
}

/** What is halted is passed over, which a part can't do. */
async function hasHalted({ db, projection }: FillPartsOptions): Promise<boolean> {
  const { rows } = await db.query('select from read.halted_streams where projection = $1 limit 1', [
    projection.name,
  ]);
  return rows.length > 0;
}
