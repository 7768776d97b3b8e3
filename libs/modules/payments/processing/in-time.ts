/**
 * What `ask` comes to in its time. Not by `AbortSignal.any` with `AbortSignal.timeout`: Node 20 lets go of the timeout
 * with the next collection of garbage, and then it never comes.
 * @param ask given the signal that the time is over, or that `signal` is; who does not look at it is not waited for
 * @throws Error the time is over, or `signal` is aborted
 */
export function inTime<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  msMax: number,
  signal: AbortSignal,
): Promise<T> {
  const ended = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', late);
    };
    const late = (): void => {
      over();
      const error = new Error('the rail has not answered in time');
      ended.abort(error);
      reject(error);
    };
    const timer = setTimeout(late, msMax);
    signal.addEventListener('abort', late, { once: true });
    if (signal.aborted) late();
    ask(ended.signal).then(resolve, reject).finally(over);
  });
}
