import type { Clock } from './clock';

/** What somebody else's clock says, and what an operator has said. */
export interface ClockTestimony {
  /** The other clock, milliseconds since the epoch, at some moment between the question and the answer. */
  readonly timeMs: number;
  /** Whether it may be the very clock that is in question: a database that is not known to run on another machine. */
  readonly isSameClock: boolean;
  /** Counts confirmations by operators. */
  readonly confirmations: number;
  /** Up to when events are accepted that are ahead of the clock. */
  readonly confirmedUntilMs: number;
}

export interface ClockWitness {
  /** @throws while nobody can be asked */
  ask(): Promise<ClockTestimony>;
  /** An operator's confirmation was used for events that were recorded up to this time. @throws */
  keep(confirmedUntilMs: number): Promise<void>;
}

export interface GuardedClockOptions {
  readonly witness: ClockWitness;
  /** Told when the clock becomes doubtful, or for another reason; undefined: it is trusted again. */
  readonly onDoubt: (reason: string | undefined) => void;
  readonly wallMs?: () => number;
  /** Goes on evenly, whatever is done to the wall clock; stops while the machine is suspended. */
  readonly evenMs?: () => number;
  /** Goes on while the machine is suspended, and does not follow the wall clock. */
  readonly uptimeMs?: () => number;
  readonly limits?: Partial<typeof clockLimits>;
}

const notCompared = "the clock was not compared with the database's yet";

export const clockLimits = {
  /** How far wall clock and even clock may part between two looks. */
  jumpMsMax: 2_000,
  /** How far this clock and the database's may be apart. */
  differenceMsMax: 5_000,
  /** A jump that only this machine can judge is believed up to here; a larger one waits for an operator. */
  unconfirmedJumpMsMax: 3_600_000,
  /** How far a jump and the machine's uptime may differ when it was suspended. */
  suspendedMsMax: 5_000,
  lookMs: 1_000,
  askMs: 30_000,
};

/**
 * The system's clock, which is not believed when it jumps: one wrong look would date all later events, for ever. A jump is noticed by the even
 * clock, and then judged by the database's: when that is known to be another machine's and agrees, this one was merely
 * suspended. When both may be one clock, a jump of more than an hour waits for an operator, unless the machine's uptime
 * says the same.
 */
export class GuardedClock implements Clock {
  private readonly limits: typeof clockLimits;
  private readonly wallMs: () => number;
  private readonly evenMs: () => number;
  private readonly uptimeMs: () => number;
  /** The last moment at which the clock was believed. */
  private anchor: { readonly wallMs: number; readonly evenMs: number };
  private anchorUptimeMs: number;
  /** Until it was compared once nothing is known of it: a process may have started with a clock that is wrong. */
  private reason: string | undefined = notCompared;
  private confirmations: number | undefined;
  private confirmedUntilMs = 0;
  /** The latest event that was found ahead of the clock. */
  private aheadMs = 0;
  private askedAt = -Infinity;
  private isAsking = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: GuardedClockOptions) {
    this.limits = { ...clockLimits, ...options.limits };
    this.wallMs = options.wallMs ?? (() => Date.now());
    this.evenMs = options.evenMs ?? (() => performance.now());
    this.uptimeMs = options.uptimeMs ?? this.evenMs;
    this.anchor = { wallMs: this.wallMs(), evenMs: this.evenMs() };
    this.anchorUptimeMs = this.uptimeMs();
  }

  /** Asks the witness for the first time, and goes on looking until `stop`. */
  async start(): Promise<void> {
    this.timer = setInterval(() => void this.look(), this.limits.lookMs);
    this.timer.unref();
    await this.look();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** While the clock is doubted, what it would say without the jump. */
  nowMs(): number {
    const wallMs = this.wallMs();
    const evenMs = this.evenMs();
    const expected = this.anchor.wallMs + (evenMs - this.anchor.evenMs);
    if (Math.abs(wallMs - expected) > this.limits.jumpMsMax) {
      this.jumped(wallMs - expected);
      return Math.floor(expected);
    }
    if (this.reason === undefined) this.anchor = { wallMs, evenMs };
    return wallMs;
  }

  /** As of the last `nowMs`. */
  doubt(): string | undefined {
    return this.reason;
  }

  isConfirmed(recordedAtMs: number): boolean {
    if (recordedAtMs <= this.confirmedUntilMs) return true;
    this.aheadMs = Math.max(this.aheadMs, recordedAtMs);
    return false;
  }

  private jumped(byMs: number): void {
    if (this.reason !== undefined) return;
    this.say(`the clock jumped by ${seconds(byMs)}, which is being looked into`);
    // Not now: whoever asks for the time must not be held up.
    this.askedAt = -Infinity;
    setImmediate(() => void this.look());
  }

  private say(reason: string | undefined): void {
    if (this.reason === reason) return;
    const isFirst = this.reason === notCompared;
    this.reason = reason;
    // That a clock is right from the start is no news.
    if (!isFirst || reason !== undefined) this.options.onDoubt(reason);
  }

  private async look(): Promise<void> {
    if (this.isAsking) return;
    this.nowMs();
    if (this.reason === undefined) this.anchorUptimeMs = this.uptimeMs();
    if (this.aheadMs <= this.wallMs()) this.aheadMs = 0;
    const evenMs = this.evenMs();
    const isQuiet = this.reason === undefined && this.aheadMs <= this.confirmedUntilMs;
    if (isQuiet && evenMs - this.askedAt < this.limits.askMs) return;
    this.isAsking = true;
    try {
      const before = this.wallMs();
      const testimony = await this.options.witness.ask();
      const tookMs = this.evenMs() - evenMs;
      const after = this.wallMs();
      this.nowMs();
      // A clock that jumps while it is asked for, or an answer that takes long, agrees with anything.
      if (Math.abs(after - before - tookMs) > this.limits.jumpMsMax || tookMs > this.limits.differenceMsMax)
        return;
      this.askedAt = this.evenMs();
      this.judge(testimony, before, after);
      await this.useConfirmation(testimony);
    } catch {
      // Nobody can be asked: what is doubted stays so, what is not does too.
      this.askedAt = evenMs;
    } finally {
      this.isAsking = false;
    }
  }

  private judge(testimony: ClockTestimony, beforeMs: number, afterMs: number): void {
    const { timeMs, isSameClock, confirmations } = testimony;
    const { differenceMsMax, jumpMsMax, suspendedMsMax, unconfirmedJumpMsMax } = this.limits;
    const isAhead = beforeMs - timeMs > differenceMsMax;
    const isBehind = timeMs - afterMs > differenceMsMax;
    if (isAhead || isBehind) {
      const by = seconds(isAhead ? beforeMs - timeMs : timeMs - afterMs);
      return this.say(`the clock is ${by} ${isAhead ? 'ahead of' : 'behind'} the database's: set it right`);
    }
    const jumpMs = afterMs - (this.anchor.wallMs + (this.evenMs() - this.anchor.evenMs));
    const suspendedMs = afterMs - this.anchor.wallMs - (this.uptimeMs() - this.anchorUptimeMs);
    const isBelieved =
      !isSameClock ||
      Math.abs(jumpMs) <= unconfirmedJumpMsMax ||
      Math.abs(suspendedMs) <= suspendedMsMax ||
      (this.confirmations !== undefined && confirmations > this.confirmations);
    if (!isBelieved && Math.abs(jumpMs) > jumpMsMax) {
      return this.say(
        `the clock jumped by ${seconds(jumpMs)}, and the database may run on the same clock (DATABASE_CLOCK): ` +
          'set it right, or say that it is right now (ledgerctl clock confirm)',
      );
    }
    this.anchor = { wallMs: this.wallMs(), evenMs: this.evenMs() };
    this.anchorUptimeMs = this.uptimeMs();
    this.say(undefined);
  }

  private async useConfirmation({ confirmations, confirmedUntilMs }: ClockTestimony): Promise<void> {
    const isNew = this.confirmations !== undefined && confirmations > this.confirmations;
    this.confirmedUntilMs = Math.max(this.confirmedUntilMs, confirmedUntilMs);
    // While there is a doubt, a confirmation waits for its judgement.
    if (this.reason !== undefined && this.confirmations !== undefined) return;
    this.confirmations = confirmations;
    if (!isNew || this.aheadMs <= this.confirmedUntilMs) return;
    await this.options.witness.keep(this.aheadMs);
    this.confirmedUntilMs = this.aheadMs;
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
