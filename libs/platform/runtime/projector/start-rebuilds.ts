import { journalPrefix } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import { openPool } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import type { Modules } from '@fintech-ledger/manifest';
import { Rebuilder } from '@fintech-ledger/projection-runtime';
import { openFillers } from './open-fillers';

/** A table is copied, compared or emptied by one statement, which may take long. */
const statementMsMax = 4 * 3_600_000;

/** Does what operators ask of rebuilds, over connections of its own. */
export function startRebuilds({
  modules,
  databaseUrl,
  store,
  fillThread,
  log,
}: {
  readonly modules: Pick<Modules, 'decode' | 'projections'>;
  readonly databaseUrl: string;
  readonly store: Pick<EventStore, 'subscribe' | 'readStream' | 'lastPosition' | 'countAfter'>;
  /** The file of a thread that fills, where the events are in tables of the database; absent: none is started. */
  readonly fillThread: string | undefined;
  readonly log: Logger;
}): { stop(): Promise<void> } {
  const db = openPool(databaseUrl, 'rebuilds', 3, statementMsMax);
  const rebuilder = new Rebuilder({
    db,
    store,
    decode: modules.decode,
    linkOf: (event) => event,
    recordedMsOf: ({ recordedMs }) => recordedMs,
    projections: modules.projections,
    journalPrefix,
    ...(fillThread !== undefined && {
      openFillers: openFillers(fillThread, { databaseUrl, statementMs: statementMsMax }),
    }),
    observer: {
      moved: ({ id, projection }, what) => log.info({ rebuild: id, projection, what }, 'a rebuild goes on'),
      failed: (err) => log.warn({ err }, 'a rebuild could not go on: it is tried again'),
    },
  });
  rebuilder.start();
  return {
    async stop() {
      await rebuilder.stop();
      await db.close();
    },
  };
}
