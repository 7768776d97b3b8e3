import { MemoryEventStore, prefixedEventStore, revision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { loadInstallation, randomPrefix } from './installation';
import type { Installation } from './installation';
import { StoreIdentity } from './store-identity';

let testing: TestDatabase;
let db: Database;
let store: MemoryEventStore;

beforeEach(async () => {
  testing = await testDatabase();
  db = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
  store = new MemoryEventStore();
});
afterEach(async () => {
  await db.close();
  await testing.drop();
});

const hashAt = (at: number): string => String(at).repeat(64).slice(0, 64);
const own = (installation: Installation): EventStore => prefixedEventStore(store, installation.prefix);
const problemWith = (installation: Installation, database: Database = db): Promise<string | undefined> =>
  new StoreIdentity(installation, database).problemWith(own(installation));

/** As an installation was made before there were prefixes and identities. */
async function olderInstallation(): Promise<Installation> {
  await db.query(`insert into meta.installation (pepper_fingerprint) values ('made before')`);
  return loadInstallation(db, undefined);
}

async function append(stream: string, count: number): Promise<void> {
  const last = (await store.readStream(stream, { direction: 'backwards', limit: 1 }))[0]?.revision ?? -1;
  const events = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    type: 'TransactionPosted',
    data: '{}',
    metadata: JSON.stringify({ hash: hashAt(last + 1 + index) }),
  }));
  await store.append(stream, last < 0 ? 'no_stream' : revision(last), events);
}

/** What a writer's checkpoint and the read models know of a stream. */
async function know(stream: string, at: number, hash = hashAt(at)): Promise<void> {
  await db.query(`insert into writer.heads (stream, revision, chain_hash, accounts) values ($1, $2, $3, 0)`, [
    stream,
    at,
    hash,
  ]);
  await db.query(
    `insert into read.checkpoint_rows (projection, stream, revision, previous) values ('accounts', $1, $2, -1)`,
    [stream, at],
  );
}

describe('a new installation', () => {
  it('takes a prefix of its own, which it keeps', async () => {
    const installation = await loadInstallation(db, undefined);
    expect(installation.prefix).toMatch(/^fl_[a-z2-7]{8}-$/);
    expect(await loadInstallation(db, undefined)).toEqual(installation);
    expect(new Set(Array.from({ length: 100 }, randomPrefix)).size).toBe(100);
  });

  it('takes the prefix that it is given, and no other one later', async () => {
    expect(await loadInstallation(db, 'fl_abcdefgh-')).toMatchObject({ prefix: 'fl_abcdefgh-' });
    await expect(loadInstallation(db, '')).rejects.toThrow(/STREAM_PREFIX is "none".*"fl_abcdefgh-"/);
  });

  it('writes once whose store it is, whichever process comes first', async () => {
    const installation = await loadInstallation(db, undefined);
    const problems = await Promise.all(Array.from({ length: 5 }, () => problemWith(installation)));
    expect(problems).toEqual(Array.from({ length: 5 }, () => undefined));
    const events = await own(installation).readStream('installation', { limit: 10 });
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['InstallationCreated', `{"installation_id":"${installation.id}"}`],
    ]);
  });

  it('does not take an empty server, or one that lost the stream, for its own once it has one', async () => {
    const installation = await loadInstallation(db, undefined);
    await problemWith(installation);
    store.delete(`${installation.prefix}installation`);
    expect(await problemWith(installation)).toMatch(/lost what says whose it is/);
    store = new MemoryEventStore();
    expect(await problemWith(installation)).toMatch(/does not say that it is of any installation.*recover/);
    expect(await own(installation).readStream('installation', { limit: 1 })).toEqual([]);
  });
});

describe('an installation from before stores said whose they are', () => {
  it('keeps the empty prefix, and is written when the store has what the database knows', async () => {
    const installation = await olderInstallation();
    expect(installation.prefix).toBe('');
    await append('journal-led_1', 5);
    await know('journal-led_1', 3);
    expect(await problemWith(installation)).toBeUndefined();
    expect(await store.readStream('installation', { limit: 10 })).toHaveLength(1);
  });

  it.each([
    ['is empty', 0, hashAt(3), /empty, or another one/],
    ['is older', 2, hashAt(3), /checkpoint of journal-led_1 is at revision 3|read models of journal-led_1/],
    ['has another event there', 5, hashAt(9), /does not have what the database knows/],
  ])('is not written when the store %s', async (_name, events, hash, reason) => {
    const installation = await olderInstallation();
    if (events > 0) await append('journal-led_1', events);
    await know('journal-led_1', 3, hash);
    expect(await problemWith(installation)).toMatch(reason);
    expect(await store.readStream('installation', { limit: 10 })).toEqual([]);
  });

  it('is written although one stream of several was deleted: that one halts alone', async () => {
    const installation = await olderInstallation();
    for (const ledger of ['journal-led_1', 'journal-led_2']) {
      await append(ledger, 5);
      await know(ledger, 3);
    }
    store.delete('journal-led_2');
    expect(await problemWith(installation)).toBeUndefined();
  });

  it('may share a server with others of its kind: each is written', async () => {
    const installation = await olderInstallation();
    await append('journal-led_1', 5);
    await know('journal-led_1', 3);
    const other = await testDatabase();
    const otherDb = connect({ connectionString: other.url, max: 1, statementTimeoutMs: 30_000 });
    await otherDb.query(`insert into meta.installation (pepper_fingerprint) values ('made before')`);
    const second = await loadInstallation(otherDb, undefined);
    expect(await problemWith(second, otherDb)).toBeUndefined();
    expect(await problemWith(installation)).toBeUndefined();
    expect(await problemWith(second, otherDb)).toBeUndefined();
    expect(await store.readStream('installation', { limit: 10 })).toHaveLength(2);
    await otherDb.close();
    await other.drop();
  });
});
