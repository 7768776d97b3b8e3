import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { WriterUnavailable } from '@fintech-ledger/journal';
import { fakeWorld, issueKey, ledgerId } from '../../../test/support/api-fakes';
import type { ApiLog } from '@fintech-ledger/http';
import { createApi } from './create-api';

// Every request has one line in the log, which its Request-Id finds, whatever becomes of it.
class RecordingLog implements ApiLog {
  readonly bugs: object[] = [];
  debug(): void {}
  readonly lines: { readonly level: string; readonly facts: Facts; readonly message: string }[] = [];
  info(facts: object, message = ''): void {
    this.lines.push({ level: 'info', facts: facts as Facts, message });
  }
  warn(facts: object, message = ''): void {
    this.lines.push({ level: 'warn', facts: facts as Facts, message });
  }
  error(facts: object, message = ''): void {
    this.lines.push({ level: 'error', facts: facts as Facts, message });
  }
}
const makeWorld = () => ({ ...fakeWorld([key, reader], store), log });
type Facts = Readonly<Record<string, unknown>>;

const key = issueKey(['*'], 1);
const reader = issueKey(['ledger:read'], 2);
const store = new MemoryEventStore();
const log = new RecordingLog();
let world: ReturnType<typeof makeWorld>;
let app: NestFastifyApplication;
let port: number;

beforeAll(async () => {
  world = makeWorld();
  app = await createApi(world);
  await app.listen(0, '127.0.0.1');
  port = Number(new URL(await app.getUrl()).port);
});
beforeEach(() => {
  world.gateway.reset();
  log.lines.length = 0;
});
afterAll(async () => {
  await app.close();
  await store.close();
});

const requests = (): Facts[] =>
  log.lines.filter(({ message }) => message === 'request').map(({ facts }) => facts);

/** Sends bytes and returns all that comes back. @param cutAfter closes the connection once the server has answered, or after so many ms */
function send(text: string, cutAfterMs?: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (data: string) => (answer += data));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    if (cutAfterMs !== undefined) setTimeout(() => socket.destroy(), cutAfterMs);
  });
}

const secret = 'the-secret-of-a-body';
function http(
  line: string,
  { token = key.token, body, type = 'application/json', more = '' }: Given = {},
): string {
  const authorization = token === null ? '' : `Authorization: Bearer ${token}\r\n`;
  const content =
    body === undefined ? '' : `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${authorization}${content}${more}\r\n${body ?? ''}`;
}
interface Given {
  readonly token?: string | null;
  readonly body?: string;
  readonly type?: string;
  readonly more?: string;
}

const ledger = `/v1/ledgers/${ledgerId}`;
const route = '/v1/ledgers/{ledger}';
const transfer = JSON.stringify({
  debit_account: 'a',
  credit_account: 'b',
  amount: '1',
  currency: 'USD',
  description: secret,
});
const lineOfBulk = `${JSON.stringify({
  entries: [
    { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
    { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
  ],
  description: secret,
})}\n`;

describe('the log of requests', () => {
  it.each<readonly [string, string, Facts]>([
    [
      'a command',
      http(`POST ${ledger}/transfers`, { body: transfer, more: 'Idempotency-Key: the-key\r\n' }),
      { method: 'POST', route: `${route}/transfers`, status: 201, key_id: key.credentials.keyId },
    ],
    [
      'a query',
      http(`GET ${ledger}/transactions?reference=${secret}`),
      { method: 'GET', route: `${route}/transactions`, status: 200, key_id: key.credentials.keyId },
    ],
    ['a HEAD', http(`HEAD ${ledger}`), { method: 'HEAD', route, status: 200 }],
    ['a probe', http('GET /health/ready', { token: null }), { route: '/health/ready', status: 200 }],
    ['a page', http('GET /docs/errors', { token: null }), { route: '/docs/errors', status: 200 }],
    [
      'a stream of lines',
      http(`POST ${ledger}/transactions/bulk`, { body: lineOfBulk, type: 'application/x-ndjson' }),
      { route: `${route}/transactions/bulk`, status: 200 },
    ],
    ['no key', http(`GET ${ledger}`, { token: null }), { route, status: 401, code: 'unauthenticated' }],
    [
      'a key that is none',
      http(`GET ${ledger}`, { token: 'sk_x' }),
      { route, status: 401, code: 'unauthenticated' },
    ],
    [
      'a missing scope',
      http(`POST ${ledger}/transfers`, { token: reader.token, body: transfer }),
      { status: 403, code: 'missing_scope', key_id: reader.credentials.keyId },
    ],
    [
      'a ledger that is not there',
      http('GET /v1/ledgers/led_9'),
      { route, status: 404, code: 'ledger_not_found' },
    ],
    ['nothing', http(`GET /nothing/${secret}`), { route: null, status: 404, code: 'not_found' }],
    ['another method', http(`PATCH ${ledger}`), { route: null, status: 405, code: 'method_not_allowed' }],
    [
      'no JSON',
      http(`POST ${ledger}/transfers`, { body: `{"${secret}` }),
      { route: `${route}/transfers`, status: 400, code: 'malformed_json' },
    ],
    [
      'a body that is too large',
      http(`POST ${ledger}/transfers`, {
        more: 'Content-Type: application/json\r\nContent-Length: 99999999\r\n',
      }),
      { status: 413, code: 'body_too_large' },
    ],
    [
      'an encoded body',
      http(`POST ${ledger}/transfers`, { body: transfer, more: 'Content-Encoding: gzip\r\n' }),
      { status: 415, code: 'unsupported_media_type' },
    ],
    [
      'headers that are too large',
      http('GET /health/live', { more: `X-Long: ${'x'.repeat(40_000)}\r\n` }),
      { status: 431, code: 'headers_too_large' },
    ],
    ['no HTTP', `${secret}\r\n\r\n`, { status: 400, code: 'malformed_request' }],
    ['a URL that is none', http('GET /v1/ledgers/%zz'), { status: 400, code: 'malformed_url' }],
    [
      'a parameter that is too long',
      http(`GET /v1/ledgers/${'l'.repeat(2_000)}`),
      { status: 400, code: 'malformed_url' },
    ],
  ])('has one line for %s', async (_what, text, facts) => {
    const answer = await send(text);
    const requestId = /^request-id: (\S+)/im.exec(answer)?.[1] ?? /"request_id":"([^"]+)"/.exec(answer)?.[1];
    await until(() => requests().length > 0);
    await sleep(20);
    expect(requests()).toEqual([expect.objectContaining({ request_id: requestId, ...facts })]);
    const [{ code }] = requests() as [Facts];
    expect(code).toBe(facts['code']);
    const known = ['request_id', 'method', 'route', 'status', 'code', 'ms', 'key_id', 'trace_id', 'aborted'];
    expect(Object.keys(requests()[0] ?? {}).filter((name) => !known.includes(name))).toEqual([]);
    const all = JSON.stringify(log.lines);
    for (const hidden of [secret, 'the-key', key.token, key.token.slice(-20)])
      expect(all).not.toContain(hidden);
  });

  it('has one line for what the writer could not do, and for a bug besides its own', async () => {
    world.gateway.answer = () => Promise.reject(new WriterUnavailable('nobody'));
    await send(http(`POST ${ledger}/transfers`, { body: transfer }));
    world.gateway.answer = () => Promise.reject(new TypeError('a bug'));
    const answer = await send(http(`POST ${ledger}/transfers`, { body: transfer }));
    await until(() => requests().length === 2);
    expect(requests()).toMatchObject([
      { status: 503, code: 'unavailable' },
      { status: 500, code: 'internal_error' },
    ]);
    const requestId = /^request-id: (\S+)/im.exec(answer)?.[1];
    const found = log.lines.filter(({ facts }) => facts['request_id'] === requestId);
    expect(found.map(({ level }) => level).sort()).toEqual(['error', 'info']);
  });

  it('has one line for clients that leave: in their body, before the answer, and in a stream', async () => {
    let answerNow = (): void => undefined;
    world.gateway.answer = async () => {
      await new Promise<void>((resolve) => (answerNow = resolve));
      throw new WriterUnavailable('nobody');
    };
    await send(
      http(`POST ${ledger}/transfers`, { more: 'Content-Type: application/json\r\nContent-Length: 50\r\n' }),
      50,
    );
    await until(() => requests().length === 1);
    await send(http(`POST ${ledger}/transfers`, { body: transfer }), 50);
    await until(() => requests().length === 2);
    answerNow();
    await send(http(`GET ${ledger}/events/stream`), 100);
    await until(() => requests().length === 3);
    await sleep(50);
    expect(requests()).toMatchObject([
      { route: `${route}/transfers`, aborted: true },
      { route: `${route}/transfers`, aborted: true },
      { route: `${route}/events/stream`, status: 200, aborted: true },
    ]);
  });

  it('names every request of one connection', async () => {
    const one = http('GET /health/live', { token: null }).replace('Connection: close\r\n', '');
    await send(one + one + http('GET /health/live', { token: null }));
    await until(() => requests().length === 3);
    expect(new Set(requests().map(({ request_id: id }) => id)).size).toBe(3);
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i += 1) await sleep(10);
  expect(condition()).toBe(true);
}
