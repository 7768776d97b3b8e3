import type { Database } from '@fintech-ledger/postgres';
import { execFile } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openEmbedded } from './support/embedded-database';
import { apiOperations } from './support/fuzz/api-operations';
import { HttpSpec } from './support/http-spec';
import { openSampleBooks, transferOf } from './support/refusals/sample-books';
import type { SampleBooks } from './support/refusals/sample-books';
import { sampleOf } from './support/refusals/samples';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(240_000);

/** A reader that has not looked for so long which side is live looks before it reads. */
const lookMsMax = 5_000;

// Whatever reads a read model reads the side of it that is live. Once all are swapped and the tables of the other side
// are gone, a reader that was not given `liveTables` fails.
describe('after all read models were swapped, and the old tables are gone', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let http: HttpSpec;
  let books: SampleBooks;
  let database: Database;
  const before = new Map<string, number>();

  const get = async (address: string): Promise<Readonly<Record<string, unknown>>> =>
    (await http.send({ method: 'GET', path: address })).json;
  const rowsOf = async (address: string) =>
    (await get(address))['data'] as readonly Readonly<Record<string, unknown>>[];

  /** The status of each operation that only reads, with an address at which there is something. */
  async function statuses(): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const { method, operationId, path: template } of apiOperations) {
      // A stream of events has no end.
      if (method !== 'GET' || operationId === 'streamEvents') continue;
      const { path: address, query = '' } = sampleOf(operationId, template, books);
      found.set(
        operationId,
        (await http.send({ method, path: `${address}?${query}`.replace(/[?&]$/, '') })).status,
      );
    }
    return found;
  }

  async function swapAll(): Promise<void> {
    const names = (await rowsOf('/v1/projections')).map(({ name }) => String(name));
    const begun = new Map<string, string>();
    for (const name of names) {
      const { status, json } = await http.send({
        path: `/v1/projections/${name}/rebuilds`,
        body: { auto_swap: true },
      });
      if (status === 201) begun.set(name, String(json['id']));
    }
    expect(begun.size).toBeGreaterThan(8);
    for (const [name, id] of begun) {
      const at = `/v1/projections/${name}/rebuilds/${id}`;
      let rebuild = await get(at);
      for (let n = 0; n < 1_200 && rebuild['state'] !== 'swapped' && rebuild['problem'] === null; n += 1) {
        await delay(50);
        rebuild = await get(at);
      }
      expect(rebuild).toMatchObject({ state: 'swapped', problem: null, verification: { matches: true } });
    }
    // Nobody keeps the old tables up to date from now on.
    for (const [name, id] of begun)
      expect((await http.send({ path: `/v1/projections/${name}/rebuilds/${id}/drop` })).status).toBe(200);
    await untilLeft();
  }

  /** Until nobody takes the old tables for live ones any more, and every statement that did so has ended. */
  async function untilLeft(): Promise<void> {
    await delay(lookMsMax);
    const { rows } = await database.query<{ now: Date }>('select clock_timestamp() as now');
    const old = `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and xact_start < $1`;
    for (let n = 0; n < 600; n += 1, await delay(50)) {
      const { rows: found } = await database.query<{ count: number }>(old, [rows[0]?.now]);
      if (found[0]?.count === 0) return;
    }
    throw new Error('statements on the old tables do not end');
  }

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
    standalone = await startStandaloneProcess({
      dataFolder: folder.path,
      environment: { WEBHOOK_ALLOWED_CIDRS: '127.0.0.0/8' },
    });
    http = new HttpSpec(standalone.url, standalone.apiKey, '');
    books = await openSampleBooks(http);
    database = await openEmbedded(folder.path);
    for (const [operation, status] of await statuses()) before.set(operation, status);
    await swapAll();
    const { rows } = await database.query<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'read_b'::regnamespace and relkind = 'r'`,
    );
    for (const { relname } of rows)
      await database.query(`alter table read.${relname} rename to gone_${relname}`);
    expect(rows.length).toBeGreaterThan(12);
  });
  afterAll(async () => {
    await database?.close();
    await standalone?.stop();
    await folder?.remove();
  });

  it('all operations that read answer as before', async () => {
    expect(before.size).toBeGreaterThan(25);
    expect([...before.values()].filter((status) => status === 200).length).toBeGreaterThan(20);
    expect(await statuses()).toEqual(before);
  });

  it('commands are taken, and read by whoever wrote', async () => {
    const at = `/v1/ledgers/${books.ledger}`;
    const { status, json } = await http.send({
      path: `${at}/transfers`,
      body: transferOf('cash', 'sales', '3'),
    });
    expect(status).toBe(201);
    expect(await get(`${at}/transactions/${String(json['id'])}`)).toMatchObject({ status: 'posted' });
    expect(await get(`${at}/trial-balance`)).toMatchObject({ balanced: true });
    expect((await http.send({ path: '/v1/ledgers', body: { name: 'later' } })).status).toBe(201);
  });

  it('webhooks are made and sent', async () => {
    const { json } = await http.send({
      path: '/v1/webhook_endpoints',
      body: { url: 'https://127.0.0.1:9/hook', event_types: ['transaction.posted'] },
    });
    await http.send({
      path: `/v1/ledgers/${books.ledger}/transfers`,
      body: transferOf('cash', 'sales', '4'),
    });
    const deliveries = `/v1/webhook_endpoints/${String(json['id'])}/deliveries`;
    let made = await rowsOf(deliveries);
    for (let n = 0; n < 400 && Number(made[0]?.['attempts_made'] ?? 0) === 0; n += 1) {
      await delay(50);
      made = await rowsOf(deliveries);
    }
    expect(made[0]).toMatchObject({ type: 'transaction.posted', attempts_made: 1 });
  });

  it('health and metrics find nothing wrong, and ledgerctl verifies the store', async () => {
    const ready = await get('/health/ready');
    expect(ready).toMatchObject({ status: 'ok', checks: { database: 'ok' } });
    const main = path.resolve(__dirname, '../dist/apps/ledgerctl/src/main.js');
    const { stdout } = await promisify(execFile)(process.execPath, [main, 'verify'], {
      env: { ...process.env, LEDGER_URL: standalone.url, LEDGER_API_KEY: standalone.apiKey },
    });
    expect(stdout).toMatch(/all \d+ ledgers hold/);
  });
});
