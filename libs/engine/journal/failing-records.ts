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
    const waitMs = Math.min(Math.max(waited * 2, dueRetryMsMin), dueRetryMsMax);
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
