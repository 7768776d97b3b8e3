import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokenRequestHandler } from './broken-requests';
import { limitConnections } from './connection-limits';
import { OpenBodies } from './request-bodies';
import { OpenRequests } from './open-requests';

const open = new OpenRequests({ debug() {}, info() {}, warn() {}, error() {} });
const times = { bodyMs: 200, silenceMs: 1_000, checkMs: 20 };

let app: FastifyInstance;
let sockets: Socket[] = [];

beforeEach(async () => {
  app = fastify({
    clientErrorHandler: brokenRequestHandler(open),
    http: { headersTimeout: 200, connectionsCheckingInterval: 20 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  new OpenBodies(times).watch(app);
  app.post('/json', ({ body }) => `read ${String(body).length}`);
  app.post('/stream', async ({ body }) => {
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) bytes += chunk.length;
    return `read ${bytes}`;
  });
  app.post('/slow', async ({ body }) => {
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      await sleep(bytes === chunk.length ? 2_000 : 0);
    }
    return `read ${bytes}`;
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await app.close();
});

async function connected(): Promise<Socket> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}
/** All that a connection answers until it is closed. */
async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return text;
}
const head = (path: string, type: string, length: number, more = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n${more}\r\n`;

describe('a request that does not come to its end', () => {
  it.each([
    ['a head', 'POST /json HTTP/1.1\r\nHost: x\r\n'],
    ['a JSON body', `${head('/json', 'application/json', 10)}"a`],
    ['a stream', `${head('/stream', 'text/csv', 10)}a,b`],
  ])('is answered 408 and closed: %s', async (_what, sent) => {
    const socket = await connected();
    socket.write(sent);
    const answer = await answerOf(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"request_timeout"');
    expect(answer).toContain('Connection: close');
  });

  it('is no JSON body that trickles', async () => {
    const socket = await connected();
    socket.write(head('/json', 'application/json', 1_000));
    const trickle = setInterval(() => socket.writable && socket.write('1'), 30);
    const answer = await answerOf(socket);
    clearInterval(trickle);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is no stream that goes on', async () => {
    const socket = await connected();
    socket.write(head('/stream', 'text/csv', 20, 'Connection: close\r\n'));
    const answer = answerOf(socket);
    for (let sent = 0; sent < 20; sent += 1) {
      await sleep(75);
      socket.write('x');
    }
    expect(await answer).toContain('read 20');
  });

  it('is no stream that we do not read', async () => {
    const socket = await connected();
    socket.write(head('/slow', 'text/csv', 400_000, 'Connection: close\r\n'));
    const answer = answerOf(socket);
    socket.write('x'.repeat(400_000));
    expect(await answer).toContain('read 400000');
  });
});

it('closes what an address opens beyond its share', async () => {
  limitConnections(app.server, 3);
  const open = [await connected(), await connected(), await connected()];
  const more = await connected();
  expect(await answerOf(more)).toBe('');
  open[0]?.destroy();
  const sent = `${head('/json', 'application/json', 2, 'Connection: close\r\n')}{}`;
  for (;;) {
    const again = await connected();
    again.write(sent);
    const answer = await answerOf(again);
    if (answer === '') continue;
    expect(answer).toContain('read 2');
    return;
  }
});
