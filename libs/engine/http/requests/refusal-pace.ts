import type { FastifyInstance } from 'fastify';
import { limitRefusalDelayMs, refusalsAtOnceMax } from '../limits';
import type { ApiRequest } from './api-request';

/**
 * Counts requests that are answered with 401 or 403, in each second by whose they are. Each has a line in
 * the security log, so a client that asks again at once, many times side by side, costs more than what it was refused.
 */
export class RefusalPace {
  private counts = new Map<string, number>();
  private second = -1;

  /** @param nowMs a monotonic clock, milliseconds */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Whether the refusal of this request is to be late. Those of a key count together, or of an address without one. */
  isTooOften({ principal, ip }: Pick<ApiRequest, 'principal' | 'ip'>): boolean {
    const caller = principal?.apiKeyId ?? ip;
    const second = Math.floor(this.nowMs() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.counts = new Map();
    }
    const count = (this.counts.get(caller) ?? 0) + 1;
    this.counts.set(caller, count);
    return count > refusalsAtOnceMax;
  }
}

/** Spread out: refusals that wait equally long, and are asked for again at once, would come all together each time. */
export function answerLate(answer: () => void): void {
  setTimeout(answer, limitRefusalDelayMs * (0.5 + Math.random()));
}

/** What is answered with 401 or 403, whoever refuses it, is late when it comes too often. */
export function slowRefusals(fastify: FastifyInstance, nowMs?: () => number): void {
  const pace = new RefusalPace(nowMs);
  fastify.addHook('onSend', (request, { statusCode }, payload, done) => {
    const isRefused = statusCode === 401 || statusCode === 403;
    if (isRefused && pace.isTooOften(request as ApiRequest)) answerLate(() => done(null, payload));
    else done(null, payload);
  });
}
