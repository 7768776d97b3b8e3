import { nextPause } from '@fintech-ledger/contract';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import { setTimeout as sleep } from 'node:timers/promises';
import { timeBy } from './clock';
import type { Clock, Clocks, OwnClock } from './clock';
import { WriterUnavailable } from './gateway';
import type { WriterObserver } from './observer';

export interface DueSearch {
  /** RFC 3339. */
  readonly now: string;
  /** Streams at most. */
  readonly limit: number;
  /** Streams with a writer here. */
  readonly running: readonly string[];
  /** Streams to leave alone for now. */
  readonly failing: readonly string[];
  /** Organizations whose time is not ours, and what it is: RFC 3339. */
  readonly moved: ReadonlyMap<string, string>;
}

/** Finds streams that need a writer although nobody sends them a command. */
export interface DueStreams {
  /**
   * - streams of which, by their checkpoint, a record is due, and which have no writer here;
   * - streams whose last owner ended without giving them up: a record may be due that is in their journal only. Also when they have a writer here: it
   *   was not the owner, so it does not know what the owner wrote.
   *
   * None that another living process owns, in no fixed order.
   * @throws StoreUnavailable
   */
  find(search: DueSearch): Promise<readonly string[]>;
}

/** The writers of this process, as the watch sees them. */
export interface WatchedWriters {
  /** Streams with a writer here that runs or is being loaded: it looks after what is due on its own. */
  running(): readonly string[];
  /** Streams that belong to this process, whose writer stopped or was closed without saving everything. */
  unattended(): readonly string[];
  /**
   * Sees to it that the stream has a writer that knows all of it, here or in the process that owns it.
   * @throws what keeps it from being loaded
   */
  attend(stream: string): Promise<void>;
}

export interface DueWatchOptions {
  readonly streams: DueStreams;
  readonly writers: WatchedWriters;
  readonly clock: Clock;
  /** Absent: it is the same time for all. */
  readonly clocks?: Pick<Clocks, 'moved'> | undefined;
  readonly observer: WriterObserver;
  /** 0 to 1, for the time between two looks, so that processes don't all look at once. */
  readonly random?: () => number;
  readonly everyMs?: number;
}

/** Streams found at once. */
const foundMax = 50;
/** Writers loaded at once. */
const concurrency = 4;
const retryMsMin = 5_000;
const retryMsMax = 300_000;

/**
 * Finds what is due in all streams and loads their writers, which handle it: after a start, after an idle writer was closed, after another
 * process died. Loaded writers look after their own. A little at a time, so that many ledgers don't hold up the commands that arrive.
 */
export class DueWatch {
  private readonly failing = new Map<string, { readonly waitMs: number; readonly until: number }>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: DueWatchOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when a look that is under way has ended. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { everyMs = 2_000, random = Math.random } = this.options;
    const { signal } = this.stopping;
    let isMore = true;
    while (!signal.aborted) {
      const pauseMs = everyMs * (isMore ? 0.05 : 1) * (0.5 + random());
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      isMore = await this.look().catch(() => false);
    }
  }

  /** @returns whether there may be more at once */
  private async look(): Promise<boolean> {
    const { streams, writers, clock } = this.options;
    if (clock.doubt?.() !== undefined) return false;
    const now = performance.now();
    const failing = [...this.failing].flatMap(([stream, { until }]) => (until > now ? [stream] : []));
    const unattended = writers.unattended().filter((stream) => !failing.includes(stream));
    const found = await streams.find({
      now: new Date(clock.nowMs()).toISOString(),
      limit: foundMax,
      running: writers.running(),
      failing,
      moved: this.moved(),
    });
    const left = [...new Set([...unattended, ...found])];
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (;;) {
          const stream = this.stopping.signal.aborted ? undefined : left.shift();
          if (stream === undefined) return;
          await this.attend(stream);
        }
      }),
    );
    return found.length === foundMax;
  }

  private moved(): ReadonlyMap<string, string> {
    const { clock, clocks } = this.options;
    const nowMs = clock.nowMs();
    const moved = clocks?.moved() ?? new Map<string, OwnClock>();
    return new Map([...moved].map(([id, own]) => [id, new Date(timeBy(own, nowMs)).toISOString()]));
  }

  private async attend(stream: string): Promise<void> {
    try {
      await this.options.writers.attend(stream);
      this.failing.delete(stream);
    } catch (error) {
      const waited = this.failing.get(stream)?.waitMs ?? 0;
      const waitMs = nextPause(waited, retryMsMin, retryMsMax);
      this.failing.set(stream, { waitMs, until: performance.now() + waitMs });
      const isPassing =
        error instanceof StoreUnavailable || (error instanceof WriterUnavailable && !error.cause);
      if (!isPassing) this.options.observer.dueFailed(stream, [], (error as Error).message);
    }
  }
}
