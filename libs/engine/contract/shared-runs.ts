/**
 * Runs work of which everybody wants the same result: one at a time, however many ask. Who asks while it runs gets the
 * result of the next run, together with all others who do, so that no result is of before it was asked for.
 */
export function sharedRuns<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const run = (): Promise<T> => {
    const begun = work().finally(() => (running = undefined));
    running = begun;
    return begun;
  };
  return () => {
    if (running === undefined) return run();
    const begin = (): Promise<T> => {
      next = undefined;
      return run();
    };
    next ??= running.then(begin, begin);
    return next;
  };
}
