/** Bounds of one turn of the event loop, by name. */
export const turnLimits = {
  /** How long all writers of a process may decide before everybody else has a turn. */
  turnMsMax: 10,
  /** How long at least one of several writers goes on before the next one. */
  sliceMsMin: 1,
};

export interface TurnsOptions {
  /** A monotonic clock, milliseconds. */
  readonly nowMs?: () => number;
  /** Calls in the next turn of the event loop. */
  readonly later?: (run: () => void) => void;
  readonly limits?: Partial<typeof turnLimits>;
}

/**
 * Shares one thread among all who have much to compute. Each works for a slice and asks for another turn when it has
 * more to do: they go on one after another, and between two turns everything else that the process does has its time.
 */
export class Turns {
  private readonly nowMs: () => number;
  private readonly later: (run: () => void) => void;
  private readonly limits: typeof turnLimits;
  /** Who asked for a turn, in this order. */
  private waiting = new Set<() => void>();
  private isScheduled = false;
  /** When this turn ends; undefined: nobody has worked in it. */
  private endsAt: number | undefined;
  private sliceMs: number;
  /** Who was called has not taken its slice yet. */
  private isOwed = false;

  constructor({ nowMs, later, limits }: TurnsOptions = {}) {
    this.nowMs = nowMs ?? (() => performance.now());
    this.later = later ?? ((run) => void setImmediate(run));
    this.limits = { ...turnLimits, ...limits };
    this.sliceMs = this.limits.turnMsMax;
  }

  /** Calls once in one of the next turns. Who asks twice before that is called once. */
  ask(work: () => void): void {
    this.waiting.add(work);
    this.schedule();
  }

  /**
   * A slice of this turn, which begins now: it tells whether it is over. Who asked for the turn is told once that it is
   * not: else a turn that is over at once would be followed by others like it.
   */
  slice(): () => boolean {
    const now = this.nowMs();
    this.endsAt ??= now + this.limits.turnMsMax;
    this.schedule();
    const until = Math.min(this.endsAt, now + this.sliceMs);
    let isFirst = this.isOwed;
    this.isOwed = false;
    return () => {
      if (!isFirst) return this.nowMs() >= until;
      isFirst = false;
      return false;
    };
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.later(() => this.run());
  }

  private run(): void {
    this.isScheduled = false;
    const { turnMsMax, sliceMsMin } = this.limits;
    const round = this.waiting;
    this.waiting = new Set();
    const endsAt = this.nowMs() + turnMsMax;
    this.endsAt = endsAt;
    this.sliceMs = Math.max(turnMsMax / Math.max(round.size, 1), sliceMsMin);
    for (const work of round) {
      round.delete(work);
      this.isOwed = true;
      work();
      if (round.size > 0 && this.nowMs() >= endsAt) break;
    }
    // Whose turn did not come is first in the next one.
    if (round.size > 0) this.waiting = new Set([...round, ...this.waiting]);
    this.isOwed = false;
    this.sliceMs = turnMsMax;
    this.endsAt = undefined;
    if (this.waiting.size > 0) this.schedule();
  }
}

/** Those of this process: it has one event loop. */
export const turnsOfProcess = new Turns();
