import { PostgresEventStore } from '@fintech-ledger/event-store';
import { openPool } from '@fintech-ledger/installation';
import type { Modules } from '@fintech-ledger/manifest';
import { PartFiller, PartIrregular, RebuildEnded, sided } from '@fintech-ledger/projection-runtime';
import type { Side } from '@fintech-ledger/projection-runtime';
import { messageOf } from '@fintech-ledger/contract';
import { parentPort, workerData } from 'node:worker_threads';
import type { FillAnswer, FillQuestion, FillThreadData } from './open-fillers';

/** In a thread of its own: reads, folds and writes parts of a rebuild, as it is told. */
export function runFillThread({
  decode,
  decodeParts,
  projections,
}: Pick<Modules, 'decode' | 'decodeParts' | 'projections'>): void {
  const { databaseUrl, statementMs, rebuildId, projection: name, side, sides } = workerData as FillThreadData;
  const projection = projections.find((each) => each.name === name);
  if (projection === undefined) throw new Error(`this thread knows no projection ${name}`);
  const db = openPool(databaseUrl, 'rebuild', 2, statementMs);
  const filler = new PartFiller({
    db,
    store: new PostgresEventStore({ database: db }),
    decode: projection.readsParts === true ? decodeParts : decode,
    linkOf: (event) => event,
    projection: sided(projection, side, projections, new Map<string, Side>(sides)),
    rebuildId,
  });
  const tell = (answer: FillAnswer): void => parentPort?.postMessage(answer);
  parentPort?.on('message', ({ id, stretch }: FillQuestion) => {
    const doing = stretch === undefined ? filler.write() : filler.read(stretch);
    doing.then(
      (events) => tell({ id, events: events ?? 0 }),
      (error: unknown) =>
        tell({ id, failed: { reason: reasonOf(error), isEnded: error instanceof RebuildEnded } }),
    );
  });
}

function reasonOf(error: unknown): string {
  const cause =
    error instanceof PartIrregular && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
  return messageOf(error) + cause;
}
