import { StoreUnavailable } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { LeaseDirectory } from './adapters/lease-directory';
import { PostgresLeases } from './adapters/postgres-leases';
import { describeLeaseContract } from './contract-suite';

let server: TestDatabase;
let database: Database;

beforeAll(async () => {
  server = await testDatabase();
  database = connect({ connectionString: server.url, max: 20 });
});

afterAll(async () => {
  await database.close();
  await server.drop();
});

describeLeaseContract('postgres', (owner, ttlMs) => new PostgresLeases({ ...owner, ttlMs, database }));

it('postgres leases: an unreachable database is StoreUnavailable, and all is well when it is back', async () => {
  const proxy = await tcpProxy(server.url);
  const distant = connect({ connectionString: proxy.url });
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
