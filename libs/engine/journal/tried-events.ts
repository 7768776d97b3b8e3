import { checkAppend, globalPosition, revision, WrongExpectedRevision } from '@fintech-ledger/event-store';
import type {
  AppendLimits,
  AppendResult,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  ReadOptions,
  RecordedEvent,
} from '@fintech-ledger/event-store';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JournalStore } from './writer-dependencies';

/** What an event takes in memory besides its texts. */
const eventBytes = 400;

/** A stream as the store has it up to a revision, and what a trial appends to it: in memory alone. */
export class TriedEvents implements JournalStore {
  private readonly tried: RecordedEvent[] = [];
  private held = 0;

  /** @param after the revision that the trial begins at; -1: the stream is empty */
  constructor(
    private readonly store: Pick<EventStore, 'limits' | 'readStream'>,
    private readonly after: number,
  ) {}

  get limits(): AppendLimits {
    return this.store.limits;
  }

  /** About as many bytes as it holds. */
  get bytes(): number {
    return this.held;
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    const bytes = checkAppend(stream, events, this.limits);
    // As a store would, it lets everybody else have a turn.
    await nextTurn();
    const last = this.after + this.tried.length;
    if ((expected === 'no_stream' ? -1 : expected) !== last)
      throw new WrongExpectedRevision(stream, expected, last < 0 ? null : revision(last));
    for (const [at, event] of events.entries())
      this.tried.push({ ...event, stream, revision: revision(last + 1 + at), position: globalPosition('') });
    this.held += bytes + events.length * eventBytes;
    return { revision: revision(last + events.length), repeated: false };
  }

  /** Forwards. What others have appended to the stream since the trial began is not in it. */
  async readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    const { from = revision(0), limit } = options;
    const stored = this.after - from + 1;
    if (stored > 0) return this.store.readStream(stream, { ...options, limit: Math.min(limit, stored) });
    return this.tried.slice(-stored, -stored + limit);
  }
}
