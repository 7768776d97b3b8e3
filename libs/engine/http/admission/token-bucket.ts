/** What may begin in a second, with two seconds' worth of it at once after a quiet moment. */
export const burstSeconds = 2;

/** Tokens that come back with time. `share`: the part of the limit that this process has. */
export class TokenBucket {
  private tokens: number;
  private share = 1;
  private at: number;

  constructor(
    private readonly perSecond: number,
    nowMs: number,
  ) {
    this.tokens = this.capacity;
    this.at = nowMs;
  }

  get capacity(): number {
    return Math.max(1, this.perSecond * burstSeconds * this.share);
  }

  /** How many there are now. */
  left(nowMs: number): number {
    const { capacity } = this;
    this.tokens = Math.min(capacity, this.tokens + (Math.max(0, nowMs - this.at) / 1_000) * this.pace);
    this.at = nowMs;
    return this.tokens;
  }

  /** Seconds until there are so many; 0: they are there. What is more than all is taken when it is full. */
  secondsUntil(count: number, nowMs: number): number {
    const missing = Math.min(count, this.capacity) - this.left(nowMs);
    return missing <= 0 ? 0 : missing / this.pace;
  }

  /** Whole seconds until all of them are there, when so many are now. */
  secondsToFull(tokens: number): number {
    return Math.ceil((this.capacity - tokens) / this.pace);
  }

  take(count: number): void {
    this.tokens -= Math.min(count, this.capacity);
  }

  /** From now on this is the part of the limit; what was saved up is cut to it. */
  setShare(share: number, nowMs: number): void {
    this.left(nowMs);
    this.share = share;
    this.tokens = Math.min(this.tokens, this.capacity);
  }

  private get pace(): number {
    return Math.max(this.perSecond * this.share, 0.001);
  }
}
