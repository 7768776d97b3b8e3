import type { EventStore } from '@fintech-ledger/event-store';
import type { Database, SqlSession } from '@fintech-ledger/postgres';
import { Pause } from '../pause';
import type { Decode, LinkOf, Projection } from '../projection';
import { copySide, emptySide } from './copy-sides';
import { copied, fillSide } from './fill';
import { fillAll } from './fill-all';
import type { OpenFillers } from './fill-all';
import { healSides, isTakenUp, signsOf } from './heal-sides';
import { selectLacking } from './lacking';
import { rebuildPollMs, settleMs } from './limits';
import { selectSides, unusedSeconds } from './live-tables';
import { LookPace } from './look-pace';
import { RebuildEnded } from './note-position';
import { RebuildPace } from './rebuild-pace';
import { swapSides } from './rebuild-commands';
import { lockRebuild, moveRebuild, selectRebuildsToDo } from './rebuild-rows';
import type { Rebuild } from './rebuild-rows';
import { otherSide, sided } from './sides';
import type { Side } from './sides';
import { isOfLacking, lackingProblem, problemOf, verifySides } from './verify-sides';

/** Any number that only this uses: its advisory lock says which process works on rebuilds. */
export const rebuilderLock = '4021196508151';

export interface RebuilderOptions<E> {
  /** Its statements may take long. */
  readonly db: Database;
  readonly store: Pick<EventStore, 'subscribe' | 'readStream' | 'lastPosition' | 'countAfter'>;
  readonly decode: Decode<E>;
  readonly linkOf?: LinkOf<E>;
  /** When the event was recorded (ms), for traces. */
  readonly recordedMsOf?: (event: E) => number | null;
  readonly projections: readonly Projection<E>[];
  readonly journalPrefix: string;
  /** Several that fill at once, where the store's positions can be shared out; absent: this thread does all. */
  readonly openFillers?: OpenFillers;
  readonly observer?: {
    moved?(rebuild: Rebuild, what: string): void;
    failed?(error: unknown): void;
  };
  /** See `unusedSeconds`, for tests. */
  readonly unusedSeconds?: number;
  /** See `settleMs`, for tests. */
  readonly settleMs?: number;
}

/**
 * Does what was asked of rebuilds, one after the other: fills the side that is not live, has it caught up, verifies it,
 * swaps it where that was asked for, and empties what nobody needs any more. Of several processes one does it; all that
 * it knows is in `read.rebuilds`, so another one, or the next start, goes on where it was.
 */
export class Rebuilder<E> {
  private readonly pause = new Pause();
  private running: Promise<void> | undefined;
  /** Since when a rebuild is in its state, for those that wait for something. */
  private readonly since = new Map<string, number>();
  private readonly pace = new LookPace();

  constructor(private readonly options: RebuilderOptions<E>) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.pause.end();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.pause.isEnded) {
      try {
        await this.work(await this.options.db.session());
      } catch (error) {
        // Postgres or the event store is unavailable, most often: it goes on where it was.
        this.options.observer?.failed?.(error);
      }
      await this.pause.forMs(2 * rebuildPollMs);
    }
  }

  private async work(session: SqlSession): Promise<void> {
    let isLost = false;
    session.onLost(() => (isLost = true));
    try {
      while (!this.pause.isEnded && !isLost) {
        const { rows } = await session.query<{ held: boolean }>(`select pg_try_advisory_lock($1) as held`, [
          rebuilderLock,
        ]);
        if (rows[0]?.held === true) break;
        await this.pause.forMs(4 * rebuildPollMs);
      }
      while (!this.pause.isEnded && !isLost) {
        for (const rebuild of await selectRebuildsToDo(this.options.db)) {
          if (this.pause.isEnded || isLost) break;
          await this.step(rebuild, () => this.pause.isEnded || isLost).catch((error: unknown) => {
            if (!(error instanceof RebuildEnded)) throw error;
          });
        }
        await this.pause.forMs(rebuildPollMs);
      }
    } finally {
      await session.release();
    }
  }

  private async step(rebuild: Rebuild, isEnded: () => boolean): Promise<void> {
    const { db } = this.options;
    const projection = this.options.projections.find(({ name }) => name === rebuild.projection);
    if (projection === undefined) return;
    if (rebuild.unusedSince !== null) return this.empty(rebuild, projection);
    if (rebuild.state === 'swapped') {
      const isOver = rebuild.keptUntil !== null && rebuild.keptUntil.getTime() < Date.now();
      if (isOver) await this.move(rebuild, 'dropped');
      // Also of another version: what was folded before the new side was taken up may have been written after the swap.
      else if ([rebuild.version, rebuild.oldVersion].includes(projection.version))
        await this.look(rebuild, () => healSides(db, rebuild));
      return;
    }
    // Another version of this process makes it.
    if (rebuild.version !== projection.version) return;
    if (rebuild.state === 'filling') return this.fill(rebuild, projection, isEnded);
    if (rebuild.state === 'catching_up') return this.catchUp(rebuild);
    if (rebuild.state === 'verifying') return this.verify(rebuild, projection);
    await this.look(rebuild, async () => {
      if ((await healSides(db, rebuild)) === 0 && (await this.isWhole(rebuild))) await this.swap(rebuild);
    });
  }

  /** Compares the sides of what waits, which may be for a day: less and less often as long as nothing changes. */
  private async look(rebuild: Rebuild, compare: () => Promise<unknown>): Promise<void> {
    const signs = (): Promise<string> => signsOf(this.options.db, rebuild);
    if (!this.pace.isDue(rebuild.id, await signs())) return;
    await compare();
    this.pace.looked(rebuild.id, await signs());
  }

  /**
   * Whether nothing was lost since it was verified; what stays lost is for an operator, as long as it does. Old
   * processes that write beside new ones keep streams a moment apart.
   */
  private async isWhole(rebuild: Rebuild): Promise<boolean> {
    const { problem } = rebuild;
    if (problem !== null && !isOfLacking(problem)) return false;
    const lacking = await selectLacking(this.options.db, rebuild);
    if (lacking.length === 0) {
      this.since.delete(keyOf(rebuild));
      if (problem !== null) await this.say(rebuild, null);
    } else if (problem === null && this.isSettled(rebuild))
      await this.say(rebuild, `${lackingProblem(lacking)}: swap or cancel it.`);
    return lacking.length === 0;
  }

  private async say(rebuild: Rebuild, problem: string | null): Promise<void> {
    await moveRebuild(this.options.db, rebuild, 'ready', { problem });
    this.options.observer?.moved?.(rebuild, problem ?? 'ready');
  }

  /** Those that shall be, and are found right, or are of a new version. */
  private async swap({ id, projection, autoSwap }: Rebuild): Promise<void> {
    if (!autoSwap) return;
    await this.options.db.transaction(async (sql) => {
      await sql.query(`select from read.projections where name = $1 for update`, [projection]);
      const locked = await lockRebuild(sql, id);
      if (locked?.state === 'ready' && locked.problem === null) await swapSides(sql, locked);
    });
  }

  private async fill(rebuild: Rebuild, projection: Projection<E>, isEnded: () => boolean): Promise<void> {
    const { db, store, journalPrefix } = this.options;
    // What an earlier rebuild left there has to be gone first.
    const others = await selectRebuildsToDo(db);
    const isThere = others.some(
      ({ projection: name, unusedSince }) => name === rebuild.projection && unusedSince !== null,
    );
    if (isThere) return;
    const own = await this.on(projection, rebuild.side);
    const pace = new RebuildPace(db, store, rebuild);
    const stream = rebuild.ledger === null ? undefined : `${journalPrefix}${rebuild.ledger}`;
    await pace.say();
    if (stream !== undefined && rebuild.position !== copied) await copySide(db, rebuild, own, stream);
    const filling = { ...this.options, projection: own, pace, isEnded };
    const isFilled =
      stream === undefined
        ? await fillAll(rebuild, filling)
        : (await fillSide({ ...filling, rebuild }, stream)) === 'done';
    if (!isFilled) return;
    await pace.say();
    await this.move(rebuild, 'catching_up');
  }

  /** Once the projectors keep the side up to date, and it has all that it lacked until then. */
  private async catchUp(rebuild: Rebuild): Promise<void> {
    const { db } = this.options;
    if (!(await isTakenUp(db, rebuild)) || (await healSides(db, rebuild)) > 0) return;
    await this.move(rebuild, 'verifying');
  }

  private async verify(rebuild: Rebuild, { tables, contents }: Projection<E>): Promise<void> {
    await healSides(this.options.db, rebuild);
    const relations = { tables, ...(contents === undefined ? {} : { contents }) };
    const verified = await verifySides(this.options.db, rebuild, relations, this.isSettled(rebuild));
    if (verified === undefined) return;
    const { verification } = verified;
    const problem = problemOf(verified);
    if (!(await moveRebuild(this.options.db, rebuild, 'ready', { verification, problem }))) return;
    this.options.observer?.moved?.(rebuild, problem ?? 'ready');
  }

  private async empty(rebuild: Rebuild, projection: Projection<E>): Promise<void> {
    const { db } = this.options;
    this.pace.forget(rebuild.id);
    const wasLive = rebuild.state === 'dropped' || rebuild.state === 'rolled_back';
    // Projectors and queries must have noticed that nobody needs it.
    const restSeconds = wasLive ? (this.options.unusedSeconds ?? unusedSeconds) : 3;
    const side = rebuild.state === 'dropped' ? otherSide(rebuild.side) : rebuild.side;
    const own = await this.on(projection, side);
    const isDone = await db.transaction(async (sql) => {
      const { rows } = await sql.query(
        `select from read.rebuilds where id = $1 and unused_since < now() - $2 * interval '1 second' for update`,
        [rebuild.id, restSeconds],
      );
      if (rows.length === 0) return false;
      await emptySide(sql, rebuild.projection, side, own);
      await sql.query(`update read.rebuilds set unused_since = null where id = $1`, [rebuild.id]);
      return true;
    });
    if (isDone) this.options.observer?.moved?.(rebuild, `side ${side} was emptied`);
  }

  private async on(projection: Projection<E>, side: Side): Promise<Projection<E>> {
    return sided(projection, side, this.options.projections, await selectSides(this.options.db));
  }

  private async move(rebuild: Rebuild, to: Rebuild['state']): Promise<void> {
    if (await moveRebuild(this.options.db, rebuild, to)) this.options.observer?.moved?.(rebuild, to);
  }

  /** Whether what it waits for is not a matter of moments. */
  private isSettled(rebuild: Rebuild): boolean {
    const key = keyOf(rebuild);
    const since = this.since.get(key) ?? performance.now();
    this.since.set(key, since);
    return performance.now() - since > (this.options.settleMs ?? settleMs);
  }
}

const keyOf = ({ id, state }: Rebuild): string => `${id} ${state}`;
