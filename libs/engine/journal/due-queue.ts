import { BrokenInvariant, nextPause } from '@fintech-ledger/contract';

interface Due {
  readonly dueAt: string;
  readonly key: string;
}

/**
 * Records that the writer must act on without a command, earliest first: a binary heap over `dueAt`
 * (RFC 3339 UTC sorts as text).
 */
export class DueQueue {
  private readonly heap: Due[] = [];
  /** Nothing due after this is guaranteed to be in the queue; undefined: everything is. */
  horizon: string | undefined;

  get size(): number {
    return this.heap.length;
  }

  /** When the next record is due, or undefined. */
  get nextAt(): string | undefined {
    return this.heap[0]?.dueAt;
  }

  /** What is due next is not in here: it must be loaded first. */
  get isBeyondHorizon(): boolean {
    return this.nextAt === undefined && this.horizon !== undefined;
  }

  /** Takes a record in; beyond the horizon it is left to the next load. */
  push(key: string, dueAt: string): void {
    if (this.horizon !== undefined && dueAt > this.horizon) return;
    const { heap } = this;
    let i = heap.push({ key, dueAt }) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.at(parent).dueAt <= dueAt) break;
      this.swap(i, parent);
      i = parent;
    }
  }

  /** Takes out what is due at `now`, at most `limit`. */
  takeDue(now: string, limit: number): string[] {
    const keys: string[] = [];
    while (keys.length < limit && this.heap.length > 0 && this.at(0).dueAt <= now) {
      const { dueAt } = this.at(0);
      keys.push(this.pop());
      if (this.nextAt !== undefined && this.nextAt < dueAt) {
        throw new BrokenInvariant(`what is due at ${this.nextAt} would come after what is due at ${dueAt}`);
      }
    }
    return keys;
  }

  /** Keys of what is due by then, which stay in. */
  dueBy(time: string): readonly string[] {
    return [...new Set(this.heap.flatMap(({ key, dueAt }) => (dueAt <= time ? [key] : [])))];
  }

  /** Keeps the earliest ones; what is after them is left to the next load. */
  trim(max: number): void {
    if (this.heap.length <= max) return;
    this.heap.sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0));
    this.heap.length = max;
    this.horizon = this.heap.at(-1)?.dueAt;
  }

  clear(): void {
    this.heap.length = 0;
    this.horizon = undefined;
  }

  private pop(): string {
    const { heap } = this;
    const { key } = this.at(0);
    const last = heap.pop() as Due;
    if (heap.length === 0) return key;
    heap[0] = last;
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && this.at(right).dueAt < this.at(left).dueAt ? right : left;
      if (this.at(i).dueAt <= this.at(child).dueAt) break;
      this.swap(i, child);
      i = child;
    }
    return key;
  }

  private at(i: number): Due {
    return this.heap[i] as Due;
  }

  private swap(a: number, b: number): void {
    const held = this.at(a);
    this.heap[a] = this.at(b);
    this.heap[b] = held;
  }
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
