import { globalPosition } from '@fintech-ledger/event-store';
import { fillSide } from './fill';
import type { FillOptions } from './fill';
import { fillParts } from './fill-parts';
import type { Filler } from './fill-parts';
import { quietWritesMs, sharedFromEvents } from './limits';
import { selectSides } from './live-tables';
import { RebuildEnded } from './note-position';
import { selectRebuilds } from './rebuild-rows';
import type { Rebuild } from './rebuild-rows';
import type { Side } from './sides';

/** What a filler fills. */
export interface FillerTask {
  readonly rebuildId: string;
  readonly projection: string;
  readonly side: Side;
  /** Which sides of the read models are read. */
  readonly sides: ReadonlyMap<string, Side>;
}
export type OpenFillers = (task: FillerTask) => readonly Filler[];

interface Options<E> extends Omit<FillOptions<E>, 'rebuild' | 'mayLeave'> {
  readonly openFillers?: OpenFillers;
  readonly observer?: { moved?(rebuild: Rebuild, what: string): void };
}

/**
 * Fills a side with the events of all streams: with several fillers while nobody appends, else in this thread.
 * @returns false: it was told to end @throws RebuildEnded
 */
export async function fillAll<E>(rebuild: Rebuild, options: Options<E>): Promise<boolean> {
  const { openFillers, observer, pace } = options;
  let mayShare = openFillers !== undefined;
  for (;;) {
    const shared = mayShare ? await share(rebuild, options) : 'done';
    if (shared === 'ended') return false;
    if (typeof shared === 'object') observer?.moved?.(rebuild, `one thread goes on: ${shared.irregular}`);
    mayShare = shared === 'beside_writes';
    const mayLeave = (): boolean => mayShare && pace.quietForMs > quietWritesMs;
    const end = await fillSide({ ...options, rebuild: await current(rebuild, options), mayLeave });
    if (end !== 'left') return end === 'done';
  }
}

async function share<E>(rebuild: Rebuild, options: Options<E>): ReturnType<typeof fillParts> {
  const { db, openFillers, store } = options;
  const { id, projection, side } = rebuild;
  const now = await current(rebuild, options);
  const left = await store.countAfter(now.position === null ? undefined : globalPosition(now.position));
  if (left === null || left < sharedFromEvents) return 'done';
  // To start threads takes seconds of all processors.
  if (!(await options.pace.isQuiet())) return 'beside_writes';
  const sides = await selectSides(db);
  const open = (): readonly Filler[] => openFillers?.({ rebuildId: id, projection, side, sides }) ?? [];
  return fillParts({ ...options, rebuild: now, open });
}

/** It says from where on to fill. */
async function current<E>({ id }: Rebuild, { db }: Options<E>): Promise<Rebuild> {
  const [now] = await selectRebuilds(db, { id });
  if (now?.state !== 'filling') throw new RebuildEnded(`the rebuild ${id} has ended`);
  return now;
}
