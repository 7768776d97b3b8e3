import { OutboundClient, OutboundGuard } from '@fintech-ledger/outbound';
import { selfSignedCertificate } from '@fintech-ledger/testing';
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import net from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { answered, WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(120_000);

const megabyte = 1_048_576;
/** More than a socket takes that nobody reads from, and less than any of the answers. */
const answerBytesMax = 32 * megabyte;
const timeoutMs = 1_500;

/** What an answer has sent so far, of so much. */
class Flood {
  bytes = 0;
  isClosed = false;

  send(response: ServerResponse, all: number): void {
    const chunk = Buffer.alloc(65_536, 'x');
    const more = (): void => {
      while (this.bytes < all && !response.destroyed) {
        this.bytes += chunk.length;
        if (!response.write(chunk)) return;
      }
    };
    response.once('close', () => (this.isClosed = true)).on('drain', more);
    more();
  }
}

describe('an endpoint whose receiver misbehaves', () => {
  const certificate = selfSignedCertificate();
  const servers: Server[] = [];
  let hooks: WebhooksInProcess;
  let client: OutboundClient;

  async function listen<S extends Server>(server: S): Promise<number> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  const receiver = (answer: RequestListener): Promise<number> =>
    listen(createServer({ key: certificate.key, cert: certificate.certificate }, answer));
  const raw = (answer: (socket: net.Socket) => void): Promise<number> =>
    listen(
      net.createServer((socket) => {
        socket.on('error', () => undefined);
        answer(socket);
      }),
    );

  /** The delivery of one event to it, with its attempts. */
  async function deliveryTo(url: string): Promise<Readonly<Record<string, unknown>>> {
    const { id } = await hooks.endpoint({ url });
    await hooks.transfer();
    await hooks.run(
      hooks.newDispatcher({
        client: { deliver: (request) => client.deliver(request), close: () => Promise.resolve() },
      }),
    );
    const [delivery] = await hooks.deliveries(id);
    return hooks.get(`/v1/deliveries/${String(delivery?.['id'])}`);
  }

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start();
    const guard = new OutboundGuard(['127.0.0.1/32'], () => Promise.resolve(['127.0.0.1']));
    client = new OutboundClient(guard, { ca: certificate.certificate.toString(), timeoutMs });
  });
  beforeEach(() => hooks.fresh());
  afterEach(() => hooks.deleteEndpoints());
  afterAll(async () => {
    await client?.close();
    for (const server of servers) {
      if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
      server.close();
    }
    await hooks?.dispatcher.close(0);
    await hooks?.parts.close();
  });

  it.each([
    ['answers without end', {}, Infinity],
    ['answers with a gigabyte', { 'content-length': 1e9 }, 1e9],
    ['fails with a gigabyte', {}, 1e9],
  ])('and %s: the status counts, and the rest is not read', async (how, headers, bytes) => {
    const flood = new Flood();
    const status = how.startsWith('fails') ? 500 : 200;
    const port = await receiver((_request, response) => {
      response.writeHead(status, headers);
      flood.send(response, bytes);
    });
    global.gc?.();
    const before = process.memoryUsage().rss;
    const delivery = await deliveryTo(`https://127.0.0.1:${port}/`);
    expect(delivery).toMatchObject({
      status: status === 200 ? 'succeeded' : 'pending',
      attempts: [{ number: 1, status, error: null, response: null }],
    });
    expect(flood.bytes).toBeLessThan(answerBytesMax);
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * megabyte);
    for (let n = 0; n < 100 && !flood.isClosed; n += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(flood.isClosed).toBe(true);
  });

  it.each<[string, (answer: ServerResponse) => void]>([
    ['never answers', () => undefined],
    [
      'answers a byte at a time',
      (response) => {
        const drip = setInterval(() => response.write('x'), 20);
        response.writeHead(200).once('close', () => clearInterval(drip));
      },
    ],
  ])('and %s: timeout', async (_how, answer) => {
    const port = await receiver((_request, response) => answer(response));
    expect(await deliveryTo(`https://127.0.0.1:${port}/`)).toMatchObject({
      status: 'pending',
      next_attempt_at: expect.any(String),
      attempts: [{ error: expect.stringMatching(/^timeout: /), response: null }],
    });
  });

  it.each<[string, string, string, (socket: net.Socket) => void]>([
    ['has no TLS', 'tls_failed', '127.0.0.1', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')],
    ['breaks its TLS', 'tls_failed', '127.0.0.1', (socket) => socket.end(Buffer.alloc(2_000, 0xff))],
    ['hangs up', 'connection_failed', '127.0.0.1', (socket) => socket.destroy()],
  ])('and %s: %s', async (_how, reason, host, answer) => {
    const port = await raw(answer);
    expect(await deliveryTo(`https://${host}:${port}/`)).toMatchObject({
      status: 'pending',
      attempts: [{ status: null, error: expect.stringMatching(new RegExp(`^${reason}: `)), response: null }],
    });
  });

  it('and has the certificate of another name: certificate_invalid, and nothing was sent', async () => {
    let requests = 0;
    const port = await receiver((_request, response) => {
      requests += 1;
      response.end();
    });
    expect(await deliveryTo(`https://other.example:${port}/`)).toMatchObject({
      status: 'pending',
      attempts: [{ status: null, error: expect.stringMatching(/^certificate_invalid: /), response: null }],
    });
    expect(requests).toBe(0);
  });

  it('gets its messages when it behaves again', async () => {
    let isBad = true;
    const { id } = await hooks.endpoint();
    hooks.answers.set(id, () =>
      isBad ? { kind: 'failed', reason: 'tls_failed', detail: '', status: undefined, ms: 1 } : answered(204),
    );
    await hooks.transfer();
    await hooks.run();
    isBad = false;
    hooks.now += 10_000;
    await hooks.run();
    expect(await hooks.deliveries(id)).toMatchObject([{ status: 'succeeded', attempts_made: 2 }]);
  });
});
