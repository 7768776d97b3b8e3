import { accessModule } from '@fintech-ledger/access';
import { ledgerModule } from '@fintech-ledger/ledger';
import { Modules } from '@fintech-ledger/manifest';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { InvalidCursor, PositionWaiter, Projector } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { randomJournal, ScriptedFeed, seededRandom, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { eventsModule, PublicEventRegistry } from '@fintech-ledger/events';
import { privacyModule } from '@fintech-ledger/privacy';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { auditModule } from '../audit.module';
import { postgresAuditKeys } from '../keys/audit-keys';
import { CompactTree } from '../merkle/compact-tree';
import { appendEntries } from './append-entries';
import { merkleLogName, merkleLogProjection } from './merkle-log-projection';
import { postgresMerkleLogQueries } from './queries';
import type { MerkleLogQueries } from './queries';

jest.setTimeout(120_000);

const registry = new PublicEventRegistry([ledgerModule, accessModule]);
const modules = new Modules([
  ledgerModule,
  accessModule,
  privacyModule,
  auditModule(registry),
  eventsModule(registry),
]);
const one = randomJournal({ ledgerId: 'led_one', seed: 31, commands: 1_500 }).recorded;
const two = randomJournal({ ledgerId: 'led_two', seed: 32, commands: 40 }).recorded;

let testing: TestDatabase;
let db: Database;
let projector: Projector<DecodedEvent>;
let queries: MerkleLogQueries;

beforeAll(async () => {
  testing = await testDatabase();
  db = connect({ connectionString: testing.url, statementTimeoutMs: 30_000 });
  const feed = new ScriptedFeed();
  const { decode, projections } = modules;
  projector = new Projector({
    db,
    feed,
    history: feed,
    decode,
    linkOf: (event) => event,
    recordedMsOf: ({ recordedMs }) => recordedMs,
    projections,
  });
  const waiter = new PositionWaiter(db, [merkleLogName]);
  queries = postgresMerkleLogQueries(db, waiter);
  projector.start();
  for (let at = 0, random = seededRandom(7); at < one.length;) {
    const count = Math.ceil(random() * 90);
    feed.push(...one.slice(at, at + count), ...two.slice(at / 40, at / 40 + 1));
    at += count;
  }
  feed.push(...two);
  expect(await waiter.waitFor('journal-led_one', one.length - 1, 60_000)).toBe(true);
  expect(await waiter.waitFor('journal-led_two', two.length - 1, 60_000)).toBe(true);
});
afterAll(async () => {
  await projector.stop();
  await db.close();
  await testing.drop();
});

const rootOf = (events: readonly { readonly metadata: string }[]): string => {
  const tree = new CompactTree();
  for (const { metadata } of events)
    tree.add(Buffer.from((JSON.parse(metadata) as { hash: string }).hash, 'hex'));
  return tree.root().toString('hex');
};

/** The roots at all sizes of the first journal. */
const roots = new Map<number, string>();
const rootAt = (size: number): string => {
  const known = roots.get(size) ?? rootOf(one.slice(0, size));
  roots.set(size, known);
  return known;
};

describe('the Merkle log of a ledger', () => {
  it.each([
    ['led_one', one],
    ['led_two', two],
  ])('has the hashes of all events of %s as leaves, however they came', async (ledger, events) => {
    expect(await queries.size('org_test', ledger)).toBe(events.length);
    const tree = queries.tree('org_test', ledger);
    for (const size of [0, 1, 31, 32, 33, events.length - 1, events.length])
      expect((await tree.root(size)).toString('hex')).toBe(rootOf(events.slice(0, size)));
  });

  it('reads a few rows for a proof, by their key', async () => {
    let rows = 0;
    const counted = postgresMerkleLogQueries(
      {
        ...db,
        async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
          const answer = await db.query<R>(text, values, name);
          rows += answer.rows.length;
          return answer;
        },
      } as Database,
      { waitFor: () => Promise.resolve(true) },
    );
    await counted.tree('org_test', 'led_one').inclusion(Math.floor(one.length / 2), one.length);
    // Of each level of tiles the one on the way, and what is right of it.
    expect(rows).toBeLessThanOrEqual(6);
  });

  it('has proofs of 1,000 random pairs that the Python verifier follows', async () => {
    const random = seededRandom(11);
    const tree = queries.tree('org_test', 'led_one');
    const pairs = [];
    const hex = (path: readonly Buffer[]) => path.map((hash) => hash.toString('hex'));
    for (let n = 0; n < 1_000; n += 1) {
      const size = 1 + Math.floor(random() * one.length);
      const older = Math.floor(random() * (size + 1));
      const revision = Math.floor(random() * size);
      const { leaf, path } = await tree.inclusion(revision, size);
      const roots = [rootAt(older), rootAt(size)];
      pairs.push([
        revision,
        older,
        size,
        leaf.toString('hex'),
        hex(path),
        hex(await tree.consistency(older, size)),
        ...roots,
      ]);
    }
    const folder = path.resolve(__dirname, '../../../ledger-verifier/python');
    const program = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from ledger_verifier import consistent, hashes_of, included
held = 0
for revision, older, size, leaf, path, between, old_root, root in json.load(sys.stdin):
    assert included(bytes.fromhex(leaf), revision, size, hashes_of(path)) == root
    assert consistent(older, size, hashes_of(between), old_root, root)
    assert older in (0, size) or not consistent(older, size, hashes_of(between), root, root)
    held += 1
print(held)`;
    const input = JSON.stringify(pairs);
    const { stdout, stderr } = spawnSync('python3', ['-c', program, folder], { input, encoding: 'utf8' });
    expect([stdout.trim(), stderr]).toEqual(['1000', '']);
  });

  it('is made again, one ledger alone or all', async () => {
    await db.transaction((sql) => merkleLogProjection.resetStream(sql, 'journal-led_two'));
    const { rows } = await db.query<{ ledger_id: string }>(
      'select distinct ledger_id from read.merkle_tiles',
    );
    expect(rows).toEqual([{ ledger_id: 'led_one' }]);
    const rewrite = merkleLogProjection.fold(two.map((event) => modules.decode(event)));
    await db.transaction(rewrite, { isPipelined: true });
    const root = (await queries.tree('org_test', 'led_two').root(two.length)).toString('hex');
    expect(root).toBe(rootOf(two));
  });

  it('refuses leaves that do not follow those it has', async () => {
    const hashes = ['ab'.repeat(32)];
    const append = (first: number) =>
      db.transaction((sql) => appendEntries(sql, 0, [{ ledgerId: 'led_two', first, hashes }]));
    await expect(append(two.length + 1)).rejects.toThrow('tiles of Merkle logs');
    await expect(append(0)).rejects.toThrow();
  });
});

describe('the keys of heads', () => {
  it('are one that signs, and those before it; several processes make one', async () => {
    const pepper = 'a pepper of at least 32 characters';
    const [a, b] = [postgresAuditKeys(db, pepper), postgresAuditKeys(db, pepper)];
    const [first, same] = await Promise.all([a.signing(), b.signing()]);
    expect(first.keyId).toBe(same.keyId);
    const second = await a.rotate();
    expect((await b.signing()).keyId).toBe(second.keyId);
    const newest = { keyId: second.keyId, retiredAt: null };
    const oldest = { keyId: first.keyId, retiredAt: expect.any(String) as string };
    expect(await b.list({ limit: 2 })).toMatchObject({
      data: [newest, oldest],
      has_more: false,
      next_cursor: null,
    });
    expect(await b.find(first.keyId)).toMatchObject(oldest);
    expect(await b.find('adk_none')).toBeUndefined();
    const page = await b.list({ limit: 1 });
    expect(page).toMatchObject({ data: [newest], has_more: true });
    const cursor = String(page.next_cursor);
    expect(await b.list({ limit: 1, cursor })).toMatchObject({ data: [oldest], has_more: false });
    await expect(b.list({ limit: 1, cursor: 'x' })).rejects.toThrow(InvalidCursor);
    const other = postgresAuditKeys(db, 'another pepper of at least 32 characters');
    await expect(other.signing()).rejects.toThrow(second.keyId);
    const { rows } = await db.query<{ text: string }>('select k::text as text from audit.signing_keys k');
    expect(rows.map(({ text }) => text).join()).not.toContain('PRIVATE');
  });
});
