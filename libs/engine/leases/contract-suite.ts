import { StoreUnavailable } from '@fintech-ledger/event-store';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepLeases } from './keep-leases';
import type { LeaseOwner, LeaseStore } from './lease-store';

/** Leases under test: owners that share them. */
export type OpenLeases = (owner: LeaseOwner, ttlMs: number) => LeaseStore;

/** Every promise of the lease port, as tests. */
export function describeLeaseContract(name: string, open: OpenLeases): void {
  const opened: LeaseStore[] = [];
  const owner = (ownerId: string, options: { ttlMs?: number; instanceId?: string } = {}): LeaseStore => {
    const { ttlMs = 60_000, ...rest } = options;
    const leases = open({ ownerId, address: `http://${ownerId}:1`, ...rest }, ttlMs);
    opened.push(leases);
    return leases;
  };
  const fresh = (): [string, string, string] => [randomUUID(), `a-${randomUUID()}`, `b-${randomUUID()}`];
  const held = (epoch: number): object => ({ kind: 'held', epoch });
  const ownedBy = (ownerId: string): object => ({
    kind: 'owned_by',
    ownerId,
    address: `http://${ownerId}:1`,
  });

  describe(`lease contract: ${name}`, () => {
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((leases) => leases.close()));
    });

    it('gives a free stream to the first, and tells the others who has it', async () => {
      const [stream, a, b] = fresh();
      const [first, second] = [owner(a), owner(b)];
      expect(await first.acquire(stream)).toEqual(held(1));
      expect(await first.acquire(stream)).toEqual(held(1));
      expect(await second.acquire(stream)).toEqual(ownedBy(a));
      expect(await second.acquire(randomUUID())).toEqual(held(1));
    });

    it('gives a stream that was given up to the next, with the next epoch', async () => {
      const [stream, a, b] = fresh();
      const [first, second] = [owner(a), owner(b)];
      await first.acquire(stream);
      await second.release(stream);
      expect(await second.acquire(stream)).toEqual(ownedBy(a));
      await first.release(stream);
      expect(await second.acquire(stream)).toEqual(held(2));
      expect(await first.acquire(stream)).toEqual(ownedBy(b));
    });

    it('holds nothing that it was given while it gave everything up', async () => {
      const [stream, a, b] = fresh();
      const [first, second] = [owner(a), owner(b)];
      await first.acquire(randomUUID());
      const taking = first.acquire(stream).then(
        () => 'held',
        (error: unknown) => error,
      );
      await first.close();
      // Whether it was sooner or later, the stream is free.
      expect(['held', expect.any(StoreUnavailable)]).toContainEqual(await taking);
      await expect(first.acquire(stream)).rejects.toThrow(StoreUnavailable);
      expect(await second.acquire(stream)).toMatchObject({ kind: 'held' });
    });

    it('of many that race one wins, and all agree on it', async () => {
      for (let round = 0; round < 10; round += 1) {
        const stream = randomUUID();
        const owners = Array.from({ length: 8 }, () => owner(`o-${randomUUID()}`));
        const answers = await Promise.all(owners.map((leases) => leases.acquire(stream)));
        expect(answers.filter(({ kind }) => kind === 'held')).toEqual([held(1)]);
        const named = new Set(
          answers.flatMap((answer) => (answer.kind === 'owned_by' ? [answer.ownerId] : [])),
        );
        expect(named.size).toBe(1);
        await Promise.all(opened.splice(0).map((leases) => leases.close()));
      }
    });

    it('of two that race for what an expired owner held one wins', async () => {
      const [stream, a] = fresh();
      await owner(a, { ttlMs: 50 }).acquire(stream);
      await sleep(120);
      const rivals = [owner(`r-${randomUUID()}`), owner(`r-${randomUUID()}`)];
      const answers = await Promise.all(rivals.map((leases) => leases.acquire(stream)));
      expect(answers.filter(({ kind }) => kind === 'held')).toEqual([held(2)]);
    });

    it('keeps leases as long as heartbeats come, and lets others take them when none do', async () => {
      const [stream, a, b] = fresh();
      const [first, second] = [owner(a, { ttlMs: 1_000 }), owner(b)];
      await first.acquire(stream);
      const stop = keepLeases(first, { everyMs: 100, onLost: fail, onError: fail });
      await sleep(1_500);
      expect(await second.acquire(stream)).toEqual(ownedBy(a));
      await stop();
      await sleep(1_300);
      expect(await second.acquire(stream)).toEqual(held(2));
    });

    it('tells an owner that comes back late what it lost, once', async () => {
      const [stream, a, b] = fresh();
      const kept = randomUUID();
      const [first, second] = [owner(a, { ttlMs: 100 }), owner(b)];
      await first.acquire(stream);
      await first.acquire(kept);
      await sleep(200);
      await second.acquire(stream);
      expect(await first.heartbeat()).toEqual([stream]);
      expect(await first.heartbeat()).toEqual([]);
      expect(await first.acquire(kept)).toEqual(held(1));
      expect(await first.acquire(stream)).toEqual(ownedBy(b));
    });

    it('lets a new process of the same instance take over at once', async () => {
      const [stream, a, b] = fresh();
      const instanceId = randomUUID();
      await owner(a, { instanceId }).acquire(stream);
      expect(await owner(`c-${b}`).acquire(stream)).toEqual(ownedBy(a));
      expect(await owner(b, { instanceId }).acquire(stream)).toEqual(held(2));
    });

    it('close gives up everything at once', async () => {
      const [stream, a, b] = fresh();
      const other = randomUUID();
      const [first, second] = [owner(a), owner(b)];
      await Promise.all([first.acquire(stream), first.acquire(other)]);
      await Promise.all([first.heartbeat(), first.close()]);
      expect(await second.acquire(stream)).toEqual(held(2));
      expect(await second.acquire(other)).toEqual(held(2));
      await expect(first.acquire(stream)).rejects.toThrow(StoreUnavailable);
      expect(await first.heartbeat()).toEqual([]);
      await first.close();
    });
  });
}

function fail(what: unknown): never {
  throw new Error(`unexpected: ${String(what)}`);
}
