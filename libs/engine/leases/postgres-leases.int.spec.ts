import { StoreUnavailable } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LeaseDirectory } from './adapters/lease-directory';
import { heldLeases, lockLease, takeLease } from './adapters/lease-statements';
import type { OwnerSession } from './adapters/owner-session';
import { PostgresLeases } from './adapters/postgres-leases';
import { describeLeaseContract } from './contract-suite';

let server: TestDatabase;
let database: Database;

beforeAll(async () => {
  server = await testDatabase();
  database = connect({ connectionString: server.url, max: 20, statementTimeoutMs: 30_000 });
});

afterAll(async () => {
  await database.close();
  await server.drop();
});

describeLeaseContract('postgres', (owner, ttlMs) => new PostgresLeases({ ...owner, ttlMs, database }));

it('postgres leases: an unreachable database is StoreUnavailable, and all is well when it is back', async () => {
  const proxy = await tcpProxy(server.url);
  const distant = connect({ connectionString: proxy.url, statementTimeoutMs: 30_000 });
  const leases = new PostgresLeases({ ownerId: randomUUID(), address: 'a', database: distant });
  const stream = randomUUID();
  proxy.set('down');
  await expect(leases.acquire(stream)).rejects.toThrow(StoreUnavailable);
  await expect(leases.heartbeat()).rejects.toThrow(StoreUnavailable);
  await leases.release(stream);
  proxy.set('none');
  expect(await leases.acquire(stream)).toEqual({ kind: 'held', epoch: 1 });
  proxy.set('down');
  await leases.close();
  await proxy.close();
  await distant.close();
});

it('postgres leases: end with the session of their owner, long before they expire', async () => {
  const [stream, kept] = [randomUUID(), randomUUID()];
  const named = (name: string): Database =>
    connect({ connectionString: server.url, max: 2, applicationName: name, statementTimeoutMs: 30_000 });
  const [mortal, other] = [named('mortal'), named('other')];
  const killed = new PostgresLeases({ ownerId: randomUUID(), address: 'http://a', database: mortal });
  const living = new PostgresLeases({ ownerId: randomUUID(), address: 'http://b', database: other });
  await killed.acquire(stream);
  await living.acquire(kept);
  expect(await living.acquire(stream)).toMatchObject({ kind: 'owned_by', address: 'http://a' });
  // As the server does it for a process that is killed: nothing of it is left to renew anything.
  await killed['session'].close();
  const directory = new LeaseDirectory(database);
  while ((await directory.ownerOf(stream)) !== undefined) await sleep(10);
  expect(await directory.owners()).not.toContain('http://a');
  expect(await living.acquire(stream)).toEqual({ kind: 'held', epoch: 2 });
  expect(await directory.ownerOf(kept)).toBe('http://b');
  await Promise.all([killed.close(), living.close()]);
  await Promise.all([mortal.close(), other.close()]);
});

it('postgres leases: an owner that loses its session comes back, and hears what was taken meanwhile', async () => {
  const [stream, kept] = [randomUUID(), randomUUID()];
  const own = connect({
    connectionString: server.url,
    max: 2,
    applicationName: 'cut',
    statementTimeoutMs: 30_000,
  });
  const leases = new PostgresLeases({ ownerId: randomUUID(), address: 'http://a', database: own });
  const other = new PostgresLeases({ ownerId: randomUUID(), address: 'http://b', database });
  const directory = new LeaseDirectory(database);
  await leases.acquire(stream);
  await leases.acquire(kept);
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut'`,
  );
  while ((await directory.ownerOf(kept)) === undefined) await sleep(10);
  expect(await leases.acquire(kept)).toEqual({ kind: 'held', epoch: 1 });
  await leases['session'].drop();
  while ((await directory.ownerOf(stream)) !== undefined) await sleep(10);
  expect(await other.acquire(stream)).toEqual({ kind: 'held', epoch: 2 });
  expect(await leases.heartbeat()).toEqual([stream]);
  expect(await leases.acquire(kept)).toEqual({ kind: 'held', epoch: 1 });
  await Promise.all([leases.close(), other.close()]);
  await own.close();
});

it('postgres leases: a session that fails does not end the one that was opened in its place', async () => {
  const stream = randomUUID();
  const leases = new PostgresLeases({ ownerId: randomUUID(), address: 'http://a', database });
  await leases.acquire(stream);
  const { session } = leases as unknown as { session: OwnerSession };
  const failed = session.get();
  await (await failed).query('select 1');
  await session.drop();
  await leases.heartbeat();
  const next = session.get();
  // What was sent over the first one fails only now.
  await session.drop(failed);
  expect(session.get()).toBe(next);
  expect(await new LeaseDirectory(database).ownerOf(stream)).toBe('http://a');
  await leases.close();
});

it('postgres leases: an owner whose session has ended holds nothing before it has looked what was taken', async () => {
  const stream = randomUUID();
  const own = connect({
    connectionString: server.url,
    max: 2,
    applicationName: 'ended',
    statementTimeoutMs: 30_000,
  });
  const leases = new PostgresLeases({ ownerId: randomUUID(), address: 'http://a', database: own });
  await leases.acquire(stream);
  await leases.heartbeat();
  expect(leases.holds(stream)).toBe(true);
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended'`,
  );
  const directory = new LeaseDirectory(database);
  while (leases.holds(stream) || (await directory.ownerOf(stream)) === undefined) await sleep(5);
  // It is back, and others may have been there.
  expect(leases.holds(stream)).toBe(false);
  expect(await leases.heartbeat()).toEqual([]);
  expect(leases.holds(stream)).toBe(true);
  await leases.close();
  await own.close();
});

it('postgres leases: what another is just taking is lost, though the owner comes back meanwhile', async () => {
  const stream = randomUUID();
  const leases = new PostgresLeases({ ownerId: randomUUID(), address: 'http://a', ttlMs: 200, database });
  const other = new PostgresLeases({ ownerId: randomUUID(), address: 'http://b', database });
  await other.heartbeat();
  await leases.acquire(stream);
  await leases.heartbeat();
  await sleep(300);
  let beating: Promise<readonly string[]> | undefined;
  await database.transaction(async (sql) => {
    await sql.query(lockLease, [stream]);
    beating = leases.heartbeat();
    await sleep(200);
    expect(leases.holds(stream)).toBe(false);
    await sql.query(takeLease, [stream, other['options'].ownerId]);
  });
  expect(await beating).toEqual([stream]);
  await Promise.all([leases.close(), other.close()]);
});

it('postgres leases: what is taken while it is looked what was lost is given up like all else', async () => {
  const [before, taken] = [randomUUID(), randomUUID()];
  let answer = (): void => undefined;
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const mayBeAnswered = new Promise<void>((resolve) => (answer = resolve));
  const slow: Database = {
    ...database,
    async query<R extends object>(...statement: Parameters<Database['query']>) {
      const found = await database.query<R>(...statement);
      if (statement[0] === heldLeases) {
        asked();
        await mayBeAnswered;
      }
      return found;
    },
  };
  const leases = new PostgresLeases({ ownerId: randomUUID(), address: 'http://a', database: slow });
  const directory = new LeaseDirectory(database);
  await leases.acquire(before);
  // The first one looks: nobody knew this owner until now.
  const beating = leases.heartbeat();
  await isAsked;
  await leases.acquire(taken);
  answer();
  expect(await beating).toEqual([]);
  expect(await directory.ownerOf(taken)).toBe('http://a');
  await leases.release(taken);
  expect(await directory.ownerOf(taken)).toBeUndefined();
  expect(await directory.ownerOf(before)).toBe('http://a');
  await leases.close();
});

it('postgres leases: who writes nothing finds the owner of a stream, and who could take one', async () => {
  const directory = new LeaseDirectory(database);
  const [first, second] = ['http://a', 'http://b'].map(
    (address) => new PostgresLeases({ ownerId: randomUUID(), address, database }),
  );
  const stream = randomUUID();
  await first?.heartbeat();
  await second?.heartbeat();
  expect(await directory.ownerOf(stream)).toBeUndefined();
  expect(await directory.owners()).toEqual(expect.arrayContaining(['http://a', 'http://b']));
  await second?.acquire(stream);
  expect(await directory.ownerOf(stream)).toBe('http://b');
  await second?.close();
  expect(await directory.ownerOf(stream)).toBeUndefined();
  expect(await directory.owners()).not.toContain('http://b');
  await first?.close();
});
