import type { WriterDirectory } from '@fintech-ledger/journal';

/** Writers of one look. */
const writersAtOnce = 20;
const restMs = 5_000;

/**
 * Looks again and again whether the event store still has what is known of the streams that are written here: a stream that loses its beginning takes
 * appends as before. @returns ends it
 */
export function recheckWriters(writers: Pick<WriterDirectory, 'running' | 'recheck'>): () => void {
  let after = '';
  const look = async (): Promise<void> => {
    const streams = [...writers.running()].sort();
    const rest = streams.filter((stream) => stream > after);
    const next = (rest.length > 0 ? rest : streams).slice(0, writersAtOnce);
    after = next.at(-1) ?? '';
    // What can't be told now is told the next time.
    for (const stream of next) await writers.recheck(stream).catch(() => undefined);
  };
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined));
  }, restMs);
  timer.unref();
  return () => clearInterval(timer);
}
