import { Pause } from './pause';

/**
 * Does something again and again; what fails is done again the next time.
 * @returns ends it, after what is on its way
 */
export function again(everyMs: number, work: () => Promise<unknown>): () => Promise<void> {
  const pause = new Pause();
  const run = async (): Promise<void> => {
    while (!pause.isEnded) {
      await work().catch(() => undefined);
      await pause.forMs(everyMs);
    }
  };
  const done = run();
  return async () => {
    pause.end();
    await done;
  };
}
