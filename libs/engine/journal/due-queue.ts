import { BrokenInvariant, nextPause } from '@fintech-ledger/contract';

export interface Due {
  readonly dueAt: string;
  readonly key: string;
}

interface Queued extends Due {
  readonly isLast: boolean;
}

/**
 * Records that the writer must act on without a command, earliest first: a binary heap over `dueAt`
 * (RFC 3339 UTC sorts as text), and of one time those that come last behind all others.
 */
export class DueQueue {
  private readonly heap: Queued[] = [];
  /** Nothing due after this is guaranteed to be in the queue; undefined: everything is. */
  horizon: string | undefined;

  /** @param isLast see `JournalDomain.isDueLast` */
  constructor(private readonly isLast: (key: string) => boolean = () => false) {}

  get size(): number {
    return this.heap.length;
  }

  /** When the next record is due, or undefined. */
  get nextAt(): string | undefined {
    return this.heap[0]?.dueAt;
  }

  /** Whether what is next is one that comes last. */
  get isNextLast(): boolean {
    return this.heap[0]?.isLast === true;
  }

  /** What is due next is not in here: it must be loaded first. */
  get isBeyondHorizon(): boolean {
    return this.nextAt === undefined && this.horizon !== undefined;
  }

  /**
   * Takes a record in; beyond the horizon it is left to the next load. So is one that comes last at the time of the
   * horizon: others of that time may not be here.
   */
  push(key: string, dueAt: string): void {
    const { horizon } = this;
    if (horizon !== undefined && (dueAt > horizon || (dueAt === horizon && this.isLast(key)))) return;
    this.insert(key, dueAt);
  }

  private insert(key: string, dueAt: string): void {
    const { heap } = this;
    let i = heap.push({ key, dueAt, isLast: this.isLast(key) }) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (order(this.at(parent), this.at(i)) <= 0) break;
      this.swap(i, parent);
      i = parent;
    }
  }

  /** Nothing has become of these yet. Beyond the horizon they would be left to the next load, and they are not. */
  putBack(keys: readonly string[], dueAts: ReadonlyMap<string, string>): void {
    for (const key of keys) {
      const dueAt = dueAts.get(key) ?? '';
      this.insert(key, this.horizon !== undefined && this.horizon < dueAt ? this.horizon : dueAt);
    }
  }

  /** Takes out what is due at `now`, at most `limit`. @param isLastTaken whether those that come last are, too */
  takeDue(now: string, limit: number, isLastTaken = true): readonly Due[] {
    const taken: Due[] = [];
    while (taken.length < limit && this.heap.length > 0 && this.at(0).dueAt <= now) {
      if (this.isNextLast && !isLastTaken) break;
      const { dueAt } = this.at(0);
      taken.push(this.pop());
      if (this.nextAt !== undefined && this.nextAt < dueAt) {
        throw new BrokenInvariant(`what is due at ${this.nextAt} would come after what is due at ${dueAt}`);
      }
    }
    return taken;
  }

  /** Keys of what is due by then, which stay in; without those that come last. */
  dueBy(time: string): readonly string[] {
    return [
      ...new Set(this.heap.flatMap(({ key, dueAt, isLast }) => (dueAt <= time && !isLast ? [key] : []))),
    ];
  }

  /** Keeps the earliest ones; what is after them is left to the next load. */
  trim(max: number): void {
    if (this.heap.length <= max) return;
    this.heap.sort(order);
    this.heap.length = max;
    this.horizon = this.heap.at(-1)?.dueAt;
  }

  clear(): void {
    this.heap.length = 0;
    this.horizon = undefined;
  }

  private pop(): Due {
    const { heap } = this;
    const first = this.at(0);
    const last = heap.pop() as Queued;
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && order(this.at(right), this.at(left)) < 0 ? right : left;
      if (order(this.at(i), this.at(child)) <= 0) break;
      this.swap(i, child);
      i = child;
    }
    return first;
  }

  private at(i: number): Queued {
    return this.heap[i] as Queued;
  }

  private swap(a: number, b: number): void {
    const held = this.at(a);
    this.heap[a] = this.at(b);
    this.heap[b] = held;
  }
}

/** Negative: `a` is acted on before `b`. */
function order(a: Queued, b: Queued): number {
  if (a.dueAt !== b.dueAt) return a.dueAt < b.dueAt ? -1 : 1;
  return Number(a.isLast) - Number(b.isLast);
}

interface Failing {
  readonly dueAt: string;
  readonly waitMs: number;
  /** By `performance.now()`. */
  readonly retryAt: number;
}

/** Due records that could not be handled, and when each is tried again. Times are of `performance.now()`. */
export class FailingRecords {
  private readonly records = new Map<string, Failing>();
  /** When the first of them is tried again; `Infinity` when there are none. */
  nextRetryAt = Infinity;

  constructor(private readonly limits: { readonly dueRetryMsMin: number; readonly dueRetryMsMax: number }) {}

  get size(): number {
    return this.records.size;
  }

  has(key: string): boolean {
    return this.records.has(key);
  }

  add(key: string, dueAt: string): void {
    const { dueRetryMsMin, dueRetryMsMax } = this.limits;
    const waited = this.records.get(key)?.waitMs ?? 0;
    const waitMs = nextPause(waited, dueRetryMsMin, dueRetryMsMax);
    const retryAt = performance.now() + waitMs;
    this.records.set(key, { dueAt, waitMs, retryAt });
    this.nextRetryAt = Math.min(this.nextRetryAt, retryAt);
  }

  /** @returns whether it was the last one */
  delete(key: string): boolean {
    return this.records.delete(key) && this.records.size === 0;
  }

  /** What is to be tried again now. Each stays in here until it is deleted, or added again for longer. */
  takeRetries(): readonly { readonly key: string; readonly dueAt: string }[] {
    const now = performance.now();
    if (now < this.nextRetryAt) return [];
    const due: { readonly key: string; readonly dueAt: string }[] = [];
    this.nextRetryAt = Infinity;
    for (const [key, failing] of this.records) {
      if (failing.retryAt <= now) {
        due.push({ key, dueAt: failing.dueAt });
        // Not once more while it is being tried, unless that never ends.
        this.records.set(key, { ...failing, retryAt: now + this.limits.dueRetryMsMax });
      }
      this.nextRetryAt = Math.min(this.nextRetryAt, this.records.get(key)?.retryAt ?? Infinity);
    }
    return due;
  }

  clear(): void {
    this.records.clear();
    this.nextRetryAt = Infinity;
  }
}
