import type { WitnessedWriter } from './witnessed-writer';

/** Writers of one look. */
const writersAtOnce = 20;
const restMs = 5_000;

/**
 * Looks again and again whether the event store still has what is known of the streams that are written here: a stream that loses its beginning takes
 * appends as before. @returns ends it
 */
export function recheckWriters(writers: Map<string, WitnessedWriter>): () => void {
  let after = '';
  const look = async (): Promise<void> => {
    const streams = [...writers.keys()].sort();
    const rest = streams.filter((stream) => stream > after);
    const next = (rest.length > 0 ? rest : streams).slice(0, writersAtOnce);
    after = next.at(-1) ?? '';
    for (const stream of next) {
      const writer = writers.get(stream);
      if (writer?.isStopped === true) writers.delete(stream);
      // What can't be told now is told the next time.
      else await writer?.recheck().catch(() => undefined);
    }
  };
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined));
  }, restMs);
  timer.unref();
  return () => clearInterval(timer);
}
