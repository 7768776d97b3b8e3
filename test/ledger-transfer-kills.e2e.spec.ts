import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

/** TRANSFER_KILLS: how often the process is killed; each takes some four seconds. */
const kills = Number(process.env['TRANSFER_KILLS'] ?? 2);
jest.setTimeout(120_000 + kills * 30_000);

type Json = Readonly<Record<string, unknown>>;
/** Half of those that are told before, and half of those that are told after a kill. */
const isReceived = (index: number): boolean => index % 4 === 0 || index % 4 === 3;
const transit = 'ledger-transfers:transit:assets:USD';

describe('a process that is killed between the two ledgers of a transfer', () => {
  let folder: { readonly path: string; remove(): Promise<void> };
  let running: StandaloneProcess | undefined;
  let http: HttpSpec;
  let apiKey = '';

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
    await writeFile(keysFile(), '');
  });
  afterAll(async () => {
    await running?.stop();
    await folder?.remove();
  });

  /** Where the processes keep whose transfers have killed one of them. */
  const keysFile = (): string => path.join(folder.path, 'killed-keys');
  const killed = async (): Promise<number> => (await readFile(keysFile(), 'utf8')).split('\n').length - 1;
  const run = async (when: 'before' | 'after' | 'never'): Promise<void> => {
    running = await startStandaloneProcess({
      dataFolder: path.join(folder.path, 'data'),
      environment: {
        TRANSFER_KILL: when,
        TRANSFER_KILLED: keysFile(),
        NODE_OPTIONS: `--require ${path.resolve(__dirname, 'support', 'transfer-kill-in-process.cjs')}`,
      },
    });
    apiKey = running.apiKey || apiKey;
    http = new HttpSpec(running.url, apiKey, '');
  };
  /** As the answer is once the read models have it. */
  const get = async (url: string): Promise<Json> => {
    for (;;) {
      const { status, json } = await http.send({ method: 'GET', path: url });
      if (status === 200) return json;
      if (status !== 503) throw new Error(`${url}: ${status} ${JSON.stringify(json)}`);
      await delay(100);
    }
  };
  const post = async (url: string, body: object): Promise<Json> =>
    (await http.when({ path: url, body }).thenAccepted()).json;
  const newLedger = async (): Promise<string> => {
    const id = String((await post('/v1/ledgers', { name: 'Books' }))['id']);
    for (const [address, type] of Object.entries({ cash: 'asset', own: 'equity' }))
      await post(`/v1/ledgers/${id}/accounts`, { address, type, currency: 'USD' });
    const funded = { debit_account: 'cash', credit_account: 'own', amount: '1000000', currency: 'USD' };
    await post(`/v1/ledgers/${id}/transfers`, funded);
    return id;
  };

  it(`loses and doubles none, whatever the other ledger had booked by then, ${kills} times`, async () => {
    await run('never');
    const [from, to] = [await newLedger(), await newLedger()];
    const balanceOf = async (ledger: string, account: string): Promise<bigint> => {
      const { posted } = await get(`/v1/ledgers/${ledger}/accounts/${account}/balance`);
      return BigInt(String((posted as Json)['balance']));
    };
    const send = (index: number) => {
      const account = isReceived(index) ? 'cash' : 'none';
      const body = { from: { ledger: from, account: 'cash' }, to: { ledger: to, account } };
      const headers = { 'idempotency-key': `funding-${index}` };
      return http.send({
        ...{ path: '/v1/ledger_transfers', headers },
        body: { ...body, amount: String(index + 1), currency: 'USD' },
      });
    };
    await running?.kill();
    for (let index = 0; index < kills; index += 1) {
      await run(index % 2 === 0 ? 'before' : 'after');
      // Its answer may be there before it dies, or not.
      while ((await killed()) === index) await send(index).catch(() => undefined);
      await running?.kill();
    }
    await run('never');
    let sum = 0n;
    for (let index = 0; index < kills; index += 1) {
      const { json, status } = await send(index);
      expect([status, json['status']]).toEqual([201, 'pending']);
      let transfer = json;
      while (transfer['status'] === 'pending') {
        transfer = await get(`/v1/ledger_transfers/${String(json['id'])}`);
        await delay(50);
      }
      expect(transfer['status']).toBe(isReceived(index) ? 'settled' : 'reversed');
      if (transfer['status'] === 'settled') sum += BigInt(index + 1);
    }
    const { data } = await get('/v1/ledger_transfers?limit=100');
    expect(data).toHaveLength(Math.min(kills, 100));
    expect([await balanceOf(from, 'cash'), await balanceOf(to, 'cash')]).toEqual([
      1_000_000n - sum,
      1_000_000n + sum,
    ]);
    expect([await balanceOf(from, transit), await balanceOf(to, transit)]).toEqual([sum, -sum]);
    const metrics = await documentedFetch(`${running?.url}/metrics`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    const text = await metrics.text();
    for (const name of ['open', 'oldest_open_seconds', 'transit_differences'])
      expect(text).toMatch(new RegExp(`^ledger_transfers_${name} 0$`, 'm'));
    for (const ledger of [from, to])
      expect(await get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
  });
});
