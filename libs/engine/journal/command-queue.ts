import type { Pending } from './batch';
import type { JournalLimits } from './writer-dependencies';
import type { WriterMemory } from './writer-memory';

/** What a command costs in addition to what it decides: its answer, its place in an append. */
const commandCost = 9;
/** How much of the queue one caller may fill, so that there is room for the others. */
const callerShareMax = 0.75;
/** What a caller may take before the next one's turn. */
const quantum = 100;

/** The commands of one caller, oldest first. */
interface Lane<C> {
  readonly actor: string;
  readonly commands: Pending<C>[];
  /** The first one that is not taken. */
  at: number;
  /** Cost of all that wait in it. */
  cost: number;
  /** How much it may take. */
  credit: number;
}

/**
 * Commands that wait for a decision. Each caller (API key) has a lane, in the order in which its commands came; lanes
 * take turns by what their commands cost, so that one with large commands waits for its own and not the others for it.
 */
export class CommandQueue<C> {
  /** What was taken before and comes first, in the order in which it was taken. */
  private again: Pending<C>[] = [];
  /** How many were taken from lanes so far. */
  private taken = 0;
  private readonly lanes = new Map<string, Lane<C>>();
  /** Lanes in which something waits, the next one first. */
  private readonly ring: Lane<C>[] = [];
  private cost = 0;
  /** When a command came last, by the monotonic clock. */
  usedAtMs = performance.now();

  constructor(
    private readonly limits: Pick<JournalLimits, 'queueCostMax' | 'groupCostMax'>,
    /** What all queues of the process share. Absent: no bound. */
    private readonly memory?: Pick<WriterMemory, 'hasRoom' | 'queue'>,
  ) {}

  get isEmpty(): boolean {
    return this.again.length === 0 && this.ring.length === 0;
  }

  /** Whether one more command of this caller may wait; a first one always may. */
  hasRoom(actor: string, cost: number, bytes = 0): boolean {
    const { queueCostMax } = this.limits;
    if (this.memory?.hasRoom(bytes) === false) return false;
    if (this.cost + cost <= queueCostMax * callerShareMax || this.cost === 0) return true;
    const ofCaller = this.lanes.get(actor)?.cost ?? 0;
    return (
      this.cost + cost <= queueCostMax && (ofCaller === 0 || ofCaller + cost <= queueCostMax * callerShareMax)
    );
  }

  put(pending: Pending<C>): void {
    const { actor } = pending.envelope;
    let lane = this.lanes.get(actor);
    if (lane === undefined) {
      lane = { actor, commands: [], at: 0, cost: 0, credit: 0 };
      this.lanes.set(actor, lane);
      this.ring.push(lane);
    }
    lane.commands.push(pending);
    lane.cost += costOf(pending);
    this.count([pending], 1);
    this.usedAtMs = performance.now();
  }

  /** Takes what is decided next: one command at least, and no more once they cost as much as a group may. */
  take(): Pending<C>[] {
    const group: Pending<C>[] = [];
    let room = this.limits.groupCostMax;
    let taken = 0;
    for (; taken < this.again.length && room > 0; taken += 1) {
      const pending = this.again[taken] as Pending<C>;
      group.push(pending);
      room -= costOf(pending);
    }
    this.again.splice(0, taken);
    while (room > 0 && this.ring.length > 0) {
      const pending = this.next();
      if (pending === undefined) continue;
      group.push(pending);
      room -= costOf(pending);
    }
    this.count(group, -1);
    return group;
  }

  /**
   * Gives back what was taken, and not decided or undone: it comes first, in the order in which it was taken, whatever
   * is given back when. So the commands of one caller keep theirs.
   */
  putBack(group: readonly Pending<C>[]): void {
    this.again = [...group, ...this.again];
    const isInOrder = this.again.every(
      (pending, i, all) => i === 0 || byOrder(all[i - 1] ?? pending, pending) <= 0,
    );
    if (!isInOrder) this.again.sort(byOrder);
    this.count(group, 1);
  }

  /** Takes out what is over. */
  expire(isOver: (pending: Pending<C>) => boolean): readonly Pending<C>[] {
    if (!this.waiting().some(isOver)) return [];
    const [over, left]: [Pending<C>[], Pending<C>[]] = [[], []];
    const again = new Set(this.again);
    for (const pending of this.clear()) (isOver(pending) ? over : left).push(pending);
    this.putBack(left.filter((pending) => again.has(pending)));
    for (const pending of left) if (!again.has(pending)) this.put(pending);
    return over;
  }

  /** Takes out everything. */
  clear(): Pending<C>[] {
    const all = this.waiting();
    this.again = [];
    this.ring.length = 0;
    this.lanes.clear();
    this.count(all, -1);
    return all;
  }

  /** Commands came, or left. */
  private count(commands: readonly Pending<C>[], sign: 1 | -1): void {
    let bytes = 0;
    for (const pending of commands) {
      this.cost += sign * costOf(pending);
      bytes += pending.bytes ?? 0;
    }
    if (bytes > 0) this.memory?.queue(sign * bytes);
  }

  private waiting(): Pending<C>[] {
    return [...this.again, ...this.ring.flatMap(({ commands, at }) => commands.slice(at))];
  }

  /** The first lane's next command; undefined: it is another lane's turn. */
  private next(): Pending<C> | undefined {
    const lane = this.ring[0] as Lane<C>;
    const pending = lane.commands[lane.at] as Pending<C>;
    const cost = costOf(pending);
    const isAlone = this.ring.length === 1;
    if (!isAlone && lane.credit < cost) {
      lane.credit += quantum;
      this.ring.shift();
      this.ring.push(lane);
      return undefined;
    }
    if (!isAlone) lane.credit -= cost;
    lane.cost -= cost;
    lane.at += 1;
    this.taken += 1;
    pending.order = this.taken;
    if (lane.at === lane.commands.length) {
      this.ring.shift();
      this.lanes.delete(lane.actor);
    } else if (lane.at >= 1_024 && lane.at * 2 >= lane.commands.length) {
      lane.commands.splice(0, lane.at);
      lane.at = 0;
    }
    return pending;
  }
}

/** Those that no lane had, the writer's own, come first. */
function byOrder({ order: a = 0 }: Pending<unknown>, { order: b = 0 }: Pending<unknown>): number {
  return a - b;
}

function costOf({ cost }: Pending<unknown>): number {
  return commandCost + (cost ?? 1);
}
