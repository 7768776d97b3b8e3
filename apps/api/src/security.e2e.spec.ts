import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { renderPrometheus } from '@fintech-ledger/telemetry';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accepted, fakeWorld, issueKey, ledgerId } from '../../../test/support/api-fakes';
import type { FakeWorld } from '../../../test/support/api-fakes';
import { createApi } from './create-api';

const key = issueKey(['*'], 1);
const reader = issueKey(['ledger:read'], 2);
const stranger = issueKey(['*'], 9);

const lines: (Readonly<Record<string, unknown>> & { readonly event?: string })[] = [];
let app: NestFastifyApplication;
let world: FakeWorld;
let store: MemoryEventStore;
let port: number;

beforeAll(async () => {
  store = new MemoryEventStore();
  world = fakeWorld([key, reader], store);
  const keep = (facts: object, message: string): void => {
    if (message === 'security') lines.push(facts as (typeof lines)[number]);
  };
  Object.assign(world.log, { warn: keep, info: keep });
  app = await createApi(world);
  await app.listen(0, '127.0.0.1');
  port = Number(new URL(await app.getUrl()).port);
});
beforeEach(() => {
  world.gateway.reset();
  lines.length = 0;
});
afterAll(async () => {
  await app.close();
  await store.close();
});

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly token?: string | null;
  readonly body?: string;
  readonly contentType?: string;
}

async function send({
  method = 'GET',
  path,
  token = key.token,
  body,
  contentType,
}: Sent): Promise<IncomingMessage> {
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
  };
  const request = httpRequest({ port, host: '127.0.0.1', method, path, headers });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function status(sent: Sent): Promise<number | undefined> {
  const response = await send(sent);
  await once(response.resume(), 'end');
  return response.statusCode;
}

async function bytes(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

const ledger = `/v1/ledgers/${ledgerId}`;
const expected = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

describe('every answer says what caches, browsers and other sites may do with it', () => {
  it.each<[string, Sent, number]>([
    ['a query', { path: `${ledger}/accounts` }, 200],
    ['HEAD', { path: `${ledger}/accounts`, method: 'HEAD' }, 200],
    ['a command', { path: '/v1/ledgers', method: 'POST', body: '{"name":"x"}' }, 201],
    [
      'lines',
      {
        path: `${ledger}/transactions/bulk`,
        method: 'POST',
        body: '{}',
        contentType: 'application/x-ndjson',
      },
      200,
    ],
    ['a stream', { path: `${ledger}/events/stream` }, 200],
    ['an export', { path: `${ledger}/export?format=csv` }, 200],
    ['no key', { path: `${ledger}/accounts`, token: null }, 401],
    ['no rights', { path: '/v1/api_keys', token: reader.token }, 403],
    ['a bad body', { path: '/v1/ledgers', method: 'POST', body: '{' }, 400],
    ['nothing there', { path: '/nothing' }, 404],
    ['another method', { path: '/v1/ledgers', method: 'PUT', body: '{}' }, 405],
    ['a bad URL', { path: '/v1/ledgers/%zz' }, 400],
    ['health', { path: '/health/live', token: null }, 200],
    ['metrics', { path: '/metrics' }, 200],
    ['documentation', { path: '/docs', token: null }, 200],
    ['an asset', { path: '/docs/assets/reference.js', token: null }, 200],
    ['the document', { path: '/openapi.json', token: null }, 200],
  ])('%s', async (_what, sent, wanted) => {
    const response = await send(sent);
    expect([response.statusCode, response.headers]).toEqual([wanted, expect.objectContaining(expected)]);
    response.destroy();
  });

  it.each([
    ['nonsense', 'nonsense\r\n\r\n'],
    ['huge headers', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(40_000)}\r\n\r\n`],
  ])('%s', async (_what, text) => {
    const answer = (await bytes(text)).toLowerCase();
    for (const [name, value] of Object.entries(expected))
      expect(answer).toContain(`\r\n${name}: ${value}\r\n`);
    expect(answer).toContain('\r\nrequest-id: ');
  });
});

describe('the security log', () => {
  const everything = { status: expect.any(Number) as number, request_id: expect.any(String) as string };
  /** The line of a request comes once it is over. */
  const line = async (): Promise<(typeof lines)[number] | undefined> => {
    for (let i = 0; i < 500 && lines.length === 0; i += 1)
      await new Promise((resolve) => setTimeout(resolve, 2));
    return lines[0];
  };

  it.each<[string, Sent, object]>([
    [
      'without a key',
      { path: `${ledger}/accounts`, token: null },
      { event: 'unauthenticated', code: 'unauthenticated' },
    ],
    [
      'with a key that is not known',
      { path: `${ledger}/accounts`, token: stranger.token },
      { event: 'unauthenticated', key_id: stranger.credentials.keyId },
    ],
    [
      'with what is no key',
      { path: `${ledger}/accounts`, token: 'sk_secret' },
      { event: 'unauthenticated', status: 401 },
    ],
    [
      'without rights',
      { path: '/v1/api_keys', token: reader.token },
      { event: 'forbidden', code: 'missing_scope', key_id: reader.credentials.keyId, route: '/v1/api_keys' },
    ],
  ])('has who asks %s, and from where', async (_what, sent, facts) => {
    await status(sent);
    expect(await line()).toMatchObject({ ...everything, ...facts, address: '127.0.0.1', method: 'GET' });
    const text = JSON.stringify(lines);
    for (const secret of [sent.token, sent.token?.slice(-20)]) if (secret) expect(text).not.toContain(secret);
  });

  it('has keys that were made and revoked, once each, and no secret', async () => {
    const { keyId } = key.credentials;
    world.gateway.answer = ({ command }) => {
      const { apiKeyId } = command as { apiKeyId: string };
      return accepted(`{"id":"${apiKeyId}"}`);
    };
    const create = { path: '/v1/api_keys', method: 'POST', body: '{"name":"x","scopes":["ledger:read"]}' };
    expect(await status({ ...create, path: '/v1/api_keys?dry_run=true' })).toBe(201);
    expect(await status(create)).toBe(201);
    expect(await status({ path: '/v1/api_keys/key_1/revoke', method: 'POST' })).toBe(200);
    world.gateway.answer = () => accepted('{"id":"key_1"}', true);
    expect(await status({ path: '/v1/api_keys/key_1/revoke', method: 'POST' })).toBe(200);
    const asked = { key_id: keyId, organization_id: 'org_1', address: '127.0.0.1' };
    expect(lines).toMatchObject([
      {
        ...asked,
        event: 'key_created',
        changed_key_id: expect.stringMatching(/^key_/) as string,
        scopes: ['ledger:read'],
      },
      { ...asked, event: 'key_revoked', changed_key_id: 'key_1' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('sk_');
  });

  it('counts what it says, by kind', async () => {
    const counted = async (event: string): Promise<number> =>
      Number(
        new RegExp(`^ledger_security_events_total{event="${event}"[^}]*} (\\S+)$`, 'm').exec(
          await renderPrometheus(),
        )?.[1] ?? 0,
      );
    const kinds = ['unauthenticated', 'forbidden', 'key_created'];
    const before = await Promise.all(kinds.map(counted));
    await status({ path: `${ledger}/accounts`, token: null });
    await status({ path: '/v1/api_keys', token: reader.token });
    await line();
    for (let i = 0; i < 500 && lines.length < 2; i += 1)
      await new Promise((resolve) => setTimeout(resolve, 2));
    const after = await Promise.all(kinds.map(counted));
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1, 0]);
  });

  it('says nothing of what is allowed, or wrong in another way', async () => {
    await status({ path: `${ledger}/accounts` });
    await status({ path: '/nothing' });
    await status({ path: '/v1/ledgers', method: 'POST', body: '{' });
    expect(lines).toEqual([]);
  });
});
