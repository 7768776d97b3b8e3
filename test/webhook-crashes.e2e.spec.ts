import { WebhookVerifier } from '@fintech-ledger/webhook-verifier';
import { seededRandom } from '@fintech-ledger/testing';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { DistributedSet } from './support/distributed-set';
import { LedgerClient } from './support/ledger-client';
import {
  buildStandalone,
  embeddedPostgresPid,
  startStandaloneProcess,
  temporaryFolder,
} from './support/standalone-process';
import { seedOf } from '../libs/testing/seed';

const seed = seedOf('CRASH_SEED');
/** Of each product; 50 in all before a release. */
const rounds = Number(process.env['WEBHOOK_CRASH_ROUNDS'] ?? 4);
const environment = { WEBHOOK_ALLOWED_CIDRS: '127.0.0.1/32' };
const catchUpMsMax = 90_000;
/** Nothing more comes when nothing has come for so long. */
const silentMsMax = 30_000;
/** Between two posts of a client. */
const loadMs = 25;

jest.setTimeout(120_000 + rounds * 30_000 + catchUpMsMax);

/** A product that can be killed in parts. */
interface Product {
  readonly url: () => string;
  readonly apiKey: string;
  readonly victims: readonly string[];
  /** kill -9, and another one in its place. */
  kill(victim: string): Promise<void>;
  log(): string;
  close(): Promise<void>;
}

async function embedded(): Promise<Product> {
  buildStandalone();
  const folder = await temporaryFolder();
  const start = () => startStandaloneProcess({ dataFolder: folder.path, environment });
  let standalone = await start();
  const { apiKey } = standalone;
  return {
    url: () => standalone.url,
    apiKey,
    victims: ['process', 'postgres'],
    async kill(victim) {
      if (victim === 'process') {
        await standalone.kill();
        standalone = await start();
        return;
      }
      const postgres = await embeddedPostgresPid(folder.path);
      if (postgres === undefined) throw new Error('the embedded Postgres does not run');
      process.kill(postgres, 'SIGKILL');
    },
    log: () => standalone.log(),
    async close() {
      await standalone.stop();
      await folder.remove();
    },
  };
}

async function distributed(): Promise<Product> {
  const changes = { api: environment, dispatcher: environment };
  const set = await DistributedSet.start({ changes: () => Promise.resolve(changes) });
  await set.add('dispatcher');
  return {
    url: () => set.client.url,
    apiKey: set.apiKey,
    victims: ['dispatcher', 'projector-1'],
    async kill(victim) {
      await set.apps.get(victim)?.kill();
      await set.add(victim);
    },
    log: () => set.logs(),
    close: () => set.close(),
  };
}

interface Message {
  readonly id: string;
  readonly sequence: number;
  readonly position: string;
  readonly body: string;
}

describe.each([
  ['embedded', embedded],
  ['distributed', distributed],
] as const)('webhooks of the %s product', (_name, open) => {
  const random = seededRandom(seed);
  const received = new Map<string, Message[]>();
  const secrets = new Map<string, string>();
  let server: Server;
  let receiver = '';
  let product: Product;
  let key = '';
  let ledger = '';

  const at = (path: string): readonly Message[] => received.get(path) ?? [];
  const client = () => new LedgerClient(product.url(), key, 8, 5_000);

  async function post<T>(path: string, body: object, idempotencyKey?: string): Promise<T> {
    for (const deadline = Date.now() + catchUpMsMax; ; await delay(50)) {
      const asked = client();
      const reply = await asked.post(path, body, idempotencyKey).catch(() => undefined);
      await asked.close();
      if (reply !== undefined && reply.status < 300) return JSON.parse(reply.text) as T;
      const isOver = Date.now() > deadline || (reply !== undefined && reply.status < 500);
      if (isOver) throw new Error(`${path}: ${reply?.text ?? 'no answer'}\n${product.log()}`);
    }
  }

  /** Every process follows the keys; a new one is no key of any before that. */
  async function untilKnown(): Promise<void> {
    const asked = client();
    for (const deadline = Date.now() + catchUpMsMax; ; await delay(50)) {
      const { status, text } = await asked.ask('/v1/ledgers');
      if (status === 200) break;
      if (Date.now() > deadline) throw new Error(`the key is not known: ${text}`);
    }
    await asked.close();
  }

  beforeAll(async () => {
    console.info(`webhooks under kills: CRASH_SEED=${seed} WEBHOOK_CRASH_ROUNDS=${rounds}`);
    server = createServer((request, response) => {
      void buffer(request).then((body) => {
        const path = request.url ?? '';
        const { id, event } = new WebhookVerifier(secrets.get(path) ?? '').verify(body, request.headers);
        const { sequence, position } = event as unknown as { sequence: number; position: string };
        const known = received.get(path) ?? [];
        known.push({ id, sequence, position, body: String(body) });
        received.set(path, known);
        response.writeHead(204).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    receiver = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    product = await open();
    key = product.apiKey;
    key = (await post<{ api_key: string }>('/v1/sandboxes', { name: 'hooks' })).api_key;
    await untilKnown();
    ledger = (await post<{ id: string }>('/v1/ledgers', { name: 'killed' })).id;
    for (const address of ['a', 'b'])
      await post(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
    for (const ordering of ['none', 'strict']) {
      const path = `/${ordering}`;
      const body = { url: `${receiver}${path}`, event_types: ['transaction.posted'], ordering };
      secrets.set(path, (await post<{ secret: string }>('/v1/webhook_endpoints', body)).secret);
    }
  });
  afterAll(async () => {
    await product?.close();
    server?.closeAllConnections();
    server?.close();
  });

  it(`are each delivered, in order where it was asked for, whatever is killed (seed ${seed})`, async () => {
    const positions: string[] = [];
    let isOver = false;
    const transfer = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };
    const load = async (worker: number): Promise<void> => {
      for (let n = 0; !isOver; n += 1) {
        const to = `/v1/ledgers/${ledger}/transfers`;
        positions.push((await post<{ position: string }>(to, transfer, `kill-${worker}-${n}`)).position);
        // What is sent one after the other is to keep up on a busy machine.
        await delay(loadMs);
      }
    };
    const loads = [1, 2, 3].map(load);
    /** Whatever was killed: so many more are booked. */
    const untilPosted = async (more: number): Promise<void> => {
      const wanted = positions.length + more;
      for (const deadline = Date.now() + catchUpMsMax; positions.length < wanted; await delay(20))
        if (Date.now() > deadline) throw new Error(`nothing is booked any more\n${product.log()}`);
    };
    for (let round = 0; round < rounds; round += 1) {
      await untilPosted(5);
      await delay(random() * 1_000);
      await product.kill(product.victims[round % product.victims.length] ?? '');
    }
    await untilPosted(20);
    isOver = true;
    await Promise.all(loads);
    const missing = (path: string): readonly string[] => {
      const told = new Set(at(path).map(({ position }) => position));
      return positions.filter((position) => !told.has(position));
    };
    const paths = ['/none', '/strict'];
    // As long as more of them come.
    let left = Infinity;
    for (let deadline = Date.now() + silentMsMax; left > 0 && Date.now() < deadline; await delay(250)) {
      const now = paths.reduce((sum, path) => sum + missing(path).length, 0);
      if (now < left) deadline = Date.now() + silentMsMax;
      left = now;
    }
    for (const path of paths) {
      expect([path, missing(path)]).toEqual([path, []]);
      const told = at(path);
      // Nothing that was not booked, each under one id and in one body, numbered without a gap.
      expect(new Set(told.map(({ position }) => position))).toEqual(new Set(positions));
      expect(new Set(told.map(({ id, body }) => `${id} ${body}`)).size).toBe(positions.length);
      const sequences = [...new Set(told.map(({ sequence }) => sequence))].sort((a, b) => a - b);
      expect(sequences).toEqual(positions.map((_, n) => n + 1));
      // What comes twice was under way, or had just been sent, when something was killed.
      expect(told.length - positions.length).toBeLessThanOrEqual(rounds * 200);
    }
    // In order, but for what came again.
    const firsts = [...new Map(at('/strict').map((one) => [one.sequence, one])).keys()];
    expect(firsts).toEqual(firsts.map((_, n) => n + 1));
    const revisions = firsts.map((sequence) => {
      const message = at('/strict').find((one) => one.sequence === sequence);
      return Number(message?.position.split('@')[1]);
    });
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    console.info(
      `${positions.length} events; twice: ${paths.map((path) => at(path).length - positions.length).join(', ')}`,
    );
  });
});
