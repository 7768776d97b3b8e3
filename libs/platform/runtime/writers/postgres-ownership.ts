import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { Ownership } from '@fintech-ledger/journal';
import { PostgresLeases, heartbeatsPerTtl, keepLeases } from '@fintech-ledger/leases';
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

/** Leases in Postgres, with heartbeats. A stream lost to another process is left to the conflict that its next append meets. */
export function postgresOwnership(options: OwnershipOptions): Ownership & { close(): Promise<void> } {
  const { database, address, instanceId, ttlMs, log } = options;
  const leases = new PostgresLeases({
    ownerId: randomUUID(),
    address,
    ttlMs,
    database,
    ...(instanceId === undefined ? {} : { instanceId }),
  });
  const stop = keepLeases(leases, {
    everyMs: ttlMs / heartbeatsPerTtl,
    onLost: (streams) =>
      log.warn({ streams: streams.length }, 'another process took over while leases could not be renewed'),
    onError: (err) => {
      if (err instanceof StoreUnavailable) log.warn({ reason: err.message }, 'leases could not be renewed');
      else log.error({ err }, 'leases could not be renewed');
    },
  });
  return {
    acquire: (stream) => leases.acquire(stream),
    release: (stream) => leases.release(stream),
    async close() {
      await stop();
      await leases.close();
    },
  };
}
