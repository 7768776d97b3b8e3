import { jitteredPauseAfter, messageOf } from '@fintech-ledger/contract';
import { PositionUnknown } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { TopicMadeAnew } from '@fintech-ledger/kafka';
import type { Database, SqlSession } from '@fintech-ledger/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCheckpoint } from './checkpoint';
import { checkpointIntervalMs, relayLock, retryFirstMs, retryLastMs, standbyPollMs } from './limits';
import type { RelayObserver } from './observer';
import { Passage } from './passage';
import type { RelayRun } from './relay-run';
import type { RelayTarget } from './target';

export interface RelayOptions {
  readonly store: Pick<EventStore, 'subscribe' | 'countAfter' | 'readStream'>;
  /** Where the checkpoint is (schema `relay`), and the lock. */
  readonly db: Database;
  readonly target: RelayTarget;
  /** What the names of the streams that are sent begin with. */
  readonly streamPrefixes: readonly string[];
  readonly observer?: RelayObserver;
}

/**
 * Sends the event store to a topic, in order, each event at least once. Of several processes one relays and the others stand by; the lock
 * spares duplicates only. It resumes automatically after the store, Postgres or Kafka were unavailable.
 */
export class Relay {
  private readonly stopping = new AbortController();
  private run: RelayRun | undefined;
  private running: Promise<void> | undefined;
  private failures = 0;
  private problem: string | undefined = 'it is still starting';

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    this.running ??= this.goOn();
  }

  /** Resolves when what is on its way is acknowledged (or was given up) and the checkpoint is written. */
  async stop(): Promise<void> {
    this.stopping.abort(new Stopped('the relay is stopping'));
    await this.running;
  }

  /** A sentence that says why nothing is sent; undefined when all goes well or another process relays. */
  health(): string | undefined {
    return this.problem;
  }

  /** How many events of the store are not in the topic yet; null when that is not known. */
  async lag(): Promise<number | null> {
    const { store, db, target } = this.options;
    // Asked of a standby too, which has no passage of its own.
    const reached = this.run?.checkpoint ?? (await loadCheckpoint(db, target.topic));
    return store.countAfter(reached?.position);
  }

  /**
   * Age (seconds) of the oldest event that this process has read and Kafka has not acknowledged; 0: there is none. Every store can tell, but what was not
   * read yet it does not know of.
   */
  unsentSeconds(nowMs: number = Date.now()): number {
    const oldest = this.run?.oldestUnsent;
    if (oldest === undefined) return 0;
    const { recordedAt } = JSON.parse(oldest.metadata) as { recordedAt?: string };
    return Math.max(0, nowMs - Date.parse(recordedAt ?? '')) / 1_000 || 0;
  }

  /** How many streams are halted, while the others go on. */
  get haltedStreams(): number {
    return this.run?.suspended.names.length ?? 0;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async goOn(): Promise<void> {
    while (!this.isStopping) {
      try {
        await this.holdLock((session) => this.relay(session));
      } catch (error) {
        if (this.isStopping) return;
        await this.retry(error);
      }
    }
  }

  private async retry(error: unknown): Promise<void> {
    this.failures += 1;
    this.problem = messageOf(error);
    const delayMs = jitteredPauseAfter(this.failures, retryFirstMs, retryLastMs);
    this.options.observer?.retrying?.(error, delayMs);
    await this.pause(delayMs);
  }

  private async pause(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async holdLock(work: (session: SqlSession) => Promise<void>): Promise<void> {
    const session = await this.options.db.session();
    try {
      while (!this.isStopping) {
        const { rows } = await session.query<{ held: boolean }>(
          'select pg_try_advisory_lock($1::integer, hashtext($2)) as held',
          [relayLock, this.options.target.topic],
        );
        if (rows[0]?.held === true) return await work(session);
        // Another one relays: what this one knew of its passage is no longer so.
        this.run = undefined;
        this.problem = undefined;
        await this.pause(standbyPollMs);
      }
    } finally {
      await session.release();
    }
  }

  private async relay(session: SqlSession): Promise<void> {
    const { store, db, target, streamPrefixes, observer = {} } = this.options;
    const lost = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, lost.signal]);
    const passage = await Passage.open({
      store,
      db,
      target,
      streamPrefixes,
      observer: this.watched(observer),
      signal,
    });
    let watching: NodeJS.Timeout | undefined;
    try {
      await passage.begin((run) => (this.run = run));
      session.onLost(() => lost.abort(new Error('the connection that holds the lock of the relay was lost')));
      this.problem = undefined;
      watching = setInterval(() => passage.look((error) => lost.abort(error)), checkpointIntervalMs);
      await passage.pass((error) => lost.abort(error));
      lost.signal.throwIfAborted();
    } catch (error) {
      if (error instanceof TopicMadeAnew) {
        // What is sent from now on says so, and consumers begin again too.
        this.run = undefined;
        await passage.beginAnew(error.message);
      }
      if (error instanceof PositionUnknown) await passage.beginAtStart();
      throw error;
    } finally {
      clearInterval(watching);
      await passage.close();
    }
  }

  /** What goes wrong is also told by `health`, until something goes right. */
  private watched(observer: RelayObserver): RelayObserver {
    return {
      ...observer,
      sent: (facts) => {
        this.failures = 0;
        this.problem = undefined;
        observer.sent?.(facts);
      },
      retrying: (error, delayMs) => {
        this.problem = messageOf(error);
        observer.retrying?.(error, delayMs);
      },
    };
  }
}

class Stopped extends Error {}
