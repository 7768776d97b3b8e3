import { StoreUnavailable } from '@fintech-ledger/event-store';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepLeases } from './keep-leases';
import type { LeaseOwner, LeaseStore } from './lease-store';
import { knownMsOf } from './limits';

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
      const kept = keepLeases(first, { everyMs: 100, onLost: fail, onError: fail });
      await sleep(1_500);
      expect(await second.acquire(stream)).toEqual(ownedBy(a));
      await kept.stop();
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

    it('knows what it holds for a while after a heartbeat, and does not before or later', async () => {
      const [stream, a] = fresh();
      const first = owner(a, { ttlMs: 2_000 });
      await first.acquire(stream);
      expect(first.holds(stream)).toBe(false);
      await first.heartbeat();
      expect([first.holds(stream), first.holds(randomUUID())]).toEqual([true, false]);
      await sleep(20);
      expect([first.holds(stream), first.holds(stream, 10)]).toEqual([true, false]);
      await sleep(knownMsOf(2_000));
      expect(first.holds(stream)).toBe(false);
      await first.heartbeat();
      expect(first.holds(stream)).toBe(true);
      await first.release(stream);
      expect(first.holds(stream)).toBe(false);
    });

    it('holds nothing any more that others took while it stood still, and nothing once it is closed', async () => {
      const [stream, a, b] = fresh();
      const kept = randomUUID();
      const [first, second] = [owner(a, { ttlMs: 400 }), owner(b)];
      for (const one of [stream, kept]) await first.acquire(one);
      await first.heartbeat();
      expect(first.holds(stream)).toBe(true);
      await sleep(500);
      await second.acquire(stream);
      // What it takes next makes it known again, but not what it lost before.
      await first.acquire(randomUUID());
      expect([first.holds(stream), first.holds(kept)]).toEqual([false, false]);
      expect(await first.heartbeat()).toEqual([stream]);
      expect([first.holds(stream), first.holds(kept)]).toEqual([false, true]);
      await first.close();
      expect(first.holds(kept)).toBe(false);
    });

    it('beats also when it is asked to, but not all the time', async () => {
      const [stream, a] = fresh();
      const first = owner(a);
      await first.acquire(stream);
      const beat = jest.spyOn(first, 'heartbeat');
      // However seldom it beats on its own.
      const kept = keepLeases(first, { everyMs: 900_000, onLost: fail, onError: fail });
      await Promise.all(Array.from({ length: 100 }, () => kept.beat()));
      expect([first.holds(stream), beat.mock.calls.length]).toEqual([true, 1]);
      await sleep(100);
      await Promise.all(Array.from({ length: 100 }, () => kept.beat()));
      expect(beat).toHaveBeenCalledTimes(2);
      await kept.stop();
      await kept.beat();
      expect(beat).toHaveBeenCalledTimes(2);
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
