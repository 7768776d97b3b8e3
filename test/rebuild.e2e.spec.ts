import type { Database } from '@fintech-ledger/postgres';
import { seededRandom } from '@fintech-ledger/testing';
import { execFile } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openEmbedded } from './support/embedded-database';
import { LedgerClient } from './support/ledger-client';
import type { Reply } from './support/ledger-client';
import { positionOf, SmallLedger } from './support/small-ledger';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';
import { seedOf } from '../libs/testing/seed';

jest.setTimeout(300_000);

interface Rebuild {
  readonly id: string;
  readonly state: string;
  readonly done: number;
  readonly problem: string | null;
  readonly verification: { readonly matches: boolean | null; readonly content_hash: string } | null;
}

const seed = seedOf('CRASH_SEED');
const names = ['accounts', 'entries'];

describe(`rebuilds of a product that is killed (CRASH_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let product: StandaloneProcess;
  let client: LedgerClient;
  let database: Database;

  beforeAll(buildStandalone);
  beforeAll(async () => {
    folder = await temporaryFolder();
    await start();
    database = await openEmbedded(folder.path);
  });
  afterAll(async () => {
    await database.close();
    await client.close();
    await product.stop();
    await folder.remove();
  });

  async function start(): Promise<void> {
    product = await startStandaloneProcess({ dataFolder: folder.path });
    client = new LedgerClient(product.url, product.apiKey);
  }
  const ended = async (name: string, id: string): Promise<Rebuild> => {
    for (const deadline = Date.now() + 120_000; ;) {
      const rebuild = await client.get<Rebuild>(`/v1/projections/${name}/rebuilds/${id}`);
      const isEnd = ['swapped', 'failed', 'cancelled'].includes(rebuild.state);
      if (isEnd || rebuild.problem !== null) return rebuild;
      if (Date.now() > deadline) throw new Error(`it does not end: ${JSON.stringify(rebuild)}`);
      await sleep(100);
    }
  };

  it('go on after kill -9 at any moment, and come to the same rows; nothing is sent because of them', async () => {
    let ledger = await SmallLedger.open(client, 'rebuilt');
    let last = '';
    for (let round = 0; round < 30; round += 1) {
      const replies = await Promise.all(Array.from({ length: 40 }, () => ledger.transfer()));
      last = positionOf(replies.at(-1) as Reply);
    }
    const before = await ledger.balances(last);
    const messages = async (): Promise<string> =>
      String((await database.query('select count(*) as n from hooks.messages')).rows[0]?.['n']);
    const sentBefore = await messages();
    for (const name of names) {
      const { id } = await client.accepted<Rebuild>(`/v1/projections/${name}/rebuilds`, { auto_swap: true });
      for (let kills = 0; kills < 2; kills += 1) {
        await sleep(random() * 2_500);
        await product.kill();
        await client.close();
        await start();
        ledger = ledger.by(client);
        await ledger.transfer();
      }
      const rebuild = await ended(name, id);
      expect(rebuild).toMatchObject({ state: 'swapped', problem: null, verification: { matches: true } });
    }
    const after = JSON.parse(await ledger.balances()) as { readonly data?: unknown };
    expect(Object.keys(after)).toEqual(Object.keys(JSON.parse(before) as object));
    expect(await messages()).toBe(sentBefore);
    const metrics = await client.ask('/metrics');
    expect(metrics.text).toContain('ledger_rebuild_running{projection="accounts"} 0');
  });

  it('are begun, shown and rolled back from the command line', async () => {
    const ledgerctl = async (...parameters: readonly string[]): Promise<string> => {
      const main = path.resolve(__dirname, '../dist/apps/ledgerctl/src/main.js');
      const environment = { ...process.env, LEDGER_URL: product.url, LEDGER_API_KEY: product.apiKey };
      const run = promisify(execFile)(process.execPath, [main, 'rebuild', ...parameters], {
        env: environment,
      });
      return (await run.catch((error: unknown) => error as { stdout: string; stderr: string })).stdout;
    };
    expect(await ledgerctl('start', 'transactions', '--auto-swap')).toMatch(
      /^rbd_[a-f0-9]{24}\ttransactions\tswapped\tmatches\n$/,
    );
    expect(await ledgerctl('rollback', 'transactions')).toMatch(/\trolled_back\t/);
    expect(await ledgerctl('list', 'transactions')).toMatch(/^rbd_.*\trolled_back\tmatches\n$/);
    expect(await ledgerctl('drop', 'transactions')).toBe('');
  });
});
