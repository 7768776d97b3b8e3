import type { AlarmCheck, AlarmSink } from './alarms';
import { outcomeOf } from './outcome-of';
import type { Check } from './outcome-of';

export interface Watched {
  readonly check: AlarmCheck;
  /** Whose alarm it is; nobody else may raise or clear it. */
  readonly subject: string;
  readonly ask: Check;
}

/**
 * Keeps the alarms of what nobody tells on its own: all is asked when somebody looks, at health or at metrics. One round at a time: who looks
 * while one is under way gets what that finds.
 */
export function watch(alarms: AlarmSink, watched: readonly Watched[]): () => Promise<void> {
  let round: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    await Promise.all(
      watched.map(async ({ check, subject, ask }) => {
        const reason = await outcomeOf(ask);
        if (reason === undefined) alarms.clear(check, subject);
        else alarms.raise(check, subject, reason);
      }),
    );
  };
  return () => (round ??= look().finally(() => (round = undefined)));
}
