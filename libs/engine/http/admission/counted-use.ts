import type { UseLimits } from '@fintech-ledger/config';

/** What may begin in a second, with two seconds' worth of it at once after a quiet moment. */
export const burstSeconds = 2;

export type LimitName = keyof UseLimits;

/** A limit that a request would pass, and when it may come again. */
export interface Exceeded {
  readonly limit: LimitName;
  readonly retrySeconds: number;
}

/** How much is left of what is nearest to its end. */
export interface Left {
  readonly limit: LimitName;
  readonly remaining: number;
  /** Until all of it is there again. */
  readonly resetSeconds: number;
}

/** What one organization, or one API key, does in this process with one kind of requests. */
export class CountedUse {
  inFlight = 0;
  private share = 1;
  private readonly requests: TokenBucket;
  private readonly costs: TokenBucket;
  /** Since the last look: what was asked for, also what was refused. */
  private offered = { requests: 0, cost: 0, atOnce: 0 };

  constructor(
    readonly limits: UseLimits,
    nowMs: number,
  ) {
    this.requests = new TokenBucket(limits.rate, nowMs);
    this.costs = new TokenBucket(limits.cost, nowMs);
  }

  /** Undefined: it may begin. */
  exceeded(cost: number, nowMs: number): Exceeded | undefined {
    const { offered } = this;
    offered.requests += 1;
    offered.cost += cost;
    offered.atOnce = Math.max(offered.atOnce, this.inFlight + 1);
    if (this.inFlight >= this.concurrency) {
      offered.atOnce += 1;
      return { limit: 'concurrency', retrySeconds: 1 };
    }
    const requestSeconds = this.requests.secondsUntil(1, nowMs);
    if (requestSeconds > 0) return { limit: 'rate', retrySeconds: requestSeconds };
    const costSeconds = this.costs.secondsUntil(cost, nowMs);
    return costSeconds > 0 ? { limit: 'cost', retrySeconds: costSeconds } : undefined;
  }

  begin(cost: number): void {
    this.inFlight += 1;
    this.requests.take(1);
    this.costs.take(cost);
  }

  end(): void {
    this.inFlight -= 1;
  }

  /** The limit that is nearest. */
  left(nowMs: number): Left {
    const { concurrency, requests, costs, inFlight } = this;
    const room = concurrency - inFlight;
    const [requestsLeft, costLeft] = [requests.left(nowMs), costs.left(nowMs)];
    const [ofRate, ofCost] = [requestsLeft / requests.capacity, costLeft / costs.capacity];
    if (room / concurrency <= Math.min(ofRate, ofCost))
      return { limit: 'concurrency', remaining: Math.max(0, room), resetSeconds: 1 };
    return ofRate <= ofCost ? leftOf('rate', requests, requestsLeft) : leftOf('cost', costs, costLeft);
  }

  /** How much of a limit was asked for since the last look, of the one that was asked for most: 1 is all of it. */
  takePressure(seconds: number): number {
    const { requests, cost, atOnce } = this.offered;
    const { concurrency, rate, cost: costMax } = this.limits;
    const running = Math.max(atOnce, this.inFlight);
    this.offered = { requests: 0, cost: 0, atOnce: 0 };
    return Math.max(running / concurrency, requests / seconds / rate, cost / seconds / costMax);
  }

  setShare(share: number, nowMs: number): void {
    this.share = share;
    this.requests.setShare(share, nowMs);
    this.costs.setShare(share, nowMs);
  }

  /** Nothing runs, and nothing is remembered that a new one would not have. */
  isIdle(nowMs: number): boolean {
    const { requests, costs } = this;
    if (this.inFlight > 0 || this.share < 1) return false;
    return requests.left(nowMs) >= requests.capacity && costs.left(nowMs) >= costs.capacity;
  }

  private get concurrency(): number {
    return Math.max(1, Math.floor(this.limits.concurrency * this.share));
  }
}

function leftOf(limit: LimitName, bucket: TokenBucket, tokens: number): Left {
  return { limit, remaining: Math.max(0, Math.floor(tokens)), resetSeconds: bucket.secondsToFull(tokens) };
}

/** Tokens that come back with time. `share`: the part of the limit that this process has. */
class TokenBucket {
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
