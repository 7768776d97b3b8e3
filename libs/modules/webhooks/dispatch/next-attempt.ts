import type { Outcome } from '@fintech-ledger/outbound';
import { retryAfterMs } from './retry-after';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** How long after the end of the attempt before each attempt is made; the first one is made at once. */
export const attemptDelaysMs: readonly number[] = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];
/** The attempts of a schedule. */
export const attemptsMax = attemptDelaysMs.length;
/** By how much a delay may be shorter or longer, so that what failed together is not tried again together. */
const jitterShare = 0.2;

export interface EndedAttempt {
  /** 1 for the first one. */
  readonly attempt: number;
  readonly outcome: Outcome;
  /** When it ended, in milliseconds since 1970. */
  readonly endedAt: number;
  /** From 0 up to 1. */
  readonly random: number;
}

/** What becomes of a message, and of its endpoint, after an attempt. */
export type AfterAttempt =
  | { readonly kind: 'succeeded' }
  | {
      readonly kind: 'retried';
      /** In milliseconds since 1970; where the endpoint is disabled, when it is enabled again, but not before. */
      readonly at: number;
      readonly disablesEndpoint: boolean;
    }
  /** It was the last attempt: the next message goes. */
  | { readonly kind: 'failed'; readonly disablesEndpoint: boolean };

export function isSuccess(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
}

/** Decides by data alone. A receiver that answers 410 wants no more; 429 and 503 may say how long to wait. */
export function afterAttempt({ attempt, outcome, endedAt, random }: EndedAttempt): AfterAttempt {
  if (isSuccess(outcome)) return { kind: 'succeeded' };
  const disablesEndpoint = outcome.kind === 'answered' && outcome.status === 410;
  const delayMs = attemptDelaysMs[attempt];
  if (delayMs === undefined) return { kind: 'failed', disablesEndpoint };
  const jitteredMs = delayMs * (1 - jitterShare + 2 * jitterShare * random);
  const wantedMs = wantedDelayMs(outcome, endedAt) ?? 0;
  const waitMs = Math.min(Math.max(jitteredMs, wantedMs), 2 * delayMs);
  return { kind: 'retried', at: endedAt + Math.round(waitMs), disablesEndpoint };
}

function wantedDelayMs(outcome: Outcome, now: number): number | undefined {
  if (outcome.kind !== 'answered' || (outcome.status !== 429 && outcome.status !== 503)) return undefined;
  return outcome.retryAfter === undefined ? undefined : retryAfterMs(outcome.retryAfter, now);
}
