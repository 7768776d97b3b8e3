/** How long leases outlive the last heartbeat of their owner. */
export const leaseTtlMs = 6_000;
/** Three heartbeats may be late or lost before leases expire. */
export const heartbeatsPerTtl = 4;
