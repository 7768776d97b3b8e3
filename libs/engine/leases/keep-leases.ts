import { heartbeatsPerTtl, leaseTtlMs } from './limits';
import type { LeaseStore } from './lease-store';

/** Between two heartbeats, of which the first one may have failed; no more than a tenth of the usual time. */
const leastPauseMs = 50;

export interface KeepLeasesOptions {
  /** Default: a quarter of the default time to live. */
  readonly everyMs?: number;
  /** Others took these streams while this process could not renew. */
  readonly onLost: (streams: readonly string[]) => void;
  /** A heartbeat failed; the next one is tried as usual. */
  readonly onError: (error: unknown) => void;
}

export interface KeptLeases {
  /** Sends one now, unless one was sent just before; resolves when it is answered, or has failed. */
  beat(): Promise<void>;
  /** Ends it, after a heartbeat that is on its way. */
  stop(): Promise<void>;
}

/** Sends heartbeats, one at a time, until it is stopped. It does not keep the process alive. */
export function keepLeases(leases: LeaseStore, options: KeepLeasesOptions): KeptLeases {
  const { everyMs = leaseTtlMs / heartbeatsPerTtl, onLost, onError } = options;
  let beating: Promise<void> | undefined;
  let [begunAt, isStopped] = [0, false];
  const beat = async (): Promise<void> => {
    begunAt = performance.now();
    try {
      const lost = await leases.heartbeat();
      if (lost.length > 0) onLost(lost);
    } catch (error) {
      onError(error);
    } finally {
      beating = undefined;
    }
  };
  const timer = setInterval(() => {
    beating ??= beat();
  }, everyMs);
  timer.unref();
  // At once: others look for living owners before this one has a stream.
  beating = beat();
  return {
    async beat() {
      // A database that is gone is not asked with every answer.
      const isTooSoon = performance.now() - begunAt < Math.min(leastPauseMs, everyMs / 10);
      if (!isStopped && !isTooSoon) beating ??= beat();
      await beating;
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await beating;
    },
  };
}
