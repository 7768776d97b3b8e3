import { jitteredPauseAfter, pauseAfter } from '@fintech-ledger/contract';
import type { EventFeed, FeedToken } from '@fintech-ledger/event-feed';
import { PositionUnknown } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Database, SqlSession } from '@fintech-ledger/postgres';
import { randomUUID } from 'node:crypto';
import { adoptHashes } from './adopt-hashes';
import { reasonOf } from './errors';
import { FeedStuck, watchFeeds } from './feed-watch';
import { holdLock } from './hold-lock';
import { isPassing } from './is-passing';
import { Lane } from './lane';
import { batchEventsDefault, retryFirstMs, retryLastMs, standbyPollMs, stuckLastMs, stuckMs } from './limits';
import type { ProjectorObserver } from './observer';
import { prepareProjection, ProjectionIsKept, ProjectionIsNewer, saveState } from './projection-rows';
import type { Decode, LinkOf, Projection } from './projection';
import { Pause } from './pause';
import { recheckStreams } from './recheck-streams';
import { keepLooks } from './projector-looks';
import { ofThese, selectFollowed, sidesKey } from './rebuild/followed';
import { followSides } from './rebuild/follow-sides';
import type { FollowedProjection } from './rebuild/followed';

export interface ProjectorOptions<E> {
  readonly db: Database;
  readonly feed: EventFeed;
  /** The event store: where a stream that is halted is read again, whatever the feed is. */
  readonly history: Pick<EventStore, 'readStream'>;
  readonly decode: Decode<E>;
  /** Absent: the metadata's text says it. */
  readonly linkOf?: LinkOf<E>;
  readonly projections: readonly Projection<E>[];
  readonly recordedMsOf?: (event: E) => number | null;
  readonly batchEventsMax?: number;
  readonly observer?: ProjectorObserver;
  /** See `stuckMs`, for tests. */
  readonly stuckMs?: number;
}

interface LaneStart<E> {
  readonly after: FeedToken | undefined;
  readonly projections: Projection<E>[];
}

export type ProjectorState = 'starting' | 'running' | 'standby' | 'halted';

/** Lanes that did nothing for so long and wait for nothing have caught up. */
const quietMs = 1_000;

/**
 * Keeps read models up to date. Of several processes one projects and the others stand by, unless the feed shares its parts out among them;
 * the lock is for order only, safety is the compare-and-set of the checkpoints. It resumes automatically after Postgres or the event store were unavailable; a stream that can't go on in a
 * projection halts alone, and is read again from the event store until it can.
 */
export class Projector<E> {
  private readonly halted = new Map<string, string>();
  private readonly pause = new Pause();
  private lanes: readonly Lane<E>[] = [];
  private phase: Exclude<ProjectorState, 'halted'> = 'starting';
  private running: Promise<void> | undefined;
  private failures = 0;
  /** How often in a row a feed had to be opened again because it did nothing. */
  private stuck = 0;
  private problem: string | undefined;
  private readonly id = randomUUID();
  private readonly sinceMs = Date.now();

  constructor(private readonly options: ProjectorOptions<E>) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the batch in hand is written and the lock is free. */
  async stop(): Promise<void> {
    this.pause.end();
    await Promise.all(this.lanes.map((lane) => lane.close()));
    await this.running;
  }

  /** How each projection is doing in this process. */
  states(): ReadonlyMap<string, { readonly state: ProjectorState; readonly lastError: string | null }> {
    return new Map(
      this.options.projections.map(({ name }) => {
        const lastError = this.halted.get(name) ?? null;
        return [name, { state: lastError === null ? this.phase : 'halted', lastError }];
      }),
    );
  }

  /** A sentence that says why it does not get on; undefined: all goes well, or another process projects. */
  health(): string | undefined {
    if (this.goingOn().length === 0) return [...new Set(this.halted.values())].join(' ');
    if (this.phase === 'standby') return undefined;
    const waiting = this.lanes.filter(({ waitingMs }) => waitingMs !== null).map(({ idleMs }) => idleMs);
    const idleMs = Math.max(0, ...waiting);
    if (idleMs > (this.options.stuckMs ?? stuckMs))
      return `There are events, and nothing was applied for ${Math.round(idleMs / 1_000)} s.`;
    return this.problem;
  }

  private async run(): Promise<void> {
    while (!this.pause.isEnded) {
      try {
        const standby = (): void => void (this.phase = 'standby');
        await holdLock({ ...this.options, isShared: this.isShared, pause: this.pause, standby }, (session) =>
          this.project(session),
        );
        if (this.goingOn().length === 0) await this.pause.forMs(standbyPollMs);
      } catch (error) {
        const delayMs = jitteredPauseAfter(this.failures, retryFirstMs, retryLastMs);
        this.failures += 1;
        if (error instanceof FeedStuck) this.stuck += 1;
        this.phase = 'starting';
        this.problem = reasonOf(error);
        this.options.observer?.retrying?.(error, delayMs);
        if (error instanceof PositionUnknown) await this.recheck(error);
        // A failure that lasts must be visible to whoever looks at the projections; one that passes has ended before anybody looks.
        if (!isPassing(error)) await this.sayWhy(error);
        await this.pause.forMs(delayMs);
      }
    }
  }

  private get isShared(): boolean {
    return this.options.feed.earliest !== undefined;
  }

  private goingOn(): readonly Projection<E>[] {
    return this.options.projections.filter(({ name }) => !this.halted.has(name));
  }

  private async project(session: SqlSession): Promise<void> {
    const byToken = this.sharedLane(await this.prepare());
    if (byToken.size === 0 || this.pause.isEnded) return;
    const followed = await selectFollowed(this.options.db, this.options.projections);
    this.lanes = [...byToken.values()].map(({ after, projections }) =>
      this.lane(after, ofThese(followed, projections)),
    );
    const closeAll = (): void => this.lanes.forEach((lane) => void lane.close());
    let isLost = false;
    session.onLost(() => {
      isLost = true;
      closeAll();
    });
    this.phase = 'running';
    const endLooks = keepLooks(this.options.db, this.id, () => this.look());
    const ofLanes = [...byToken.values()].map(({ projections }) => projections);
    const endFollowing = followSides(this.options, this.lanes, ofLanes, sidesKey(followed));
    const watching = new Pause();
    const patienceMs = pauseAfter(this.stuck, this.options.stuckMs ?? stuckMs, stuckLastMs);
    try {
      await Promise.race([this.runLanes(closeAll), watchFeeds(this.lanes, watching, patienceMs)]);
      if (isLost) throw new Error('the connection that holds the lock of the projector was lost');
    } finally {
      watching.end();
      closeAll();
      this.lanes = [];
      await Promise.all([endLooks(), endFollowing()]);
    }
  }

  private async runLanes(closeAll: () => void): Promise<void> {
    const outcomes = await Promise.allSettled(
      this.lanes.map((lane) =>
        lane.run().catch((error: unknown) => {
          closeAll();
          throw error;
        }),
      ),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** What went wrong is over when something was applied, or there was nothing to do for a moment. */
  private look(): readonly Lane<E>[] {
    const isIdle = this.lanes.every(({ waitingMs, idleMs }) => waitingMs === null && idleMs > quietMs);
    if (isIdle) this.problem = undefined;
    return this.lanes;
  }

  /** A reader of a shared feed is one of a group, and gets some of the parts: all projections go through the same one. */
  private sharedLane(byToken: ReadonlyMap<string, LaneStart<E>>): ReadonlyMap<string, LaneStart<E>> {
    const lanes = [...byToken.values()];
    const after = this.options.feed.earliest?.(lanes.map((lane) => lane.after));
    if (!this.isShared || lanes.length === 0) return byToken;
    return new Map([['', { after, projections: lanes.flatMap(({ projections }) => projections) }]]);
  }

  private async prepare(): Promise<ReadonlyMap<string, LaneStart<E>>> {
    const byToken = new Map<string, LaneStart<E>>();
    for (const projection of this.goingOn()) {
      try {
        const after = await prepareProjection(this.options.db, projection);
        const lane = byToken.get(after ?? '');
        if (lane) lane.projections.push(projection);
        else byToken.set(after ?? '', { after, projections: [projection] });
      } catch (error) {
        // The rows of a newer version stay as they are, and so does what it says of itself.
        if (!(error instanceof ProjectionIsNewer || error instanceof ProjectionIsKept)) throw error;
        this.halt({ projection: projection.name, cause: error });
      }
    }
    const names = [...byToken.values()].flatMap(({ projections }) => projections.map(({ name }) => name));
    await adoptHashes(this.options.db, this.options.history, names);
    await saveState(this.options.db, names, 'running', null);
    return byToken;
  }

  private lane(after: FeedToken | undefined, followed: readonly FollowedProjection<E>[]): Lane<E> {
    const { observer = {} } = this.options;
    return new Lane({
      batchEventsMax: batchEventsDefault,
      recordedMsOf: () => null,
      ...this.options,
      followed,
      after,
      sinceMs: this.sinceMs,
      observer: {
        ...observer,
        applied: (batch) => {
          this.failures = 0;
          this.stuck = 0;
          this.problem = undefined;
          observer.applied?.(batch);
        },
      },
      isShared: this.isShared,
    });
  }

  private halt({ projection, cause }: { readonly projection: string; readonly cause: unknown }): void {
    const reason = reasonOf(cause);
    this.halted.set(projection, reason);
    this.options.observer?.halted?.({ projection, reason, cause });
  }

  private async recheck({ message }: PositionUnknown): Promise<void> {
    const names = this.goingOn().map(({ name }) => name);
    // Tried again with the next failure.
    await recheckStreams(this.options.db, names, message).catch(() => undefined);
  }

  private async sayWhy(error: unknown): Promise<void> {
    const names = this.goingOn().map(({ name }) => name);
    await saveState(this.options.db, names, 'starting', reasonOf(error)).catch(() => undefined);
  }
}
