import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, Server } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { refuse } from '@fintech-ledger/contract';
import type { PostTransaction } from '@fintech-ledger/ledger/domain';
import { accepted, fakeWorld, issueKey, ledgerId } from '../../../test/support/api-fakes';
import type { FakeWorld } from '../../../test/support/api-fakes';
import { createApi } from './create-api';
import { ndjsonLinesInFlightMax } from '@fintech-ledger/http';

const key = issueKey(['*'], 1);
const bulk = `/v1/ledgers/${ledgerId}/transactions/bulk`;
const transaction = (reference: string) =>
  JSON.stringify({
    reference,
    entries: [
      { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
      { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
    ],
  });

let app: NestFastifyApplication;
let world: FakeWorld;
let store: MemoryEventStore;
let port: number;

beforeAll(async () => {
  store = new MemoryEventStore();
  world = fakeWorld([key], store);
  app = await createApi(world);
  await app.listen(0, '127.0.0.1');
  port = Number(new URL(await app.getUrl()).port);
});
beforeEach(() => world.gateway.reset());
afterEach(() => expect(world.log.bugs).toEqual([]));
afterAll(async () => {
  await app.close();
  await store.close();
});

const authorization = `Bearer ${key.token}`;
/** @param agent false: over a connection of its own */
function open(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  agent?: false,
): ClientRequest {
  const options = { port, host: '127.0.0.1', method, path, headers: { authorization, ...headers } };
  return httpRequest({ ...options, ...(agent === false && { agent }) });
}
async function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response.setEncoding('utf8');
}
async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += chunk as string;
  return text;
}
/** How many commands were submitted once these are enough and no more came for so long. */
async function whenItRests(isEnough: (submitted: number) => boolean, restMs = 300): Promise<number> {
  await until(() => isEnough(world.gateway.submitted.length));
  for (let before = -1; before !== world.gateway.submitted.length; await sleep(restMs))
    before = world.gateway.submitted.length;
  return world.gateway.submitted.length;
}
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i += 1) await sleep(10);
  expect(condition()).toBe(true);
}

describe('a stream of lines', () => {
  const ndjson = { 'content-type': 'application/x-ndjson' };
  const referenceOf = (command: unknown) => (command as PostTransaction).reference;

  it('gets a result for each line, in order, bad lines a problem', async () => {
    world.gateway.answer = async ({ command }) => {
      const reference = referenceOf(command);
      await sleep(reference === 'slow' ? 30 : 0);
      return reference === 'refused'
        ? { kind: 'refused', refusal: refuse({ code: 'unbalanced' }, 'No.', '/entries') }
        : accepted(`{"id":"${reference}"}`);
    };
    const request = open('POST', bulk, { ...ndjson, 'idempotency-key': 'books' });
    const lines = ['slow', 'refused'].map(transaction);
    request.end([...lines, '', '{"entries":[]}', 'nonsense', transaction('last')].join('\r\n'));
    const response = await responseTo(request);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const results = (await textOf(response))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(results).toEqual([
      { id: 'slow' },
      expect.objectContaining({ line: 2, status: 422, code: 'unbalanced', param: '/entries' }),
      expect.objectContaining({ line: 4, status: 400, code: 'too_few_entries' }),
      expect.objectContaining({ line: 5, status: 400, code: 'malformed_json' }),
      { id: 'last' },
    ]);
    expect(world.gateway.submitted.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
      // The key itself, so that no other request has it.
      'books',
      'books\u001f1',
      'books\u001f2',
      'books\u001f6',
    ]);
    expect(new Set(world.gateway.submitted.map(({ requestHash }) => requestHash)).size).toBe(4);
  });

  it('answers while it is still being sent', async () => {
    const request = open('POST', bulk, ndjson);
    request.write(`${transaction('1')}\n`);
    const response = await responseTo(request);
    const [first] = (await once(response, 'data')) as [string];
    expect(first).toContain('txn_1');
    request.end(`${transaction('2')}\n`);
    await textOf(response);
    expect(world.gateway.submitted.length).toBe(2);
  });

  it('holds back whoever does not read, and loses nothing', async () => {
    const big = `{"x":"${'x'.repeat(20_000)}"}`;
    world.gateway.answer = () => accepted(big);
    const request = open('POST', bulk, ndjson);
    const count = 6_000;
    const sent = (async () => {
      for (let i = 0; i < count; i += 1) {
        if (!request.write(`${transaction(String(i))}\n`)) await once(request, 'drain');
      }
      request.end();
    })();
    const response = await responseTo(request);
    response.pause();
    const taken = await whenItRests((submitted) => submitted > ndjsonLinesInFlightMax / 4);
    expect(taken).toBeLessThan(count);
    const text = await textOf(response);
    await sent;
    expect(text.length).toBe(count * (big.length + 1));
  });

  it('stops when its client disconnects', async () => {
    let letOn = (): void => undefined;
    const isLetOn = new Promise<void>((resolve) => (letOn = resolve));
    let first = true;
    world.gateway.answer = async () => {
      if (!first) await isLetOn;
      first = false;
      return accepted('{}');
    };
    const server = app.getHttpServer() as Server;
    const connecting = once(server, 'connection') as Promise<[Socket]>;
    const request = open('POST', bulk, ndjson, false);
    request.on('error', () => undefined);
    // More than the buffers of a connection hold.
    const count = 100_000;
    for (let i = 0; i < count; i += 1) request.write(`${transaction(String(i))}\n`);
    const [connection] = await connecting;
    // With an error or without one.
    const isClosed = new Promise((resolve) => connection.once('close', resolve));
    const response = await responseTo(request);
    response.on('error', () => undefined);
    await whenItRests((submitted) => submitted >= ndjsonLinesInFlightMax);
    request.destroy();
    // Held back, the server reads no further, and learns of it when it does.
    letOn();
    await isClosed;
    expect(await whenItRests(() => true)).toBeLessThan(count);
  });

  it('of another organization is not found', async () => {
    const request = open('POST', bulk.replace(ledgerId, 'led_2'), ndjson);
    request.end(`${transaction('1')}\n`);
    expect((await responseTo(request)).statusCode).toBe(404);
  });
});

describe('a stream of events', () => {
  const stream = `journal-${ledgerId}`;
  let count = 0;
  const append = (type = 'TransactionPosted', data = '{"entries":[{"account":"a"}]}') => {
    count += 1;
    const id = `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    return store.append(stream, 'any', [{ id, type, data, metadata: '{"b":1,  "a":2}' }]);
  };
  const path = `/v1/ledgers/${ledgerId}/events/stream`;
  async function listen(query = '', headers: Record<string, string> = {}) {
    const request = open('GET', path + query, headers);
    request.on('error', () => undefined);
    request.end();
    const response = await responseTo(request);
    const seen = { text: '' };
    response.on('data', (chunk: string) => (seen.text += chunk));
    response.on('error', () => undefined);
    const ids = () => [...seen.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    return { response, seen, ids, close: () => request.destroy() };
  }

  it('begins at the beginning, goes on live, and resumes', async () => {
    for (let i = 0; i < 3; i += 1) await append();
    const first = await listen();
    expect(first.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    await until(() => first.ids().length === 3);
    await append();
    await until(() => first.ids().length === 4);
    first.close();
    const second = await listen('', { 'last-event-id': '1' });
    await append();
    await until(() => second.ids().length === 3);
    expect(second.ids()).toEqual([2, 3, 4]);
    expect(second.seen.text).toContain('event: TransactionPosted\ndata: {"id":');
    expect(second.seen.text).toContain('"metadata":{"b":1,  "a":2}}\n\n');
    second.close();
  });

  it('shares one subscription of the process with all others', async () => {
    const subscribe = jest.spyOn(store, 'subscribe');
    const from = count;
    const streams = await Promise.all(Array.from({ length: 30 }, () => listen(`?from_revision=${from}`)));
    for (let i = 0; i < 3; i += 1) await append();
    for (const { ids, close } of streams) {
      await until(() => ids().length === 3);
      expect(ids()).toEqual([from, from + 1, from + 2]);
      close();
    }
    // None where the one of the test before is still open.
    expect(subscribe.mock.calls.length).toBeLessThanOrEqual(1);
    subscribe.mockRestore();
  });

  it('is filtered by type and account', async () => {
    await append('AccountOpened', '{"account":{"address":"cash:x"}}');
    const events = await listen('?type=AccountOpened&account=cash:x');
    await until(() => events.ids().length === 1);
    events.close();
    const list = await app.inject({
      url: `/v1/ledgers/${ledgerId}/events?account=cash:x`,
      headers: { authorization },
    });
    expect(list.json()).toMatchObject({
      data: [{ type: 'AccountOpened' }],
      has_more: false,
      next_cursor: null,
    });
    expect(list.headers['ledger-position']).toBe(`${ledgerId}@${count - 1}`);
  });

  it('is listed in pages, byte for byte', async () => {
    const page = (query: string) =>
      app.inject({ url: `/v1/ledgers/${ledgerId}/events${query}`, headers: { authorization } });
    const first = await page('?limit=2&from_revision=1');
    const { data, has_more, next_cursor } = first.json<{
      data: { revision: number }[];
      has_more: boolean;
      next_cursor: string;
    }>();
    expect(data.map(({ revision }) => revision)).toEqual([1, 2]);
    expect(has_more).toBe(true);
    expect(first.body).toContain('"metadata":{"b":1,  "a":2}');
    expect((await page(`?limit=1&cursor=${next_cursor}`)).json()).toMatchObject({ data: [{ revision: 3 }] });
    expect((await page('?cursor=nonsense')).json()).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });

  it('refuses an id that is no revision, and answers HEAD', async () => {
    const headers = { authorization, 'last-event-id': 'x' };
    expect((await app.inject({ url: path, headers })).json()).toMatchObject({ code: 'invalid_position' });
    expect((await app.inject({ method: 'HEAD', url: path, headers: { authorization } })).statusCode).toBe(
      200,
    );
  });

  it('ends when the process stops', async () => {
    const other = await createApi(fakeWorld([key], store));
    await other.listen(0, '127.0.0.1');
    const request = httpRequest({
      port: Number(new URL(await other.getUrl()).port),
      host: '127.0.0.1',
      path,
      headers: { authorization },
    }).end();
    const response = await responseTo(request);
    const ended = textOf(response);
    await other.close();
    expect(await ended).toContain('retry: 1000');
  });
});

describe('a client of a stream that does not read', () => {
  it('waits within a bound, while others go on, and gets everything when it reads', async () => {
    const events = 800;
    const own = new MemoryEventStore();
    const data = JSON.stringify({ filler: 'x'.repeat(100_000) });
    for (let i = 0; i < events; i += 1)
      await own.append(`journal-${ledgerId}`, 'any', [
        { id: randomUUID(), type: 'TransactionPosted', data, metadata: '{}' },
      ]);
    let bytes = 0;
    const readStream = own.readStream.bind(own);
    jest.spyOn(own, 'readStream').mockImplementation(async (...asked) => {
      const page = await readStream(...asked);
      for (const event of page) bytes += event.data.length;
      return page;
    });
    const other = await createApi(fakeWorld([key], own));
    await other.listen(0, '127.0.0.1');
    const at = { port: Number(new URL(await other.getUrl()).port), host: '127.0.0.1', agent: false };
    const listen = async (from: number) => {
      const path = `/v1/ledgers/${ledgerId}/events/stream?from_revision=${from}`;
      const request = httpRequest({ ...at, path, headers: { authorization } });
      request.on('error', () => undefined).end();
      const response = await responseTo(request);
      response.on('error', () => undefined);
      return { request, response };
    };
    const slow = await listen(0);
    // What the sockets of the system hold is not ours: it goes on until they are full.
    for (let before = -1; before !== bytes; await sleep(300)) before = bytes;
    expect(bytes).toBeLessThan((events * data.length) / 2);
    const quick = await listen(events - 1);
    const [first] = (await once(quick.response, 'data')) as [string];
    expect(first).toContain('retry: 1000');
    quick.request.destroy();
    const ids: number[] = [];
    let rest = '';
    slow.response.on('data', (chunk: string) => {
      const text = rest + chunk;
      for (const [, id] of text.matchAll(/^id: (\d+)\n/gm)) ids.push(Number(id));
      rest = text.slice(text.lastIndexOf('\n') + 1);
    });
    while (ids.length < events) await once(slow.response, 'data');
    expect(ids).toEqual(Array.from({ length: events }, (_, index) => index));
    slow.request.destroy();
    await other.close();
    await own.close();
  });
});

describe('what is hardly HTTP', () => {
  async function raw(bytes: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.write(bytes);
    await once(socket, 'close');
    return text;
  }

  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400, 'malformed_request'],
    [
      'huge headers',
      `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(40_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    ['no Host', 'GET /v1/ledgers HTTP/1.1\r\n\r\n', 400, 'malformed_request'],
    ['no Host, at no address', 'GET /nothing HTTP/1.1\r\n\r\n', 400, 'malformed_request'],
    ['no Host, which HTTP/1.0 may lack', 'GET /v1/ledgers HTTP/1.0\r\n\r\n', 401, 'unauthenticated'],
    [
      'an expectation',
      'POST /v1/ledgers HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nContent-Length: 2\r\n\r\n{}',
      417,
      'expectation_failed',
    ],
    [
      'an expectation without its body',
      'POST /v1/ledgers HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nContent-Length: 2\r\n\r\n',
      417,
      'expectation_failed',
    ],
  ])('%s', async (_name, bytes, status, code) => {
    const text = await raw(bytes);
    expect(text).toContain(`HTTP/1.1 ${status}`);
    expect(text).toContain(`"code":"${code}"`);
    expect(text).toContain('application/problem+json');
  });

  it('a body shorter than it says is no bug', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /v1/ledgers HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name":`,
    );
    await sleep(50);
    socket.destroy();
    await sleep(50);
    expect(world.log.bugs).toEqual([]);
  });
});
