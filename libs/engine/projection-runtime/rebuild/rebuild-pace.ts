import { globalPosition } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { fillRestMs, fillShare, progressMs } from './limits';
import type { Rebuild } from './rebuild-rows';

type Store = Pick<EventStore, 'lastPosition' | 'countAfter'>;

/** Keeps the time of a rebuild: rests while others write, and says how far it is. */
export class RebuildPace {
  private readonly startedAt = performance.now();
  private events = 0;
  private lookedAt = -Infinity;
  private last: string | undefined;
  private isWritten = false;
  private writtenAt = -Infinity;
  private saidAt = -Infinity;

  constructor(
    private readonly sql: Sql,
    private readonly store: Store,
    private readonly rebuild: Pick<Rebuild, 'id' | 'ledger'>,
  ) {}

  /** Whether events were appended between the last two looks. */
  async isBesideWrites(): Promise<boolean> {
    const nowMs = performance.now();
    if (nowMs - this.lookedAt < progressMs) return this.isWritten;
    const last = await this.store.lastPosition();
    this.isWritten = this.lookedAt !== -Infinity && last !== this.last;
    if (this.isWritten) this.writtenAt = nowMs;
    this.last = last;
    this.lookedAt = nowMs;
    return this.isWritten;
  }

  /** Whether nobody appends, for which it looks twice: to be asked before much is begun that writes would wait for. */
  async isQuiet(): Promise<boolean> {
    await this.isBesideWrites();
    // A timer may be early.
    await sleep(progressMs + 10);
    return !(await this.isBesideWrites());
  }

  /** For how long nobody has appended, as far as it has looked. */
  get quietForMs(): number {
    return performance.now() - this.writtenAt;
  }

  /** Rests as long as it has to, so that others find processor and disk. */
  async wrote(events: number, tookMs: number): Promise<void> {
    this.events += events;
    if (performance.now() - this.saidAt > progressMs) await this.say();
    if (await this.isBesideWrites()) await sleep(Math.min(fillRestMs, tookMs * (1 / fillShare - 1)));
  }

  /** Notes how many events there are and how many of them are done, where the store can count them. */
  async say(): Promise<void> {
    this.saidAt = performance.now();
    const seconds = (performance.now() - this.startedAt) / 1_000;
    const { rows } = await this.sql.query<{ position: string | null }>(
      `select position from read.rebuilds where id = $1`,
      [this.rebuild.id],
    );
    const position = rows[0]?.position ?? null;
    const isPlace = position !== null && position !== 'copied';
    // The store counts all of them: of one ledger that says nothing.
    const total = this.rebuild.ledger === null ? await this.store.countAfter(undefined) : null;
    const left = isPlace && total !== null ? await this.store.countAfter(globalPosition(position)) : null;
    const done = total !== null && left !== null ? total - left : this.events;
    await this.sql.query(
      `update read.rebuilds set done = greatest(done, $2), total = $3, events_per_s = $4, updated_at = now()
        where id = $1`,
      [this.rebuild.id, done, total, this.events / Math.max(0.001, seconds)],
    );
  }
}
