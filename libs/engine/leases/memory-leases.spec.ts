import { MemoryLeases } from './adapters/memory-leases';
import { describeLeaseContract } from './contract-suite';
import type { LeaseOwner, LeaseStore } from './lease-store';

const shared = new MemoryLeases();
describeLeaseContract('memory', (owner: LeaseOwner, ttlMs: number): LeaseStore =>
  shared.ownedBy(owner, ttlMs),
);
