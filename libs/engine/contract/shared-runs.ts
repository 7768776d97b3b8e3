/**
 * Runs work of which everybody wants the same result: one at a time, however many ask. Who asks while it runs gets the
 * result of the next run, together with all others who do, so that no result is of before it was asked for.
 */
export function sharedRuns<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const run = (): Promise<T> => {
    next = undefined;
    running = work().finally(() => (running = undefined));
    return running;
  };
  // One that has ended may have a next one that has not begun.
  return () => next ?? (running === undefined ? run() : (next = running.then(run, run)));
}
