import { BrokenInvariant } from '@fintech-ledger/contract';
import type { Sql } from '@fintech-ledger/postgres';
import type { LiveDatabase } from './rebuild/live-tables';
import { waiterPollMs, waitersMax } from './limits';

interface Waiter {
  readonly revision: number;
  readonly settle: (isReached: boolean) => void;
}

/**
 * Lets queries wait until read models have reached a position. One look at the checkpoints serves all that wait, every few milliseconds and
 * whenever `notify` says that there is news; nothing is asked while nobody waits.
 */
export class PositionWaiter {
  private readonly waiters = new Map<string, Set<Waiter>>();
  private count = 0;
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  /** @param projections all of them must have reached the position */
  constructor(
    private readonly sql: Sql & Partial<Pick<LiveDatabase, 'nameOf'>>,
    private readonly projections: readonly string[],
  ) {}

  /** True once the stream's checkpoints stand at `revision` or later, false when `timeoutMs` passed first. @throws DatabaseUnavailable */
  async waitFor(stream: string, revision: number, timeoutMs: number): Promise<boolean> {
    if (revision < 0) return true;
    const reached = (await this.reached([stream])).get(stream) ?? -1;
    if (reached >= revision) return true;
    if (timeoutMs <= 0 || this.count >= waitersMax) return false;
    return new Promise((resolve) => {
      const ofStream = this.waiters.get(stream) ?? new Set();
      this.waiters.set(stream, ofStream);
      const settle = (isReached: boolean): void => {
        if (!ofStream.delete(waiter)) return;
        if (ofStream.size === 0 && this.waiters.get(stream) === ofStream) this.waiters.delete(stream);
        this.count -= 1;
        clearTimeout(timeout);
        resolve(isReached);
      };
      const waiter: Waiter = { revision, settle };
      const timeout = setTimeout(() => settle(false), timeoutMs);
      ofStream.add(waiter);
      this.count += 1;
      this.schedule();
      this.assertWatched();
    });
  }

  /** Who waits is counted, and somebody looks: else they would wait until their time has passed. */
  private assertWatched(): void {
    if (this.count < this.waiters.size || this.count > 0 !== this.waiters.size > 0)
      throw new BrokenInvariant(`${this.count} queries wait for a position, of ${this.waiters.size} streams`);
    if (this.count > 0 && this.timer === undefined && !this.isLooking)
      throw new BrokenInvariant(`${this.count} queries wait for a position that nobody looks for`);
  }

  /** There may be news of this stream: look now instead of at the next poll. */
  notify(stream: string): void {
    if (this.waiters.has(stream)) void this.look();
  }

  private schedule(): void {
    if (this.timer !== undefined || this.count === 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.look();
    }, waiterPollMs);
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const reached = await this.reached([...this.waiters.keys()]);
      for (const [stream, waiters] of this.waiters) {
        const revision = reached.get(stream) ?? -1;
        for (const waiter of [...waiters]) if (waiter.revision <= revision) waiter.settle(true);
      }
    } catch {
      // Postgres is unavailable: they wait on, until it is back or their time has passed.
    } finally {
      this.isLooking = false;
      this.schedule();
    }
  }

  private async reached(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.sql.query<{ stream: string; revision: string }>(
      `select stream, min(revision) as revision from read.checkpoints
        where stream = any (string_to_array($1, E'\\n')) and projection = any (string_to_array($2, E'\\n'))
        group by stream having count(*) = $3`,
      [
        streams.join('\n'),
        this.projections.map((name) => this.sql.nameOf?.(name) ?? name).join('\n'),
        this.projections.length,
      ],
      'reached-positions',
    );
    return new Map(rows.map(({ stream, revision }) => [stream, Number(revision)]));
  }
}
