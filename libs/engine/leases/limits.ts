/** How long leases outlive the last heartbeat of their owner. */
export const leaseTtlMs = 6_000;
/** Three heartbeats may be late or lost before leases expire. */
export const heartbeatsPerTtl = 4;
/** How long after a heartbeat began it is known without asking what is held; no longer than until the next one. */
const knownMsMax = 1_000;

export const knownMsOf = (ttlMs: number): number => Math.min(knownMsMax, ttlMs / heartbeatsPerTtl);
