import { selfSignedCertificate } from '@fintech-ledger/testing';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { OutboundClient, OutboundGuard } from './index';
import type { Outcome, OutboundClientOptions, OutboundRequest, ResolveName } from './index';

const certificate = selfSignedCertificate('DNS:hooks.test');
const ca = certificate.certificate.toString();
const onLoopback: ResolveName = async (host) => (host === 'none.test' ? [] : ['127.0.0.1']);

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function listen(server: Server | net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    const closed = once(server, 'close');
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}

/** A receiver with TLS; its port. */
const receiver = (answer: RequestListener): Promise<number> =>
  listen(createTlsServer({ key: certificate.key, cert: certificate.certificate }, answer));

/** A receiver that is no HTTP server. */
const rawReceiver = (answer: (socket: Socket) => void): Promise<number> =>
  listen(
    net.createServer((socket) => {
      socket.on('error', () => undefined);
      closing.push(async () => socket.destroy());
      answer(socket);
    }),
  );

function clientOf(options: OutboundClientOptions & { resolve?: ResolveName; open?: string[] } = {}) {
  const { resolve = onLoopback, open = ['127.0.0.1/32'], ...rest } = options;
  const client = new OutboundClient(new OutboundGuard(open, resolve), { ca, ...rest });
  closing.push(() => client.close());
  return (url: string, more: Partial<OutboundRequest> = {}): Promise<Outcome> =>
    client.deliver({
      endpoint: 'we_1',
      url,
      isHttpAllowed: false,
      method: 'POST',
      headers: {},
      body: '{}',
      ...more,
    });
}

describe('a delivery', () => {
  it('sends what it was given, to the address that was judged, under the name of the host', async () => {
    const received: { name: string | false | null; request: IncomingMessage; body: string }[] = [];
    const port = await receiver((request, response) => {
      const name = (request.socket as TLSSocket & { servername: string | false | null }).servername;
      void text(request).then((body) => {
        received.push({ name, request, body });
        response.writeHead(503, { 'retry-after': '7' }).end('later');
      });
    });
    const outcome = await clientOf()(`https://HOOKS.test.:${port}/a?b=c`, {
      headers: { 'X-Mine': '1' },
      body: '{"a":1}',
    });
    expect(outcome).toEqual({
      kind: 'answered',
      status: 503,
      retryAfter: '7',
      // Nothing is kept from a range that was opened.
      response: null,
      ms: expect.any(Number),
    });
    expect(received).toMatchObject([
      {
        name: 'hooks.test',
        body: '{"a":1}',
        request: { method: 'POST', url: '/a?b=c', headers: { host: `hooks.test:${port}`, 'x-mine': '1' } },
      },
    ]);
  });

  it('uses connections of earlier ones of its endpoint again, and of no other', async () => {
    const sockets = { '/we_1': new Set<Socket>(), '/we_2': new Set<Socket>() };
    const port = await receiver((request, response) => {
      sockets[request.url as '/we_1'].add(request.socket);
      response.end('ok');
    });
    const deliver = clientOf();
    for (let n = 0; n < 8; n += 1)
      for (const endpoint of ['we_1', 'we_2'])
        expect(await deliver(`https://hooks.test:${port}/${endpoint}`, { endpoint })).toMatchObject({
          status: 200,
        });
    expect(sockets['/we_1'].size).toBeLessThan(8);
    expect([...sockets['/we_1']].filter((socket) => sockets['/we_2'].has(socket))).toEqual([]);
  });

  it('does not follow a redirect', async () => {
    const asked: (string | undefined)[] = [];
    const port = await receiver(({ url }, response) => {
      asked.push(url);
      response.writeHead(307, { location: '/second' }).end();
    });
    expect(await clientOf()(`https://hooks.test:${port}/first`)).toMatchObject({
      kind: 'answered',
      status: 307,
    });
    expect(asked).toEqual(['/first']);
  });

  it('may go without TLS where test data is sent', async () => {
    const port = await listen(createServer((_request, response) => response.writeHead(204).end()));
    const url = `http://hooks.test:${port}/`;
    expect(await clientOf()(url, { isHttpAllowed: true })).toMatchObject({ kind: 'answered', status: 204 });
    expect(await clientOf()(url)).toMatchObject({ kind: 'refused', refusal: { code: 'invalid_url' } });
  });

  it('is not made with a header that says how it is sent', async () => {
    const refusal = { code: 'invalid_request_header', param: '/headers/Host' };
    const outcome = clientOf()('https://hooks.test/', { headers: { Host: 'internal.test' } });
    expect(await outcome).toMatchObject({ kind: 'refused', refusal });
  });
});

describe('a name that changes its address', () => {
  it('reaches nothing but what was judged', async () => {
    let connections = 0;
    const port = await rawReceiver((socket) => {
      connections += 1;
      socket.destroy();
    });
    const answers = [['127.0.0.1'], ['127.0.0.2'], ['::1'], ['127.0.0.2', '10.0.0.1']];
    const deliver = clientOf({ resolve: async () => answers.shift() ?? [] });
    const url = `https://hooks.test:${port}/`;
    expect(await deliver(url)).toMatchObject({ kind: 'failed', reason: 'connection_failed' });
    for (const _answer of answers.slice())
      expect(await deliver(url)).toMatchObject({ kind: 'refused', refusal: { code: 'forbidden_url' } });
    expect(connections).toBe(1);
  });

  it('does not use a connection to the address of before', async () => {
    let requests = 0;
    const port = await receiver((_request, response) => {
      requests += 1;
      response.end('ok');
    });
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    const deliver = clientOf({ resolve: async () => answers.shift() ?? [] });
    expect(await deliver(`https://hooks.test:${port}/`)).toMatchObject({ status: 200 });
    expect(await deliver(`https://hooks.test:${port}/`)).toMatchObject({ kind: 'refused' });
    expect(requests).toBe(1);
  });
});

describe('a receiver that misbehaves', () => {
  it.each<[string, RequestListener]>([
    [
      'answers without end',
      (_request, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.writeHead(200).on('drain', more);
        more();
      },
    ],
    [
      'announces a gigabyte',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 1e9 }).write(Buffer.alloc(200_000));
      },
    ],
  ])('and %s has answered: the rest is not read', async (_how, answer) => {
    let closed: Promise<unknown> = Promise.resolve();
    const port = await receiver((request, response) => {
      closed = new Promise((resolve) => request.socket.once('close', resolve));
      answer(request, response);
    });
    expect(await clientOf()(`https://hooks.test:${port}/`)).toMatchObject({ kind: 'answered', status: 200 });
    await closed;
  });

  it.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    [
      'answers a byte at a time',
      (_request, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write('a'), 10);
        response.once('close', () => clearInterval(drip));
      },
    ],
  ])('and %s is waited for as long as all of a delivery may take', async (_how, answer) => {
    const port = await receiver(answer);
    expect(await clientOf({ timeoutMs: 500 })(`https://hooks.test:${port}/`)).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
    });
  });

  it('that never ends a TLS handshake takes no longer either', async () => {
    const port = await rawReceiver(() => undefined);
    expect(await clientOf({ timeoutMs: 300 })(`https://hooks.test:${port}/`)).toMatchObject({
      reason: 'timeout',
    });
  });

  it.each<[string, string, (socket: Socket) => void]>([
    ['closes at once', 'connection_failed', (socket) => socket.destroy()],
    ['has no TLS', 'tls_failed', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')],
    ['sends noise', 'tls_failed', (socket) => socket.end(Buffer.alloc(1_000, 0xff))],
  ])('and %s: %s', async (_how, reason, answer) => {
    const port = await rawReceiver(answer);
    expect(await clientOf()(`https://hooks.test:${port}/`)).toMatchObject({ kind: 'failed', reason });
  });

  it.each([
    ['is not HTTP', 'hello\r\n\r\n'],
    ['has headers without end', `HTTP/1.1 200 OK\r\n${`a: ${'b'.repeat(1_000)}\r\n`.repeat(100)}\r\n`],
    ['has two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ])('whose answer %s: malformed_response', async (_how, answer) => {
    const port = await rawReceiver((socket) => socket.once('data', () => socket.write(answer)));
    const outcome = clientOf()(`http://hooks.test:${port}/`, { isHttpAllowed: true });
    expect(await outcome).toMatchObject({ kind: 'failed', reason: 'malformed_response' });
  });

  it('whose answer ends early has failed, and its status is known', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello';
    const port = await rawReceiver((socket) => socket.once('data', () => socket.end(answer)));
    const outcome = clientOf()(`http://hooks.test:${port}/`, { isHttpAllowed: true });
    expect(await outcome).toMatchObject({ kind: 'failed', reason: 'connection_failed', status: 200 });
  });
});

describe('the certificate of a receiver', () => {
  const ok: RequestListener = (_request, response) => response.end('ok');

  it('must have the name of the host, not of its address', async () => {
    const port = await receiver(ok);
    for (const host of ['other.test', '127.0.0.1'])
      expect(await clientOf()(`https://${host}:${port}/`)).toMatchObject({
        kind: 'failed',
        reason: 'certificate_invalid',
        detail: 'The certificate is not valid for this host (ERR_TLS_CERT_ALTNAME_INVALID).',
      });
  });

  it('must be of an authority that is trusted, whatever the environment says', async () => {
    const port = await receiver(ok);
    const other = selfSignedCertificate('DNS:hooks.test').certificate.toString();
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const outcome = await clientOf({ ca: other })(`https://hooks.test:${port}/`);
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'certificate_invalid' });
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });
});

describe('a host that is not there', () => {
  it('and listens on nothing', async () => {
    const server = net.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await clientOf()(`https://hooks.test:${port}/`)).toMatchObject({
      kind: 'failed',
      reason: 'connection_failed',
      // Without the address, which a client need not know.
      detail: 'The connection failed or was closed (ECONNREFUSED).',
    });
  });

  it('has no address, can not be looked up, or is looked up for too long', async () => {
    const url = 'https://none.test/';
    expect(await clientOf()(url)).toMatchObject({ kind: 'failed', reason: 'name_not_found' });
    const failing = clientOf({ resolve: () => Promise.reject(new Error('SERVFAIL')) });
    expect(await failing(url)).toMatchObject({ kind: 'failed', reason: 'name_lookup_failed' });
    const silent = clientOf({ resolve: () => new Promise(() => undefined), timeoutMs: 100 });
    expect(await silent(url)).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });
});
