import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { ApiRequest } from './api-request';
import { OpenRequests } from './open-requests';

const endless = 60_000;
let app: FastifyInstance;
let open: OpenRequests;
let warned: object[];
let ended: object[];
let isLogged: boolean;
let answer: () => void;
let begun: Promise<void>;
let draining: Promise<void>;
let sockets: Socket[];
/** The server's ends of them. */
let served: Socket[];

async function listen(drainMs: number): Promise<void> {
  warned = [];
  ended = [];
  isLogged = true;
  sockets = [];
  served = [];
  const log = {
    debug() {},
    info: (facts: object) => void ended.push(facts),
    error() {},
    warn: (facts: object) => void warned.push(facts),
    isLevelEnabled: () => isLogged,
  };
  open = new OpenRequests(log, { drainMs, lastRequestsMs: 200 });
  app = fastify({ return503OnClosing: false });
  for (const name of ['endpoint', 'principal', 'trace', 'problemCode']) app.decorateRequest(name, null);
  app.decorateRequest('startedAtMs', 0);
  open.watch(app);
  draining = new Promise((resolve) =>
    app.addHook('preClose', (done) => {
      resolve();
      done();
    }),
  );
  app.addHook('onRequest', (request, _reply, done) => done(open.refusal(request as ApiRequest)));
  const waiting = new Promise<string>((resolve) => (answer = () => resolve('answered')));
  begun = new Promise((resolve) => {
    app.get('/slow', () => {
      resolve();
      return waiting;
    });
    app.get('/stream', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/plain' });
      reply.raw.write('some');
      void waiting.then(() => reply.raw.end());
      resolve();
    });
  });
  app.get('/fast', () => 'fast');
  app.server.on('connection', (socket: Socket) => void served.push(socket));
  await app.listen({ port: 0, host: '127.0.0.1' });
}
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await app.close();
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A connection that is kept open, and all that it answers until it is closed. */
async function connected(): Promise<{ get(path: string): void; closed: Promise<string>; seen(): string }> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close').then(() => text);
  await once(socket, 'connect');
  const get = (path: string): void => void socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return { get, closed, seen: () => text };
}

describe('a request', () => {
  it('has a line in the log when it has ended, without its query', async () => {
    await listen(endless);
    const client = await connected();
    client.get('/fast?secret=1');
    await until(() => ended.length > 0);
    expect(ended).toEqual([
      { request_id: expect.any(String), method: 'GET', route: '/fast', status: 200, ms: expect.any(Number) },
    ]);
    client.get('/nowhere');
    await until(() => ended.length > 1);
    expect(ended[1]).toMatchObject({ route: null, status: 404 });
  });

  it('has no line where none is asked for', async () => {
    await listen(endless);
    isLogged = false;
    const client = await connected();
    client.get('/fast');
    await until(() => client.seen().includes('fast'));
    await app.close();
    expect(ended).toEqual([]);
  });

  it('is known by its connection while it is under way, whether it is logged or not', async () => {
    await listen(endless);
    isLogged = false;
    const client = await connected();
    client.get('/slow');
    await begun;
    const [socket] = served;
    expect(open.ofConnection(socket as Socket)?.url).toBe('/slow');
    answer();
    await until(() => client.seen().includes('answered'));
    await until(() => open.ofConnection(socket as Socket) === undefined);
  });
});

describe('a server that closes', () => {
  it('finishes what is under way, says that the connection closes, and closes it', async () => {
    await listen(endless);
    const client = await connected();
    client.get('/slow');
    await begun;
    const closed = app.close();
    await draining;
    answer();
    expect(await client.closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*answered$/i);
    await closed;
    expect(warned).toEqual([]);
  });

  it('closes the connection of an answer that had begun before', async () => {
    await listen(endless);
    const client = await connected();
    client.get('/stream');
    await begun;
    const closed = app.close();
    await draining;
    answer();
    expect(await client.closed).toContain('some');
    await closed;
  });

  it('begins nothing new', async () => {
    await listen(endless);
    const [slow, idle] = [await connected(), await connected()];
    slow.get('/slow');
    await begun;
    const closed = app.close();
    await draining;
    idle.get('/fast');
    const refused = await idle.closed;
    expect(refused).toMatch(/^HTTP\/1\.1 503 [^]*connection: close\r\n/i);
    expect(refused).toContain('"code":"unavailable"');
    answer();
    await closed;
  });

  it('is not kept by connections without a request', async () => {
    await listen(endless);
    const silent = await connected();
    await app.close();
    expect(await silent.closed).toBe('');
  });

  it('cuts off what does not end, and says what that was', async () => {
    await listen(400);
    const client = await connected();
    client.get('/slow');
    await begun;
    await app.close();
    expect(await client.closed).toBe('');
    const request = expect.objectContaining({ method: 'GET', route: '/slow' }) as object;
    expect(warned).toEqual([expect.objectContaining({ count: 1, requests: [request] })]);
  });
});
