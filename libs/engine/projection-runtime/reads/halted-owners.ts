import type { Sql } from '@fintech-ledger/postgres';
import { haltedStreamsMax } from '../limits';
import { selectHaltedStreams } from '../halted-streams';
import type { PositionWaiter } from '../position-waiter';
import type { Followed } from './queries';

/** How old an answer may be. */
const freshMs = 1_000;

/** Which streams are halted, for queries: one look at the table serves all that ask within a second. */
export class HaltedOwners {
  private reasons: ReadonlyMap<string, string> = new Map();
  private lookedAt = -Infinity;
  private looking: Promise<void> | undefined;

  constructor(private readonly sql: Sql) {}

  /** Why the read models of a stream (or what feeds them) are halted. @throws DatabaseUnavailable */
  async reasonOf(stream: string): Promise<string | undefined> {
    if (performance.now() - this.lookedAt > freshMs) await (this.looking ??= this.look());
    return this.reasons.get(stream);
  }

  private async look(): Promise<void> {
    const startedAt = performance.now();
    try {
      const rows = await selectHaltedStreams(this.sql, { limit: 8 * haltedStreamsMax });
      // What has only just been noticed is most often over at once.
      const tried = rows.filter(({ attempts }) => attempts > 0);
      this.reasons = new Map(tried.map(({ stream, reason }) => [stream, reason]));
      this.lookedAt = startedAt;
    } finally {
      this.looking = undefined;
    }
  }
}

/** What the queries of every read model have of the streams that it follows. @param streamOf an owner's */
export function followed(
  sql: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  streamOf: (owner: string) => string,
): Followed {
  const halted = new HaltedOwners(sql);
  return {
    haltedReason: (owner) => halted.reasonOf(streamOf(owner)),
    waitFor: (owner, revision, timeoutMs) => waiter.waitFor(streamOf(owner), revision, timeoutMs),
  };
}
