import { apiKeyHmac } from '@fintech-ledger/access';
import { apiKeyIdBytes, formatApiKey, newApiKeyId } from '@fintech-ledger/access/domain';
import { HttpForwarder } from '@fintech-ledger/command-transport';
import { organizationStream } from '@fintech-ledger/envelope';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from './support/free-port';
import { HttpSpec } from './support/http-spec';
import { neighbours } from './support/neighbours';
import type { Expensive } from './support/neighbours';
import { until } from './support/readiness';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

// One organization sends its most expensive legal requests, 64 at a time; another one posts and reads. How fast that is, `npm run bench -- neighbours`
// measures; here it is asked what is no time: that the other one is answered, and that memory is bounded.
jest.setTimeout(600_000);

const pepper = 'a pepper of at least 32 characters';
const attackers = 64;
const attacks = 128;
const victimsRequests = 30;
const residentMbMax = 2_000;

const { anotherOrganization, attack, expensiveRequests, openBooks } = neighbours;
const document = JSON.parse(
  readFileSync(path.resolve(__dirname, '../schemas/openapi.json'), 'utf8'),
) as object;
const nobody = {
  ledger: 'led_x',
  transaction: 'txn_x',
  apiKey: 'key_x',
  sandbox: 'sbx_x',
  accounts: ['a'],
  moment: '',
};
const all = expensiveRequests(document, nobody);
/** The first operation of each class. */
const oneOfEach = [...new Map([...all].reverse().map((one) => [one.costClass, one.operationId])).values()];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let standalone: StandaloneProcess;
let victim: HttpSpec;
let ledger: string;
let neighboursKey: string;
let requests: ReadonlyMap<string, Expensive>;

beforeAll(async () => {
  buildStandalone();
  folder = await temporaryFolder();
  const writerPort = await freePort();
  standalone = await startStandaloneProcess({
    dataFolder: folder.path,
    environment: { API_KEY_PEPPER: pepper, WRITER_PORT: String(writerPort) },
  });
  victim = new HttpSpec(standalone.url, standalone.apiKey, '');
  ledger = String((await good(victim, '/v1/ledgers', { name: 'victim' }))['id']);
  for (const address of ['debit', 'credit'])
    await good(victim, `/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
  const library = {
    HttpForwarder,
    apiKeyHmac,
    apiKeyIdBytes,
    formatApiKey,
    newApiKeyId,
    organizationStream,
  };
  neighboursKey = await anotherOrganization(library, { writerPort, pepper });
  const neighbour = new HttpSpec(standalone.url, neighboursKey, '');
  await until('the key of the neighbour', async () => {
    const { status } = await neighbour.send({ method: 'GET', path: '/v1/ledgers?limit=1' });
    return status === 200;
  });
  const ask = (to: string, body?: object) => good(neighbour, to, body);
  const books = await openBooks(ask, { accounts: 50, transactions: 5_000 });
  const expensive = expensiveRequests(document, books);
  requests = new Map(expensive.map((one) => [one.operationId, one]));
});
afterAll(async () => {
  await standalone?.stop();
  await folder?.remove();
});

async function good(http: HttpSpec, to: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
  const method = body === undefined ? 'GET' : 'POST';
  const answer = await http.send({ method, path: to, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(`${to}: ${answer.status} ${JSON.stringify(answer.json)}`);
  return answer.json;
}

/** Posts and reads, one after the other; the statuses. */
async function post(): Promise<readonly number[]> {
  const statuses: number[] = [];
  const transfer = { debit_account: 'debit', credit_account: 'credit', amount: '1', currency: 'USD' };
  for (let count = 0; count < victimsRequests; count += 1) {
    const at = `/v1/ledgers/${ledger}`;
    statuses.push((await victim.send({ path: `${at}/transfers`, body: transfer })).status);
    const headers = { 'ledger-consistency': 'eventual' };
    const read = { method: 'GET', path: `${at}/accounts/debit/balance`, headers } as const;
    statuses.push((await victim.send(read)).status);
  }
  return statuses;
}

async function residentMb(): Promise<number> {
  const status = await readFile(`/proc/${standalone.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

it('knows an operation of each class', () => {
  const classes = ['stream', 'import', 'export', 'bulk', 'command', 'expensive', 'list', 'read'];
  expect([...new Set(all.map(({ costClass }) => costClass))].sort()).toEqual(classes.sort());
});

it.each(oneOfEach)('%s of one organization keeps no other one from being answered', async (operationId) => {
  const expensive = requests.get(operationId);
  if (expensive === undefined) throw new Error(`${operationId} is not in the document`);
  const ending = new AbortController();
  const attacking = attack(standalone.url, neighboursKey, expensive.request, {
    connections: attackers,
    count: attacks,
    signal: ending.signal,
  });
  const statuses = await post();
  // What has no end is ended; the rest is answered to its end.
  if (expensive.costClass === 'stream') ending.abort();
  const answered = Object.keys(await attacking);
  expect(new Set(statuses)).toEqual(new Set([201, 200]));
  for (const status of answered)
    expect(['200', '201', '400', '404', '409', '422', '429', '503']).toContain(status);
  expect(await residentMb()).toBeLessThan(residentMbMax);
});
