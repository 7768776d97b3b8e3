import { fillersMax, RebuildEnded } from '@fintech-ledger/projection-runtime';
import type { Filler, FillerTask, OpenFillers, Side, Stretch } from '@fintech-ledger/projection-runtime';
import { fork } from 'node:child_process';
import os from 'node:os';

/** The first message to a process that fills. */
export interface FillTask extends Omit<FillerTask, 'sides'> {
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
 * Events live shortly, and the threads that help a garbage collector take the processors that other fillers need: each
 * collects by itself, with room in its young generation for the events of a slice.
 */
const flags = ['--single-threaded-gc', '--max-semi-space-size=32', '--max-old-space-size=512'];

/**
 * A process for each processor, which fills parts of a rebuild from the event store's tables.
 * @param file of the process: it hands the modules of the product to `runFillProcess`
 */
export function openFillers(
  file: string,
  { databaseUrl, statementMs }: { readonly databaseUrl: string; readonly statementMs: number },
): OpenFillers {
  return ({ sides, ...task }) => {
    const count = Math.max(1, Math.min(fillersMax, os.availableParallelism()));
    const all: FillTask = { ...task, databaseUrl, statementMs, sides: [...sides] };
    return Array.from({ length: count }, () => processFiller(file, all));
  };
}

function processFiller(file: string, task: FillTask): Filler {
  const child = fork(file, { execArgv: flags, serialization: 'advanced' });
  const asked = new Map<number, Asked>();
  let last = 0;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of asked.values()) reject(failure);
    asked.clear();
  };
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      fail(new Error(`the process that fills ended with ${signal ?? `code ${String(code)}`}`));
      resolve();
    });
    child.once('error', (error) => {
      fail(error);
      if (child.pid === undefined) resolve();
    });
  });
  child.on('message', ({ id, events = 0, failed }: FillAnswer) => {
    const who = asked.get(id);
    asked.delete(id);
    if (failed === undefined) who?.resolve(events);
    else who?.reject(failed.isEnded ? new RebuildEnded(failed.reason) : new Error(failed.reason));
  });
  const send = (message: FillTask | FillQuestion): void =>
    void child.send(message, (error) => error !== null && fail(error));
  send(task);
  const ask = (question: Omit<FillQuestion, 'id'>): Promise<number> =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) return reject(failure);
      last += 1;
      asked.set(last, { resolve, reject });
      send({ id: last, ...question });
    });
  return {
    read: (stretch) => ask({ stretch }),
    write: async () => void (await ask({})),
    async close() {
      // What it was writing is taken back with its connection.
      child.kill('SIGKILL');
      await exited;
    },
  };
}
