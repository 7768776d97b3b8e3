import type { Sql } from '@fintech-ledger/postgres';
import { instruments } from '@fintech-ledger/telemetry';

/** Waited too long for a turn, or too many of the same owner wait already. */
export class TurnsTaken extends Error {
  override readonly name = 'TurnsTaken';
}

export interface FairTurnsOptions {
  /** What has turns, for metrics. */
  readonly of: string;
  /** What runs at once, in all. */
  readonly runningMax: number;
  /** What runs at once of one owner. Smaller than `runningMax`, it leaves a place to the others at all times. */
  readonly runningOfOwnerMax: number;
  readonly waitingOfOwnerMax?: number;
  readonly waitMsMax?: number;
}
const usual = { waitingOfOwnerMax: 256, waitMsMax: 20_000 };

interface Waiting {
  readonly begin: () => void;
  readonly timer: NodeJS.Timeout;
}

/** Work that is limited in how much of it runs at once: owners take turns, each in the order in which it asked. */
export class FairTurns {
  /** Whose turn is next comes first. */
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly runningOf = new Map<string, number>();
  private running = 0;

  private readonly options: Required<FairTurnsOptions>;

  constructor(options: FairTurnsOptions) {
    this.options = { ...usual, ...options };
  }

  /** @throws TurnsTaken the work was not begun */
  async run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    if (this.isFree(owner)) this.begin(owner);
    else await this.turn(owner);
    try {
      return await work();
    } finally {
      this.end(owner);
    }
  }

  private isFree(owner: string): boolean {
    const { runningMax, runningOfOwnerMax } = this.options;
    return this.running < runningMax && (this.runningOf.get(owner) ?? 0) < runningOfOwnerMax;
  }

  private begin(owner: string): void {
    this.running += 1;
    this.runningOf.set(owner, (this.runningOf.get(owner) ?? 0) + 1);
  }

  private turn(owner: string): Promise<void> {
    const ofOwner = this.waiting.get(owner) ?? [];
    if (ofOwner.length >= this.options.waitingOfOwnerMax)
      return Promise.reject(new TurnsTaken('Too many queries of this organization wait already.'));
    this.waiting.set(owner, ofOwner);
    const askedAt = performance.now();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.leave(owner, waiting);
        reject(new TurnsTaken('Other queries take too long: this one was not begun.'));
      }, this.options.waitMsMax);
      const begin = (): void => {
        instruments.turnWaitSeconds.record((performance.now() - askedAt) / 1_000, { of: this.options.of });
        resolve();
      };
      const waiting = { begin, timer };
      ofOwner.push(waiting);
    });
  }

  private leave(owner: string, waiting: Waiting): void {
    const ofOwner = this.waiting.get(owner) ?? [];
    const place = ofOwner.indexOf(waiting);
    if (place >= 0) ofOwner.splice(place, 1);
    if (ofOwner.length === 0) this.waiting.delete(owner);
  }

  private end(owner: string): void {
    this.running -= 1;
    const left = (this.runningOf.get(owner) ?? 1) - 1;
    if (left === 0) this.runningOf.delete(owner);
    else this.runningOf.set(owner, left);
    for (const [next, [first, ...others]] of this.waiting) {
      if (first === undefined || !this.isFree(next)) continue;
      // At the end of the line until its next turn.
      this.waiting.delete(next);
      if (others.length > 0) this.waiting.set(next, others);
      clearTimeout(first.timer);
      this.begin(next);
      first.begin();
      return;
    }
  }
}

/** The same SQL: each statement is run in a turn of the owner. Without turns, at once. */
export function inTurnOf(turns: FairTurns | undefined, owner: string, sql: Sql): Sql {
  if (turns === undefined) return sql;
  return {
    query: (...asked) => turns.run(owner, () => sql.query(...asked)),
    copyFrom: (...asked) => turns.run(owner, () => sql.copyFrom(...asked)),
  };
}
