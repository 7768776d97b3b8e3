import { PostgresEventStore } from '@fintech-ledger/event-store';
import { openPool } from '@fintech-ledger/installation';
import type { Modules } from '@fintech-ledger/manifest';
import { PartFiller, PartIrregular, RebuildEnded, sided } from '@fintech-ledger/projection-runtime';
import type { Side } from '@fintech-ledger/projection-runtime';
import { messageOf } from '@fintech-ledger/contract';
import process from 'node:process';
import type { FillAnswer, FillQuestion, FillTask } from './open-fillers';

type Product = Pick<Modules, 'decode' | 'decodeParts' | 'projections'>;
type OpenFiller = Pick<PartFiller<never>, 'read' | 'write'>;

/** In a process of its own: reads, folds and writes parts of a rebuild, as its parent tells it. */
export function runFillProcess(product: Product): void {
  let filler: OpenFiller | undefined;
  const tell = (answer: FillAnswer): void => void process.send?.(answer, () => undefined);
  process.on('message', (message: FillTask | FillQuestion) => {
    if ('rebuildId' in message) {
      filler = openFiller(product, message);
      return;
    }
    const { id, stretch } = message;
    answerOf(filler, stretch).then(
      (events) => tell({ id, events }),
      (error: unknown) =>
        tell({ id, failed: { reason: reasonOf(error), isEnded: error instanceof RebuildEnded } }),
    );
  });
  // It ends with its parent, however that ends; and a signal to the group of a terminal is the parent's to answer.
  process.on('disconnect', () => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
}

function openFiller({ decode, decodeParts, projections }: Product, task: FillTask): OpenFiller {
  const { databaseUrl, statementMs, rebuildId, projection: name, side, sides } = task;
  const projection = projections.find((each) => each.name === name);
  if (projection === undefined) throw new Error(`this process knows no projection ${name}`);
  const db = openPool(databaseUrl, 'rebuild', 2, statementMs);
  return new PartFiller({
    db,
    store: new PostgresEventStore({ database: db }),
    decode: projection.readsParts === true ? decodeParts : decode,
    linkOf: (event) => event,
    projection: sided(projection, side, projections, new Map<string, Side>(sides)),
    rebuildId,
  });
}

async function answerOf(filler: OpenFiller | undefined, stretch: FillQuestion['stretch']): Promise<number> {
  if (filler === undefined) throw new Error('this process was not told what to fill');
  if (stretch !== undefined) return filler.read(stretch);
  await filler.write();
  return 0;
}

function reasonOf(error: unknown): string {
  const cause =
    error instanceof PartIrregular && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
  return messageOf(error) + cause;
}
