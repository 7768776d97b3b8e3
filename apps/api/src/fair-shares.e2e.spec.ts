import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { requestLimitsDefault } from '@fintech-ledger/config';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { accepted, fakeWorld, issueKey, ledgerId, otherLedgerId } from '../../../test/support/api-fakes';
import type { FakeWorld } from '../../../test/support/api-fakes';
import { createApi } from './create-api';

const key = issueKey(['*'], 1);
const secondKey = issueKey(['*'], 2);
const otherKey = issueKey(['*'], 3, 'org_2');
const body = {
  entries: [
    { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
    { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
  ],
};

let store: MemoryEventStore;
let world: FakeWorld;
let app: NestFastifyApplication;

beforeEach(async () => {
  store = new MemoryEventStore();
  world = fakeWorld([key, secondKey, otherKey], store, {
    limits: {
      organization: {
        ...requestLimitsDefault,
        posts: { concurrency: 4, rate: 1_000, cost: 1_000 },
        queries: { concurrency: 100, rate: 1, cost: 1_000 },
        expensive: { concurrency: 100, rate: 1_000, cost: 1 },
        streams: { concurrency: 1, rate: 1_000, cost: 1_000 },
      },
      keyPercent: 75,
    },
  });
  app = await createApi(world);
  await app.listen(0, '127.0.0.1');
});
afterEach(async () => {
  expect(world.log.bugs).toEqual([]);
  await app.close();
  await store.close();
});

function send({ token }: { readonly token: string }, path: string, ledger = ledgerId, payload?: object) {
  const headers = { authorization: `Bearer ${token}` };
  const url = `/v1/ledgers/${ledger}${path}`;
  return payload === undefined
    ? app.inject({ method: 'GET', url, headers })
    : app.inject({ method: 'POST', url, headers, payload });
}
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a request beyond what its organization or its key may', () => {
  it('is answered 429 with when to come again, and others go on', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    world.gateway.answer = () => answered.then(() => accepted('{"id":"txn_1"}'));
    const running = [key, key, key, secondKey].map((by) => send(by, '/transactions', ledgerId, body));
    await until(() => world.gateway.submitted.length === 4);
    const refused = await send(key, '/transactions', ledgerId, body);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'retry-after': '1',
      ratelimit: '"key.posts.concurrency";r=0;t=1',
      'ratelimit-policy': '"key.posts.concurrency";q=3;qu="concurrent-requests"',
    });
    expect(refused.json()).toMatchObject({ code: 'too_many_requests', limit: 'key.posts.concurrency' });
    const second = await send(secondKey, '/transactions', ledgerId, body);
    expect(second.json()).toMatchObject({ code: 'too_many_requests', limit: 'posts.concurrency' });
    const other = send(otherKey, '/transactions', otherLedgerId, body);
    await until(() => world.gateway.submitted.length === 5);
    answer();
    for (const { statusCode } of await Promise.all([...running, other])) expect(statusCode).toBe(201);
    // What has ended has made room.
    expect((await send(key, '/transactions', ledgerId, body)).statusCode).toBe(201);
  });

  it('is told before what is left', async () => {
    const { statusCode, headers } = await send(key, '/transactions', ledgerId, body);
    expect(statusCode).toBe(201);
    expect(headers).toMatchObject({
      ratelimit: '"key.posts.concurrency";r=2;t=1, "posts.concurrency";r=3;t=1',
      'ratelimit-policy':
        '"key.posts.concurrency";q=3;qu="concurrent-requests", "posts.concurrency";q=4;qu="concurrent-requests"',
    });
  });

  it.each([
    ['rate', '/accounts/cash', 'key.queries.rate'],
    ['cost', '/trial-balance', 'key.expensive.cost'],
    ['cost', '/accounts/cash/balance?as_of=2026-01-01T00:00:00Z', 'key.expensive.cost'],
    ['cost', '/transactions?metadata[a]=b', 'key.expensive.cost'],
  ])('is refused for its %s: %s', async (_limit, path, limit) => {
    for (let count = 0; count < 2; count += 1) expect((await send(key, path)).statusCode).not.toBe(429);
    const refused = await send(key, path);
    expect(refused.json()).toMatchObject({ status: 429, limit });
    expect((await send(otherKey, path, otherLedgerId)).statusCode).not.toBe(429);
  });

  it('counts a stream as long as it is open', async () => {
    const url = `${await app.getUrl()}/v1/ledgers/${ledgerId}/events/stream`;
    const open = async () => {
      const asking = request(url, { agent: false, headers: { authorization: `Bearer ${key.token}` } }).end();
      const [response] = (await once(asking, 'response')) as [IncomingMessage];
      response.on('error', () => undefined);
      return { response, status: response.statusCode, leave: () => asking.destroy() };
    };
    const first = await open();
    expect(first.status).toBe(200);
    const refused = await open();
    const { limit } = JSON.parse(await text(refused.response)) as { limit?: string };
    expect({ status: refused.status, limit }).toEqual({ status: 429, limit: 'key.streams.concurrency' });
    first.leave();
    let again = await open();
    for (; again.status === 429; again = await open()) again.leave();
    expect(again.status).toBe(200);
    again.leave();
  });

  it('is none without an API key', async () => {
    for (let count = 0; count < 50; count += 1)
      expect((await app.inject({ method: 'GET', url: '/health/live' })).statusCode).toBe(200);
    const { statusCode, headers } = await app.inject({ method: 'GET', url: '/v1/ledgers' });
    expect({ statusCode, limit: headers['ratelimit'] }).toEqual({ statusCode: 401, limit: undefined });
  });
});
