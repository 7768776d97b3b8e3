import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { Ownership } from '@fintech-ledger/journal';
import { PostgresLeases, heartbeatsPerTtl, keepLeases, knownMsOf } from '@fintech-ledger/leases';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { randomUUID } from 'node:crypto';

export interface OwnershipOptions {
  readonly database: Database;
  /** Where other processes hand commands over. */
  readonly address: string;
  /** See `LeaseOwner`: after a crash the next process of this name need not wait for leases to expire. */
  readonly instanceId?: string;
  readonly ttlMs: number;
  readonly log: Logger;
}

/** Leases in Postgres, with heartbeats: as usual, and as often as it is asked whether streams are still ours. */
export function postgresOwnership(options: OwnershipOptions): Ownership & { close(): Promise<void> } {
  const { database, address, instanceId, ttlMs, log } = options;
  const leases = new PostgresLeases({
    ownerId: randomUUID(),
    address,
    ttlMs,
    database,
    ...(instanceId === undefined ? {} : { instanceId }),
  });
  const listeners: ((streams: readonly string[]) => void)[] = [];
  const kept = keepLeases(leases, {
    everyMs: ttlMs / heartbeatsPerTtl,
    onLost: (streams) => {
      log.warn({ streams: streams.length }, 'another process took over while leases could not be renewed');
      for (const listener of listeners) listener(streams);
    },
    onError: (err) => {
      if (err instanceof StoreUnavailable) log.warn({ reason: err.message }, 'leases could not be renewed');
      else log.error({ err }, 'leases could not be renewed');
    },
  });
  return {
    acquire: (stream) => leases.acquire(stream),
    release: (stream) => leases.release(stream),
    holds(stream) {
      // Before it is not known any more, so that a process with many answers always knows.
      if (!leases.holds(stream, knownMsOf(ttlMs) / 2)) void kept.beat();
      return leases.holds(stream);
    },
    async confirms(stream) {
      await kept.beat();
      return leases.holds(stream);
    },
    onLost(listener) {
      listeners.push(listener);
    },
    async close() {
      await kept.stop();
      await leases.close();
    },
  };
}
