import { connect, credentialsOf, DatabaseError, migrate } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import {
  PostgresEventStore,
  revision,
  describeEventStoreContract,
  freshStream,
  someEvents,
} from '@fintech-ledger/event-store';
import { createLogger } from '@fintech-ledger/logging';
import { tamper, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { prepareDatabase } from './prepare-database';
import { repositoryRoot } from './repository-root';

const migrations = path.join(repositoryRoot(), 'schemas', 'sql');
const log = createLogger('silent', 'test');
const databases: Database[] = [];
const servers: TestDatabase[] = [];
const roles: string[] = [];
const singles: string[] = [];
let folder: string;

const open = (url: string): Database => {
  const database = connect({ connectionString: url, max: 20, statementTimeoutMs: 20_000 });
  databases.push(database);
  return database;
};
const as = (url: string, role: string, password: string): string =>
  url.replace(/\/\/[^@]*@/, `//${role}:${password}@`);
const inDatabase = (url: string, name: string): string => url.replace(/test_[0-9a-f]+/, name);
const roleName = (): string => {
  const role = `role_${randomBytes(6).toString('hex')}`;
  roles.push(role);
  return role;
};
const prepare = (url: string, application?: string): Promise<void> =>
  prepareDatabase(
    {
      url,
      ...(application === undefined ? {} : { application: { url: application, isOurs: true } }),
      name: 'The database',
      migrations,
      log,
    },
    () => Promise.resolve(),
  );

async function server(from?: string): Promise<TestDatabase> {
  const made = await testDatabase(from);
  servers.push(made);
  return made;
}

/** The schema as it was before the tables refused anything, with events that were stored then. */
async function oldServer(): Promise<TestDatabase> {
  const old = path.join(folder, 'old');
  await cp(migrations, old, { recursive: true });
  for (const name of await readdir(old)) if (name >= '0007') await rm(path.join(old, name));
  const made = await server(old);
  const store = new PostgresEventStore({ database: open(made.url) });
  await store.append('journal-led_1', 'no_stream', someEvents(3));
  await store.append('org-org_1', 'no_stream', someEvents(2));
  await store.close();
  return made;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'event-tables-'));
});
afterAll(async () => {
  await Promise.all(databases.map((database) => database.close()));
  const administrator = connect({
    connectionString: inDatabase(servers[0]?.url ?? '', 'postgres'),
    max: 1,
    statementTimeoutMs: 30_000,
  });
  for (const each of servers) await each.drop();
  for (const name of singles) await administrator.query(`drop database if exists ${name} with (force)`);
  for (const role of roles) await administrator.query(`drop role if exists ${role}`);
  await administrator.close();
  await rm(folder, { recursive: true, force: true });
});

/** Each changes or loses what is stored; the first three events are of one stream. */
const changes = [
  `update store.events set data = '{}' where revision = 1`,
  `update store.events set data = data where false`,
  'delete from store.events where revision = 2',
  'truncate store.events',
  `update store.appends set last_revision = last_revision + 1`,
  'delete from store.appends',
  'truncate store.appends, store.events, store.streams',
  'delete from store.streams',
  `update store.streams set revision = revision - 1`,
  `update store.streams set revision = revision`,
  `update store.streams set name = name || 'x', revision = revision + 1`,
  'update store.position set last = last - 1',
  'delete from store.position',
  'truncate store.position',
];

describe('the product’s own role', () => {
  let owner: TestDatabase;
  let application: Database;

  beforeAll(async () => {
    owner = await oldServer();
    const url = as(owner.url, roleName(), 'first');
    await prepare(owner.url, url);
    application = open(url);
  }, 60_000);

  it('is no superuser, owns nothing, and may make nothing', async () => {
    const { rows } = await application.query(
      `select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as is_more,
         (select count(*) from pg_class where relowner = pg_roles.oid) as owned
         from pg_roles where rolname = current_user`,
    );
    expect(rows).toEqual([{ is_more: false, owned: '0' }]);
    await expect(application.query('create table store.mine (one int)')).rejects.toThrow(DatabaseError);
    await expect(application.query('set session_replication_role = replica')).rejects.toThrow(DatabaseError);
    await expect(application.query('alter table store.events disable trigger all')).rejects.toThrow(
      DatabaseError,
    );
    await expect(application.query(`delete from meta.migrations`)).rejects.toThrow(DatabaseError);
  });

  it('finds what was stored before there were roles, and goes on with it', async () => {
    const store = new PostgresEventStore({ database: application });
    expect(await store.readStream('journal-led_1', { limit: 10 })).toHaveLength(3);
    expect(await store.append('journal-led_1', revision(2), someEvents(1))).toEqual({
      revision: 3,
      repeated: false,
    });
    await store.close();
  });

  it.each(changes)('is refused: %s', async (change) => {
    await expect(application.query(change)).rejects.toMatchObject({ sqlState: '42501' });
  });

  it.each(changes)('and so is its owner, a superuser: %s', async (change) => {
    const database = open(owner.url);
    await expect(database.query(change)).rejects.toMatchObject({
      sqlState: '42501',
      message: expect.stringMatching(/store\.\w+ is only added to/) as string,
    });
  });

  it('is made once, keeps its rights over further starts, and gets those on new tables', async () => {
    const { role = '' } = credentialsOf(as(owner.url, roles[0] ?? '', 'x')) ?? {};
    const url = as(owner.url, role, 'another');
    await prepare(owner.url, url);
    await expect(application.query('select 1')).resolves.toBeDefined();
    const again = open(url);
    await again.query('select from read.projections');
    await again.query('truncate read.accounts');
    await again.query(`delete from writer.leases`);
  });

  it('is refused where it is a superuser, or the owner', async () => {
    await expect(prepare(owner.url, owner.url)).rejects.toThrow(/two roles/);
    const superuser = roleName();
    await open(owner.url).query(`create role ${superuser} superuser login password 'x'`);
    await expect(prepare(owner.url, as(owner.url, superuser, 'x'))).rejects.toThrow(/superuser/);
  });
});

describe('one role for everything', () => {
  let only: Database;

  beforeAll(async () => {
    const { url } = await server();
    const role = roleName();
    const name = `single_${randomBytes(6).toString('hex')}`;
    const administrator = open(url);
    await administrator.query(`create role ${role} login password 'x'`);
    await administrator.query(`create database ${name} owner ${role} template template0`);
    const single = inDatabase(as(url, role, 'x'), name);
    singles.push(name);
    await prepare(single);
    only = open(single);
    const store = new PostgresEventStore({ database: only });
    await store.append(freshStream(), 'no_stream', someEvents(3));
    await store.close();
  }, 60_000);

  it.each(changes)('has no right to it: %s', async (change) => {
    await expect(only.query(change)).rejects.toMatchObject({ sqlState: '42501' });
  });

  it('meets the triggers when it gives itself the right', async () => {
    await only.query('grant all on all tables in schema store to current_user');
    for (const change of changes)
      await expect(only.query(change)).rejects.toThrow(/store\.\w+ is only added to/);
  });

  it('can tamper only by removing the triggers', async () => {
    expect(await tamper(only, `update store.events set data = '{}' where revision = 1`)).toBe(1);
    await expect(only.query('truncate store.events')).rejects.toMatchObject({ sqlState: '42501' });
  });
});

describe('an event store that runs as the product’s own role', () => {
  let url: string;
  let store: PostgresEventStore;

  beforeAll(async () => {
    const owner = await server();
    url = as(owner.url, roleName(), 'x');
    await prepare(owner.url, url);
    store = new PostgresEventStore({ database: open(url) });
  });
  afterAll(() => store.close());

  describeEventStoreContract('postgres, as a role that may only add', {
    store: () => store,
    log: () => store,
    openAnother: () => Promise.resolve(new PostgresEventStore({ database: open(url) })),
  });
});

it('migrates by the owner’s role and leaves nothing to do for the next start', async () => {
  const { url } = await server();
  expect(await migrate(open(url), migrations)).toEqual([]);
});
