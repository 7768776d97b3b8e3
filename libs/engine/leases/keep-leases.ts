import { heartbeatsPerTtl, leaseTtlMs } from './limits';
import type { LeaseStore } from './lease-store';

export interface KeepLeasesOptions {
  /** Default: a quarter of the default time to live. */
  readonly everyMs?: number;
  /** Others took these streams while this process could not renew. */
  readonly onLost: (streams: readonly string[]) => void;
  /** A heartbeat failed; the next one is tried as usual. */
  readonly onError: (error: unknown) => void;
}

/**
 * Sends heartbeats, one at a time, until the returned function is called. It does not keep the process alive.
 * @returns stops it, after a heartbeat that is on its way
 */
export function keepLeases(leases: LeaseStore, options: KeepLeasesOptions): () => Promise<void> {
  const { everyMs = leaseTtlMs / heartbeatsPerTtl, onLost, onError } = options;
  let beating: Promise<void> | undefined;
  const beat = async (): Promise<void> => {
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
  return async () => {
    clearInterval(timer);
    await beating;
  };
}
