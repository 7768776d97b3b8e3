export type { LeaseAnswer, LeaseOwner, LeaseStore } from './lease-store';
export { heartbeatsPerTtl, knownMsOf } from './limits';
export { keepLeases } from './keep-leases';
export type { KeepLeasesOptions, KeptLeases } from './keep-leases';
export { LeaseDirectory } from './adapters/lease-directory';
export { PostgresLeases } from './adapters/postgres-leases';
export type { PostgresLeasesOptions } from './adapters/postgres-leases';
