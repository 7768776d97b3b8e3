import { connect } from '@fintech-ledger/postgres';
import { startEventStoreDbServer, tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LedgerClient } from './support/ledger-client';
import type { Reply } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';
import { documentedFetch } from './support/documented-fetch';

jest.setTimeout(180_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(buildStandalone);
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await folder.remove();
});

async function serverOn(dataFile?: string): Promise<EventStoreDbServer> {
  const server = await startEventStoreDbServer(dataFile === undefined ? {} : { dataFile });
  closers.push(() => server.close());
  return server;
}

async function newDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  closers.push(() => database.drop());
  return database;
}

interface Started {
  readonly process: StandaloneProcess;
  readonly client: LedgerClient;
  stop(): Promise<void>;
}

async function start(
  database: TestDatabase,
  eventStoreUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const name = database.url.replace(/.*\/|\?.*/g, '');
  const process = await startStandaloneProcess({
    dataFolder: path.join(folder.path, name),
    environment: { DATABASE_URL: database.url, EVENT_STORE_URL: eventStoreUrl, ...environment },
  });
  const client = new LedgerClient(process.url, process.apiKey);
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await client.close();
    await process.stop();
  };
  closers.push(stop);
  return { process, client, stop };
}

async function query<T extends object>(database: TestDatabase, sql: string): Promise<readonly T[]> {
  const db = connect({ connectionString: database.url, max: 1, statementTimeoutMs: 30_000 });
  try {
    return (await db.query<T>(sql)).rows;
  } finally {
    await db.close();
  }
}

const heads = (database: TestDatabase) =>
  query(database, 'select stream, revision from writer.heads where revision >= 0 order by stream');

interface Health {
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
}

async function ready({ process }: Started): Promise<{ statusCode: number; health: Health }> {
  const headers = { authorization: `Bearer ${process.apiKey}` };
  const answer = await documentedFetch(`${process.url}/health/ready`, { headers });
  return { statusCode: answer.status, health: (await answer.json()) as Health };
}

async function untilReady(started: Started, status: number): Promise<Health> {
  for (const deadline = Date.now() + 60_000; ; await delay(50)) {
    const { statusCode, health } = await ready(started);
    if (statusCode === status) return health;
    if (Date.now() > deadline) throw new Error(`it is ${statusCode}: ${JSON.stringify(health)}`);
  }
}

/** A ledger with two accounts. */
async function openLedger(client: LedgerClient): Promise<string> {
  const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'main' }, 'ledger');
  for (const address of ['a', 'b']) {
    const account = { address, type: 'asset', currency: 'USD', min_balance: null };
    await client.accepted(`/v1/ledgers/${id}/accounts`, account, `account-${address}`);
  }
  return id;
}

const transfer = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };

describe('two installations on one EventStoreDB', () => {
  it('do not read each other’s events, and a fresh one’s key works as soon as it says "ready"', async () => {
    const server = await serverOn();
    // Of an installation from before there were prefixes, and of others: more than is read in the time of a start, and nothing that can be read.
    const foreign = Array.from({ length: 30_000 }, (_, index) => ({
      id: crypto.randomUUID(),
      type: 'Unheard',
      contentType: 'application/json',
      data: new TextEncoder().encode(`{"n":${index}}`),
      metadata: new Uint8Array(),
    }));
    for (const stream of ['journal-led_foreign', 'fl_aaaaaaaa-journal-led_foreign', 'org-foreign'])
      server.log.append(stream, 'any', foreign);
    const first = await start(await newDatabase(), server.url);
    const second = await start(await newDatabase(), server.url);
    for (const { client } of [first, second]) {
      expect(await client.ask('/v1/ledgers')).toMatchObject({ status: 200 });
      const ledger = await openLedger(client);
      expect(await client.post(`/v1/ledgers/${ledger}/transfers`, transfer)).toMatchObject({ status: 201 });
      const ledgers = await client.get<{ data: readonly { id: string }[] }>('/v1/ledgers');
      expect(ledgers.data.map(({ id }) => id)).toEqual([ledger]);
      const { data } = await client.get<{ data: readonly { state: string }[] }>('/v1/projections');
      expect(new Set(data.map(({ state }) => state))).toEqual(new Set(['running']));
    }
    const prefixes = new Set(
      server.log.records.map(
        ({ stream }) => /^(fl_[a-z2-7]{8}-)(journal-|org-|installation$)/.exec(stream)?.[1],
      ),
    );
    prefixes.delete(undefined);
    expect(prefixes.size).toBe(3);
  });
});

describe('a store that is another one', () => {
  it.each(['empty', 'of another installation'])(
    '%s: nothing is written, checkpoints are kept',
    async (kind) => {
      const [server, wrong, database] = [await serverOn(), await serverOn(), await newDatabase()];
      if (kind !== 'empty') await (await start(await newDatabase(), wrong.url)).stop();
      const before = await start(database, server.url);
      const ledger = await openLedger(before.client);
      const post = () => before.client.post(`/v1/ledgers/${ledger}/transfers`, transfer, 'once');
      const answered = await post();
      expect(answered.status).toBe(201);
      await before.stop();
      const known = await heads(database);
      // Of the ledger, of the organization, and of its sandbox.
      expect(known).toHaveLength(3);
      const records = wrong.log.records.length;

      const misled = await start(database, wrong.url);
      expect(await untilReady(misled, 503)).toMatchObject({
        checks: { store: expect.stringMatching(/EVENT_STORE_URL/) },
      });
      for (const attempt of [
        misled.client.post(`/v1/ledgers/${ledger}/transfers`, transfer),
        misled.client.post(`/v1/ledgers/${ledger}/transfers`, transfer, 'once'),
        misled.client.post('/v1/ledgers', { name: 'new' }),
        misled.client.ask(`/v1/ledgers/${ledger}/events`),
      ]) {
        expect((await attempt).status).toBe(503);
      }
      expect(misled.process.log()).toContain('ALARM: the event store is not the one of this installation');
      await misled.stop();
      expect(wrong.log.records).toHaveLength(records);
      expect(await heads(database)).toEqual(known);

      const back = await start(database, server.url);
      const again = await back.client.post(`/v1/ledgers/${ledger}/transfers`, transfer, 'once');
      expect(again).toMatchObject({ status: 201, text: answered.text, isReplayed: true });
      await untilReady(back, 200);
    },
  );

  it('is noticed while running, after a reconnect, and so is the right one', async () => {
    const [server, wrong, database] = [await serverOn(), await serverOn(), await newDatabase()];
    const proxy: TcpProxy = await tcpProxy(server.url);
    closers.push(() => proxy.close());
    const running = await start(database, proxy.url);
    const ledger = await openLedger(running.client);
    proxy.moveTo(wrong.url);
    expect(await untilReady(running, 503)).toMatchObject({
      checks: { store: expect.stringMatching(/is empty/) },
    });
    // Neither a new ledger (its stream would be at home nowhere) nor a known one.
    expect((await running.client.post('/v1/ledgers', { name: 'new' })).status).toBe(503);
    expect((await running.client.post(`/v1/ledgers/${ledger}/transfers`, transfer)).status).toBe(503);
    expect(wrong.log.records.filter(({ stream }) => !stream.startsWith('$'))).toEqual([]);
    proxy.moveTo(server.url);
    await untilReady(running, 200);
    // The writer looks for itself when a store that was unavailable is back.
    const again = (): Promise<Reply> =>
      running.client.post(`/v1/ledgers/${ledger}/transfers`, transfer, 'again');
    for (const deadline = Date.now() + 60_000; (await again()).status !== 201; await delay(100))
      if (Date.now() > deadline) throw new Error('it is not written again');
  });
});

describe('an installation from before there were identities', () => {
  /** As it was left by a version that knew neither prefix nor identity. */
  async function older(): Promise<{ database: TestDatabase; file: string; ledger: string; answer: string }> {
    const file = path.join(folder.path, 'log');
    const [server, database] = [await startEventStoreDbServer({ dataFile: file }), await newDatabase()];
    const started = await start(database, server.url, { STREAM_PREFIX: 'none' });
    const ledger = await openLedger(started.client);
    const { text } = await started.client.post(`/v1/ledgers/${ledger}/transfers`, transfer, 'once');
    await started.stop();
    await server.close();
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, lines.filter((line) => !line.includes('"stream":"installation"')).join('\n'));
    await query(database, `update meta.installation set is_in_store = false`);
    return { database, file, ledger, answer: text };
  }

  it('keeps the empty prefix and its keys, and its store is marked', async () => {
    const { database, file, ledger, answer } = await older();
    const server = await serverOn(file);
    const upgraded = await start(database, server.url);
    const again = await upgraded.client.post(`/v1/ledgers/${ledger}/transfers`, transfer, 'once');
    expect(again).toMatchObject({ status: 201, text: answer, isReplayed: true });
    const marks = server.log.records.filter(({ stream }) => stream === 'installation');
    expect(marks.map(({ type }) => type)).toEqual(['InstallationCreated']);
  });

  it('does not mark a store that is empty, or older than what the database knows', async () => {
    const { database, file } = await older();
    const olderFile = path.join(folder.path, 'older');
    await copyFile(file, olderFile);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await writeFile(olderFile, `${lines.slice(0, -1).join('\n')}\n`);
    for (const server of [await serverOn(), await serverOn(olderFile)]) {
      const started = await start(database, server.url);
      expect(await untilReady(started, 503)).toMatchObject({
        checks: { store: expect.stringMatching(/does not have what the database knows.*ledgerctl recover/) },
      });
      await started.stop();
      expect(server.log.records.filter(({ stream }) => stream === 'installation')).toEqual([]);
    }
  });
});
