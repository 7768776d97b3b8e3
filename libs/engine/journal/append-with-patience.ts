import {
  AppendMisplaced,
  OutcomeUnknown,
  StoreUnavailable,
  WrongExpectedRevision,
  revision,
  wroteNothing,
} from '@fintech-ledger/event-store';
import type { EventToAppend } from '@fintech-ledger/event-store';
import { BrokenInvariant, messageOf, nextPause } from '@fintech-ledger/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalStore } from './writer-dependencies';

/** A conflict is certain; the others are no outcome that sending again could change. */
const final = [WrongExpectedRevision, BrokenInvariant, AppendMisplaced];

const retryMsMax = 1_000;

export interface AppendPatience {
  readonly patienceMs: number;
  readonly retryMs: number;
  readonly onUnknown: (error: Error) => void;
  /** Why the store is known to be unavailable, or undefined: what was never sent is not worth an attempt then. */
  readonly lost?: () => string | undefined;
}

/**
 * Appends until the store says how it ended: the same events at the same expected revision, never others. Without events it only looks whether
 * the stream still ends there. Once the outcome of an attempt was
 * unknown, the only ways out are success, a conflict, and OutcomeUnknown, whatever later attempts are told.
 * @throws WrongExpectedRevision · OutcomeUnknown when it is still unknown after `patienceMs` · StoreUnavailable when the store was unavailable
 * all the time and nothing was written · AppendMisplaced it was stored elsewhere, as EventStoreDB does with a stream that was deleted · AppendTooLarge, AppendRejected nothing was written · BrokenInvariant, whose outcome is unknown too
 */
export async function appendWithPatience(
  store: JournalStore,
  stream: string,
  expectedRevision: number,
  events: readonly EventToAppend[],
  { patienceMs, retryMs, onUnknown, lost }: AppendPatience,
): Promise<void> {
  const expected = expectedRevision < 0 ? 'no_stream' : revision(expectedRevision);
  const last = expectedRevision + events.length;
  const deadline = performance.now() + patienceMs;
  let unknown: OutcomeUnknown | undefined;
  for (let pauseMs = 0; ;) {
    const reason = unknown === undefined ? lost?.() : undefined;
    if (reason !== undefined) throw new StoreUnavailable(reason);
    try {
      if (events.length === 0) return await checkEnd(store, stream, expectedRevision);
      const answer = await store.append(stream, expected, events);
      if (answer.revision === last) return;
      throw new AppendMisplaced(stream, revision(last), answer.revision);
    } catch (error) {
      if (final.some((kind) => error instanceof kind)) throw error;
      if (events.length > 0 && !wroteNothing(error)) {
        unknown = asUnknown(error);
        onUnknown(unknown);
      }
      // With nothing unknown, only what may pass is worth another attempt.
      if (unknown === undefined && !(error instanceof StoreUnavailable)) throw error;
      if (performance.now() > deadline) throw unknown ?? error;
      pauseMs = nextPause(pauseMs, retryMs, retryMsMax);
      await sleep(pauseMs);
    }
  }
}

/** @throws WrongExpectedRevision the stream goes on after that revision · StoreUnavailable */
async function checkEnd(store: JournalStore, stream: string, last: number): Promise<void> {
  const [next] = await store.readStream(stream, { from: revision(last + 1), limit: 1 });
  if (next) throw new WrongExpectedRevision(stream, last < 0 ? 'no_stream' : revision(last), next.revision);
}

function asUnknown(error: unknown): OutcomeUnknown {
  if (error instanceof OutcomeUnknown) return error;
  return new OutcomeUnknown(messageOf(error), { cause: error });
}
