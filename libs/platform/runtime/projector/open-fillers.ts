import { fillersMax, RebuildEnded } from '@fintech-ledger/projection-runtime';
import type { Filler, FillerTask, OpenFillers, Side, Stretch } from '@fintech-ledger/projection-runtime';
import os from 'node:os';
import { Worker } from 'node:worker_threads';

export interface FillThreadData extends Omit<FillerTask, 'sides'> {
  readonly databaseUrl: string;
  readonly statementMs: number;
  readonly sides: readonly (readonly [string, Side])[];
}
/** Without a stretch: write what was read first. */
export interface FillQuestion {
  readonly id: number;
  readonly stretch?: Stretch;
}
export interface FillAnswer {
  readonly id: number;
  readonly events?: number;
  readonly failed?: { readonly reason: string; readonly isEnded: boolean };
}

interface Asked {
  readonly resolve: (events: number) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread for each processor, which fills parts of a rebuild from the event store's tables.
 * @param file of the thread: it hands the modules of the product to `runFillThread`
 */
export function openFillers(
  file: string,
  { databaseUrl, statementMs }: { readonly databaseUrl: string; readonly statementMs: number },
): OpenFillers {
  return ({ sides, ...task }) => {
    const workerData: FillThreadData = { ...task, databaseUrl, statementMs, sides: [...sides] };
    const count = Math.max(1, Math.min(fillersMax, os.availableParallelism()));
    return Array.from({ length: count }, () => threadFiller(file, workerData));
  };
}

function threadFiller(file: string, workerData: FillThreadData): Filler {
  const worker = new Worker(file, {
    workerData,
    // Events live shortly: room for those of one slice keeps them out of the old generation.
    resourceLimits: { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 512 },
  });
  const asked = new Map<number, Asked>();
  let last = 0;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of asked.values()) reject(failure);
    asked.clear();
  };
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`the thread that fills ended with code ${code}`)));
  worker.on('message', ({ id, events = 0, failed }: FillAnswer) => {
    const who = asked.get(id);
    asked.delete(id);
    if (failed === undefined) who?.resolve(events);
    else who?.reject(failed.isEnded ? new RebuildEnded(failed.reason) : new Error(failed.reason));
  });
  const ask = (question: Omit<FillQuestion, 'id'>): Promise<number> =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) return reject(failure);
      last += 1;
      asked.set(last, { resolve, reject });
      worker.postMessage({ id: last, ...question });
    });
  return {
    read: (stretch) => ask({ stretch }),
    write: async () => void (await ask({})),
    close: async () => void (await worker.terminate()),
  };
}
