import { setTimeout as delay } from 'node:timers/promises';
import { tamper } from '@fintech-ledger/testing';
import type { Sql } from '@fintech-ledger/postgres';
import { HttpSpec } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';
import { verifiedAfter } from './support/verified-after';

jest.setTimeout(180_000);

/** More events than a writer keeps out of its checkpoint. */
const bulk = 1_100;

/** What somebody does to the tables, and what is said of it. */
interface Tampering {
  readonly what: string;
  readonly done: readonly string[];
  /** Absent: it is done in the transaction that verifies, and rolled back; else the processes would mend it meanwhile. */
  readonly undone?: readonly string[];
  readonly found: RegExp;
}

const ofLedger = `stream_id = (select id from store.streams where name = $stream)`;
const copies = (table: string, where: string): string =>
  `create table public.kept as select * from ${table} where ${where}`;
const back = (table: string): readonly string[] => [
  `insert into ${table} select * from public.kept`,
  'drop table public.kept',
];
const edited = (what: string, table: string, where: string, set: string, found: RegExp): Tampering => ({
  what,
  done: [`update ${table} set ${set} where ${where}`],
  found,
});
const removed = (what: string, table: string, where: string, found: RegExp): Tampering => ({
  what,
  done: [`delete from ${table} where ${where}`],
  found,
});
/** Of the event store, which another connection reads. */
const kept = (one: Tampering, where: string): Tampering => ({
  ...one,
  done: [copies('store.events', where), ...one.done],
  undone: [`delete from store.events where ${where}`, ...back('store.events')],
});
const cash = `address = 'cash'`;
const events = (revisions: string): string => `${ofLedger} and revision ${revisions}`;

const tamperings: readonly Tampering[] = [
  kept(
    edited(
      'one byte of one event',
      'store.events',
      events('= 5'),
      `data = replace(data, '"amount":"73"', '"amount":"83"')`,
      /: revision 5 does not hold: its hash is /,
    ),
    events('= 5'),
  ),
  kept(
    removed(
      'an event in the middle that is gone',
      'store.events',
      events('= 6'),
      /: revision 6 does not hold: /,
    ),
    events('= 6'),
  ),
  {
    what: 'the last events that are gone everywhere',
    done: [
      copies('store.events', events('> 11')),
      `create table public.appended as select * from store.appends where ${ofLedger} and last_revision > 11`,
      `create table public.moved as select revision from store.streams where name = $stream`,
      `delete from store.events where ${events('> 11')}`,
      `delete from store.appends where ${ofLedger} and last_revision > 11`,
      `update store.streams set revision = 11 where name = $stream`,
    ],
    undone: [
      ...back('store.events'),
      'insert into store.appends select * from public.appended',
      'update store.streams set revision = (select revision from public.moved) where name = $stream',
      'drop table public.appended, public.moved',
    ],
    found: /: revision 12 does not hold: it is not in the event store, and revision \d+ is known/,
  },
  {
    what: 'two events that were swapped',
    done: [
      copies('store.events', events('in (7, 8)')),
      `delete from store.events where ${events('in (7, 8)')}`,
      `insert into store.events (stream_id, revision, id, type, data, metadata)
         select stream_id, 15 - revision, id, type, data, metadata from public.kept`,
    ],
    undone: [`delete from store.events where ${events('in (7, 8)')}`, ...back('store.events')],
    found: /: revision 7 does not hold: its previousHash is not the hash of the event before it/,
  },
  edited(
    'a leaf of the Merkle log',
    'read.merkle_tiles',
    'ledger_id = $ledger and level = 0 and tile = 1',
    `entries = overlay(entries placing '\\x00'::bytea from 65)`,
    /: revision 34 does not hold: its hash is [0-9a-f]{64}, in the Merkle log it is 00/,
  ),
  edited(
    'a node of the Merkle log',
    'read.merkle_tiles',
    'ledger_id = $ledger and level = 1 and tile = 0',
    `entries = overlay(entries placing '\\x00'::bytea from 1)`,
    /^merkle_tiles \(ledger_id led_\w+, level 1, tile 0\): entries is /m,
  ),
  edited(
    'a balance',
    'read.accounts',
    cash,
    'posted_debits = posted_debits + 1',
    /^accounts \(account_key [0-9a-f-]+, address cash\): posted_debits is \d+, the events give \d+/m,
  ),
  removed('an account', 'read.accounts', cash, /^accounts \(account_key .+, address cash\) is missing/m),
  edited(
    'a line of a transaction',
    'read.transactions',
    `revision = 5 and id = $transaction`,
    `lines = replace(lines, '"73"', '"83"')`,
    /^transactions \(.*id txn_\w+\): lines is /m,
  ),
  edited('an entry', 'read.entries', 'transaction_id = $transaction', 'amount = amount + 1', /^entries \(/m),
  removed(
    'a run of the index of events',
    'read.event_runs',
    `subject = 'HoldVoided'`,
    /^event_runs does not say /m,
  ),
  edited(
    'how far a read model has come',
    'read.checkpoint_rows',
    `stream = $stream and leader is null`,
    'revision = revision + 7',
    /: revision \d+ does not hold: it is not in the event store, and revision \d+ is known/,
  ),
  edited(
    'the hash of what a read model has applied last',
    'read.checkpoint_rows',
    `stream = $stream and members is not null`,
    `hash = repeat('b', 64)`,
    /: what \w+ has applied does not hold: read.checkpoints has the hash b{64} at revision \d+, the event has /,
  ),
  {
    what: 'the hash of what a topic has last',
    done: [`insert into relay.streams values ('edited', $stream, 3, repeat('b', 64))`],
    found:
      /: what the topic edited has does not hold: relay.streams has the hash b{64} at revision 3, the event /,
  },
  {
    what: 'the hash of a checkpoint that another has replaced',
    done: [
      `insert into writer.heads overriding system value select (jsonb_populate_record(h, jsonb_build_object(
         'stream_id', -1, 'is_live', false, 'revision', 3, 'chain_hash', repeat('b', 64)))).* from writer.heads h where stream = $stream and is_live`,
    ],
    found:
      /: what an earlier checkpoint was made of does not hold: writer.heads has the hash b{64} at revision 3, /,
  },
  edited(
    'where a read model came from',
    'read.checkpoint_rows',
    `stream = $stream and members is not null`,
    'previous = revision + 1',
    /^read.checkpoint_rows \(projection \w+, stream journal-led_\w+\) does not hold: it came to revision \d+ from /m,
  ),
  edited(
    'whose row says where a read model stands',
    'read.checkpoint_rows',
    `stream = $stream and leader is not null`,
    `leader = 'unknown'`,
    /^read.checkpoint_rows \(projection \w+, stream journal-led_\w+\) does not hold: its leader unknown has no row/m,
  ),
  removed(
    'the row that says where read models stand',
    'read.checkpoint_rows',
    `stream = $stream and members is not null`,
    /^read.checkpoint_rows \(projection \w+, stream journal-led_\w+\) does not hold: its leader \w+ has no row/m,
  ),
  removed(
    'that read models stand there, too',
    'read.checkpoint_rows',
    `stream = $stream and leader is not null`,
    /^read.checkpoint_rows \(.+\) does not hold: its members are [\w,]+, itself alone stand there/m,
  ),
  edited(
    "a balance of a writer's checkpoint",
    'writer.accounts',
    `key = 'a:cash'`,
    `record = replace(record, '"postedDebits":"', '"postedDebits":"1')`,
    /its checkpoint's record a:cash does not hold: it is /,
  ),
  edited(
    "a sum of a writer's checkpoint",
    'writer.accounts',
    `key = 'a:cash'`,
    'debits = debits + 1',
    /its checkpoint's record a:cash does not hold: its sums are USD \d+ \d+, the events give USD /,
  ),
  removed(
    "a record of a writer's checkpoint",
    'writer.records',
    `key = 'r:first'`,
    /its checkpoint's record r:first does not hold: it is missing/,
  ),
  edited(
    'an idempotency record',
    'writer.idempotency_keys',
    `key = 'the-first'`,
    'first_revision = 6, last_revision = 6',
    /its idempotency key the-first does not hold: the events give revisions 4 to 4/,
  ),
  removed(
    'an idempotency record that is gone',
    'writer.idempotency_keys',
    `key = 'the-first'`,
    /its idempotency key the-first of revision 4 does not hold: it is missing/,
  ),
];

describe('ledgerctl verify --database', () => {
  let parts: PartsInProcess;
  let ledger = '';
  let transaction = '';

  const filled = (statement: string): string =>
    statement
      .replaceAll('$stream', `'journal-${ledger}'`)
      .replaceAll('$ledger', `'${ledger}'`)
      .replaceAll('$transaction', `'${transaction}'`);
  const run = async (statements: readonly string[] = []): Promise<void> => {
    for (const statement of statements) await tamper(parts.database, filled(statement));
  };
  const verify = (statements: readonly string[] = [], after?: (sql: Sql) => Promise<void>) =>
    verifiedAfter(parts, statements.map(filled), after);

  beforeAll(async () => {
    parts = await startParts('embedded');
    const http = new HttpSpec(parts.url, parts.apiKey, '');
    const made = async (path: string, body: object = {}, headers: Record<string, string> = {}) =>
      (await http.when({ path, body, headers }).thenAccepted()).json;
    ledger = String((await made('/v1/ledgers', { name: 'books' }))['id']);
    const to = `/v1/ledgers/${ledger}`;
    for (const [address, type] of [
      ['cash', 'asset'],
      ['sales', 'revenue'],
      ['fees', 'expense'],
      ['idle', 'asset'],
    ])
      await made(`${to}/accounts`, { address, type, currency: 'USD' });
    const move = { debit_account: 'cash', credit_account: 'sales', amount: '73', currency: 'USD' };
    await made(`${to}/transfers`, { ...move, reference: 'first' }, { 'idempotency-key': 'the-first' });
    transaction = String((await made(`${to}/transfers`, move))['id']);
    await made(`${to}/transfers`, { ...move, effective_at: '2020-01-01T00:00:00Z' });
    const held = String((await made(`${to}/transfers`, { ...move, pending: true }))['id']);
    await made(`${to}/transactions/${held}/capture`, { amount: '60', final: false });
    await made(`${to}/transactions/${held}/void`);
    await made(`${to}/transactions/${transaction}/reverse`, { amount: '40' });
    await made(`${to}/period_closes`, { through: '2021-01-01T00:00:00Z', reason: 'closed' });
    const entries = (['debit', 'credit'] as const).map((direction, i) => ({
      ...{ account: ['fees', 'cash'][i], direction, amount: '1', currency: 'USD' },
    }));
    const transactions = Array.from({ length: bulk }, () => ({ entries }));
    await made(`${to}/transactions/bulk`, { atomic: true, transactions });
    const { rows } = { rows: async () => (await parts.database.query(applied, [`journal-${ledger}`])).rows };
    for (let n = 0; n < 600; n += 1) {
      const [state] = (await rows()) as { checkpointed: boolean; behind: string }[];
      if (state?.checkpointed === true && state.behind === '0') return;
      await delay(100);
    }
    throw new Error('no checkpoint was written, or the read models stay behind');
  });
  afterAll(() => parts?.close());

  it('holds for what nobody has touched', async () => {
    expect(await verify()).toBeUndefined();
  });

  it.each(tamperings.map((one) => [one.what, one] as const))('finds %s', async (_, one) => {
    if (one.undone !== undefined) await run(one.done);
    const found = await verify(one.undone === undefined ? one.done : []);
    await run(one.undone);
    expect(found).toMatch(one.found);
  });

  it('compares no records that another release folded: its writer folds the journal again', async () => {
    const edits = [
      `update writer.records set record = '{}' where stream_id in (select stream_id from writer.heads where stream = $stream)`,
      `update writer.heads set folds = 'unknown' where stream = $stream`,
    ];
    expect(await verify(edits.slice(0, 1))).toMatch(/its checkpoint's record .* does not hold/);
    expect(await verify(edits)).toBeUndefined();
  });

  it('and holds when all is undone', async () => {
    expect(await verify()).toBeUndefined();
  });

  it('holds for whom an erasure forgot, and destroys no key that was restored', async () => {
    const http = new HttpSpec(parts.url, parts.apiKey, '');
    const body = { email: 'jenny@shop.example', name: 'Jenny Rosen' };
    const { json: customer } = await http.when({ path: '/v1/customers', body }).thenAccepted();
    const id = String(customer['id']);
    const [journal] = String(customer['position']).split('@');
    const subject = [`sub_${id.slice('cus_'.length)}`];
    const key = 'select wrapped from privacy.subject_keys where id = $1';
    const backup = (await parts.database.query<{ wrapped: Buffer }>(key, subject)).rows;
    await http.when({ method: 'DELETE', path: `/v1/customers/${id}` }).thenAccepted();
    for (let n = 0; ; n += 1) {
      const { rows } = await parts.database.query<{ behind: string }>(applied, [`journal-${journal}`]);
      const erased = await parts.live.query('select from read.erasures where subject_id = $1', subject);
      if (rows[0]?.behind === '0' && erased.rowCount === 1) break;
      if (n === 300) throw new Error('the read models stay behind');
      await delay(100);
    }
    await parts.database.query('update privacy.subject_keys set wrapped = $2 where id = $1', [
      ...subject,
      backup[0]?.wrapped,
    ]);
    const found = await verify([], async (sql) => {
      expect((await sql.query(key, subject)).rows).toEqual(backup);
    });
    expect(found).toBeUndefined();
  });
});

const applied = `
  select exists (select from writer.heads where stream = $1 and is_live) as checkpointed,
         (select count(*) from read.checkpoints c join store.streams s on s.name = c.stream
           where c.stream = $1 and c.revision <> s.revision) as behind`;
