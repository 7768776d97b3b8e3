import { OutcomeUnknown, StoreUnavailable, revision } from '@fintech-ledger/event-store';
import type { EventStore, EventToAppend } from '@fintech-ledger/event-store';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Appends until the store says how it ended: after an unknown outcome the same events at the same expected revision, never others.
 * @throws WrongExpectedRevision · OutcomeUnknown when it is still unknown after `patienceMs` · StoreUnavailable when the store was away
 * all the time and nothing was written · AppendTooLarge
 */
export async function appendWithPatience(
  store: EventStore,
  stream: string,
  expectedRevision: number,
  events: readonly EventToAppend[],
  options: {
    readonly patienceMs: number;
    readonly retryMs: number;
    readonly onUnknown: (error: Error) => void;
  },
): Promise<void> {
  const expected = expectedRevision < 0 ? 'no_stream' : revision(expectedRevision);
  const deadline = performance.now() + options.patienceMs;
  let unknown: OutcomeUnknown | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await store.append(stream, expected, events);
      return;
    } catch (error) {
      if (error instanceof OutcomeUnknown) {
        unknown = error;
        options.onUnknown(error);
      } else if (!(error instanceof StoreUnavailable)) throw error;
      if (performance.now() > deadline) throw unknown ?? error;
      await sleep(Math.min(options.retryMs * attempt, 1_000));
    }
  }
}
