import { organizationsSeen, OwnerLines } from '@fintech-ledger/contract';
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
  /** The same while several owners are there. Absent: the same. */
  readonly runningOfOwnerBesideOthersMax?: number;
  /** Whether they are. */
  readonly areSeveral?: () => boolean;
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
  private readonly waiting = new OwnerLines<Waiting>();
  private readonly runningOf = new Map<string, number>();
  private running = 0;

  private readonly options: Required<FairTurnsOptions>;

  constructor(options: FairTurnsOptions) {
    const runningOfOwnerBesideOthersMax = options.runningOfOwnerMax;
    const areSeveral = (): boolean => organizationsSeen.areSeveral;
    this.options = { ...usual, runningOfOwnerBesideOthersMax, areSeveral, ...options };
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
    const { runningMax, runningOfOwnerMax, runningOfOwnerBesideOthersMax, areSeveral } = this.options;
    const ofOwner = this.runningOf.get(owner) ?? 0;
    if (this.running >= runningMax || ofOwner >= runningOfOwnerMax) return false;
    return ofOwner < runningOfOwnerBesideOthersMax || !areSeveral();
  }

  private begin(owner: string): void {
    this.running += 1;
    this.runningOf.set(owner, (this.runningOf.get(owner) ?? 0) + 1);
  }

  private turn(owner: string): Promise<void> {
    if (this.waiting.countOf(owner) >= this.options.waitingOfOwnerMax)
      return Promise.reject(new TurnsTaken('Too many queries of this organization wait already.'));
    const askedAt = performance.now();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.remove(owner, waiting);
        reject(new TurnsTaken('Other queries take too long: this one was not begun.'));
      }, this.options.waitMsMax);
      const begin = (): void => {
        instruments.turnWaitSeconds.record((performance.now() - askedAt) / 1_000, { of: this.options.of });
        resolve();
      };
      const waiting = { begin, timer };
      this.waiting.put(owner, waiting);
    });
  }

  private end(owner: string): void {
    this.running -= 1;
    const left = (this.runningOf.get(owner) ?? 1) - 1;
    if (left === 0) this.runningOf.delete(owner);
    else this.runningOf.set(owner, left);
    // More than one when it was fewer that might run until now.
    for (;;) {
      const next = this.waiting.take((waiting) => this.isFree(waiting));
      if (next === undefined) return;
      clearTimeout(next.item.timer);
      this.begin(next.owner);
      next.item.begin();
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

type Query = (owner: string, ...asked: readonly unknown[]) => unknown;

/** Queries whose first parameter says whose they are. */
export type Owned<Q> = Q & Readonly<Record<keyof Q, (owner: string, ...asked: never[]) => unknown>>;

/** Queries whose first parameter says whose they are: the statements of each are run in that owner's turns. */
export function queriesInTurns<Q extends object>(
  turns: FairTurns,
  sql: Sql,
  queriesOf: (sql: Sql) => Owned<Q>,
): Q {
  const names = Object.keys(queriesOf(sql)) as (keyof Q)[];
  const inTurn = (name: keyof Q): Query => {
    return (owner, ...asked) => {
      const query = queriesOf(inTurnOf(turns, owner, sql))[name] as Query;
      return query(owner, ...asked);
    };
  };
  return Object.fromEntries(names.map((name) => [name, inTurn(name)])) as Q;
}
