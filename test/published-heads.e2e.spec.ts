import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './support/free-port';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';
import { repositoryRoot } from './support/up-process';

jest.setTimeout(180_000);

/** kill -9 of the whole product between two heads; 10 before a release. */
const kills = Number(process.env['HEAD_KILLS'] ?? 1);

interface Line {
  readonly ledger: string;
  readonly size: number;
}

describe('published heads of a product that is killed', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let product: StandaloneProcess | undefined;
  let [port, apiKey, books, kept] = [0, '', '', ''];
  const heads = (): string => path.join(folder.path, 'heads.ndjson');

  beforeAll(buildStandalone);
  afterAll(async () => {
    await product?.stop();
    await folder?.remove();
  });

  const start = async (environment: Readonly<Record<string, string>> = {}): Promise<LedgerClient> => {
    const dataFolder = path.join(folder.path, 'data');
    product = await startStandaloneProcess({ dataFolder, port, environment });
    if (product.apiKey !== '') apiKey = product.apiKey;
    return new LedgerClient(product.url, apiKey);
  };
  const created = async (client: LedgerClient, to: string, body: object): Promise<string> => {
    const { status, text } = await client.post(to, body);
    expect([to, status]).toEqual([to, 201]);
    return String((JSON.parse(text) as { id: unknown }).id);
  };
  const lines = (): readonly Line[] =>
    readFileSync(heads(), { encoding: 'utf8', flag: 'a+' })
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line)
      .filter(({ ledger }) => ledger === books);
  const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
    for (let n = 0; n < 600; n += 1) {
      if (await holds()) return;
      await delay(50);
    }
    throw new Error(`it does not come to be that ${what}: ${product?.log()}`);
  };
  const ledgerctl = (...parameters: readonly string[]): string => {
    const script = path.join(repositoryRoot, 'scripts', 'ledgerctl.mjs');
    const env = { ...process.env, LEDGER_URL: product?.url, LEDGER_API_KEY: apiKey };
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...parameters], {
      encoding: 'utf8',
      env,
    });
    expect([parameters, status, stderr]).toEqual([parameters, 0, stderr]);
    return stdout;
  };

  it('has each of them once, in a file and in another ledger, and an auditor without our libraries checks them', async () => {
    folder = await temporaryFolder();
    port = await freePort();
    let client = await start();
    books = await created(client, '/v1/ledgers', { name: 'books' });
    kept = await created(client, '/v1/ledgers', { name: 'kept' });
    for (const [address, type] of Object.entries({ cash: 'asset', sales: 'revenue' }))
      await created(client, `/v1/ledgers/${books}/accounts`, { address, type, currency: 'USD' });
    await client.close();
    await product?.stop();

    const environment = {
      AUDIT_HEADS_SECONDS: '1',
      AUDIT_HEADS_FILE: heads(),
      AUDIT_HEADS_LEDGER_URL: `http://127.0.0.1:${port}/v1/ledgers/${kept}`,
      AUDIT_HEADS_LEDGER_KEY: apiKey,
      WEBHOOK_ALLOWED_CIDRS: '127.0.0.1/32',
    };
    const body = { debit_account: 'cash', credit_account: 'sales', amount: '7', currency: 'USD' };
    for (let kill = 0; kill < kills; kill += 1) {
      client = await start(environment);
      const before = lines().length;
      await until('heads are published', async () => {
        await created(client, `/v1/ledgers/${books}/transfers`, body);
        return lines().length > before + 1;
      });
      await client.close();
      await product?.kill();
    }
    client = await start(environment);
    // By the journal: the Merkle log may not have yet what was stored right before the kill.
    let size = 0;
    for await (const _ of client.list(`/v1/ledgers/${books}/events`)) size += 1;
    await until('the last head is there', () => lines().at(-1)?.size === size);
    const sizes = lines().map((line) => line.size);
    expect(new Set(sizes).size).toBe(sizes.length);

    const list = `/v1/ledgers/${kept}/transactions?metadata[head_ledger]=${books}&limit=100`;
    type Page = { readonly data: readonly { readonly metadata: Readonly<Record<string, string>> }[] };
    const booked = async (): Promise<readonly number[]> =>
      (await client.get<Page>(list)).data.map(({ metadata }) => Number(metadata['head_size'])).toReversed();
    await until('the other ledger has them', async () => (await booked()).length > 0);
    expect(sizes).toEqual(expect.arrayContaining([...(await booked())]));
    expect(new Set(await booked()).size).toBe((await booked()).length);

    const [keys, file, other] = ['keys', 'books', 'booked'].map((name) => path.join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(keys, ledgerctl('audit', 'keys'));
    writeFileSync(other, ledgerctl('audit', 'booked-heads', '--ledger', kept, '--of', books));
    ledgerctl('export', '--ledger', books, '-o', file);
    const python = path.join(repositoryRoot, 'libs/ledger-verifier/python/ledger_verifier.py');
    const judged = (...parameters: readonly string[]) =>
      spawnSync('python3', [python, '--keys', keys, ...parameters], { encoding: 'utf8' });
    expect(judged('--heads', heads(), '--export', file)).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('the head is the newest that was published') as string,
    });
    const events = path.join(folder.path, 'events');
    const pages: string[] = [];
    for await (const event of client.list(`/v1/ledgers/${books}/events`)) pages.push(JSON.stringify(event));
    writeFileSync(events, `${pages.join('\n')}\n`);
    expect(judged('--heads', other, '--events', events)).toMatchObject({ status: 0, stderr: '' });
    await client.close();
  });
});
