import { BrokenInvariant } from '@fintech-ledger/contract';

interface Due {
  readonly dueAt: string;
  readonly key: string;
}

/** Records that the writer must act on without a command, earliest first: a binary heap over `dueAt` (RFC 3339 UTC sorts as text). */
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
