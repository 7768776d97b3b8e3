import { BrokenInvariant } from '@fintech-ledger/contract';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { LeaseAnswer, LeaseOwner, LeaseStore } from '../lease-store';
import { knownMsOf, leaseTtlMs } from '../limits';

interface Living extends LeaseOwner {
  expiresAt: number;
}

/** Leases in memory, for tests and simulations: one of these is what all owners share. */
export class MemoryLeases {
  private readonly owners = new Map<string, Living>();
  private readonly leases = new Map<string, { ownerId: string | undefined; epoch: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** The leases as one process sees them. */
  ownedBy(owner: LeaseOwner, ttlMs = leaseTtlMs): LeaseStore {
    const { ownerId } = owner;
    const held = new Set<string>();
    let confirmedAt = -Infinity;
    let isClosed = false;
    const isMine = (stream: string): boolean => this.leases.get(stream)?.ownerId === ownerId;
    const giveUp = (stream: string): void => {
      const lease = this.leases.get(stream);
      if (lease?.ownerId === ownerId) lease.ownerId = undefined;
      held.delete(stream);
    };
    return {
      acquire: async (stream) => {
        if (isClosed) throw new StoreUnavailable('the leases were given up');
        this.renew(owner, ttlMs);
        const answer = this.take(stream, ownerId);
        if (answer.kind === 'held') held.add(stream);
        return answer;
      },
      release: async (stream) => giveUp(stream),
      heartbeat: async () => {
        if (isClosed) return [];
        this.renew(owner, ttlMs);
        const lost = [...held].filter((stream) => !isMine(stream));
        for (const stream of lost) held.delete(stream);
        confirmedAt = this.now();
        return lost;
      },
      holds: (stream, withinMs = Infinity) => {
        const isKnown = this.now() - confirmedAt <= Math.min(withinMs, knownMsOf(ttlMs));
        return isKnown && !isClosed && held.has(stream);
      },
      close: async () => {
        isClosed = true;
        for (const stream of [...held]) giveUp(stream);
        this.owners.delete(ownerId);
      },
    };
  }

  private renew(owner: LeaseOwner, ttlMs: number): void {
    if (!this.owners.has(owner.ownerId) && owner.instanceId !== undefined) {
      for (const other of [...this.owners.values()]) {
        if (other.instanceId === owner.instanceId) this.owners.delete(other.ownerId);
      }
    }
    this.owners.set(owner.ownerId, { ...owner, expiresAt: this.now() + ttlMs });
  }

  private take(stream: string, ownerId: string): LeaseAnswer {
    const lease = this.leases.get(stream) ?? { ownerId: undefined, epoch: 0 };
    const other = this.owners.get(lease.ownerId ?? '');
    if (other !== undefined && other.ownerId !== ownerId && other.expiresAt > this.now()) {
      return { kind: 'owned_by', ownerId: other.ownerId, address: other.address };
    }
    const epoch = lease.ownerId === ownerId ? lease.epoch : lease.epoch + 1;
    if (!this.owners.has(ownerId)) throw new BrokenInvariant(`${ownerId} takes ${stream}, and is no owner`);
    this.leases.set(stream, { ownerId, epoch });
    return { kind: 'held', epoch };
  }
}
