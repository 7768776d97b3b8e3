import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiRequest } from './api-request';
import { watchStreamedAnswers } from './streamed-answers';

const piece = 'x'.repeat(65_536);
const nothing = (): void => undefined;

/** A server whose answer never ends. */
class Server {
  readonly fastify: FastifyInstance = Fastify();
  readonly warned: unknown[] = [];
  isInForce = true;
  made = 0;
  isOver = false;
  problemCode: string | null = null;

  constructor(
    private readonly everyMs: number,
    silenceMsMax: number,
    changes = false,
  ) {
    this.fastify
      .decorateRequest('endpoint')
      .decorateRequest('principal')
      .decorateRequest('problemCode', null);
    this.fastify.addHook('onRequest', (request, reply, done) => {
      Object.assign(request, { principal: { apiKeyId: 'key_1' }, endpoint: { changes } });
      reply.raw.on('close', () => (this.problemCode = (request as ApiRequest).problemCode));
      done();
    });
    watchStreamedAnswers(this.fastify, {
      authenticator: { mayGoOn: () => this.isInForce },
      log: { debug: nothing, info: nothing, error: nothing, warn: (...said) => this.warned.push(said) },
      silenceMsMax,
    });
    this.fastify.get('/', (_, reply) => reply.send(Readable.from(this.pieces(), { objectMode: false })));
  }

  private async *pieces(): AsyncGenerator<string> {
    try {
      for (;;) {
        this.made += 1;
        yield piece;
        await delay(this.everyMs, undefined, { ref: false });
      }
    } finally {
      this.isOver = true;
    }
  }

  async asked(): Promise<Socket> {
    await this.fastify.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect((this.fastify.server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', nothing).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    return socket;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1_000 && !condition(); i += 1) await delay(10);
  expect(condition()).toBe(true);
}

describe('an answer in pieces', () => {
  let server: Server;
  let socket: Socket;
  const ask = async (...of: ConstructorParameters<typeof Server>): Promise<void> => {
    server = new Server(...of);
    socket = await server.asked();
  };
  afterEach(async () => {
    socket.destroy();
    await server.fastify.close();
  });

  it('ends before its next piece once the API key is revoked', async () => {
    await ask(20, 60_000);
    socket.resume();
    await until(() => server.made > 3);
    server.isInForce = false;
    const { made } = server;
    await once(socket, 'close');
    await until(() => server.problemCode === 'unauthenticated' && server.isOver);
    // Those that were read ahead; in a second there would be 50.
    expect(server.made).toBeLessThanOrEqual(made + 3);
  });

  it.each([
    ['takes nothing', 1],
    ['gets nothing for a while', 3_600_000],
  ])('ends within a second or so once the key is revoked of a client that %s', async (_, everyMs) => {
    await ask(everyMs, 60_000);
    if (everyMs > 1) socket.resume();
    await until(() => server.made > 0);
    await delay(200);
    server.isInForce = false;
    const since = performance.now();
    await until(() => server.problemCode === 'unauthenticated');
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(server.warned).toHaveLength(1);
  });

  it('is cut when its client takes nothing of it', async () => {
    await ask(1, 300);
    await until(() => server.problemCode === 'stream_too_slow' && server.isOver);
    expect(server.warned).toEqual([[expect.objectContaining({ code: 'stream_too_slow' }), 'answer cut']]);
  });

  it('goes on for a client that is slow, and while there is nothing to be taken', async () => {
    await ask(700, 300);
    socket.resume();
    await until(() => server.made > 3);
    expect(server.warned).toEqual([]);
  });

  it('tells to its end what became of what changes something', async () => {
    await ask(20, 60_000, true);
    socket.resume();
    await until(() => server.made > 2);
    server.isInForce = false;
    const { made } = server;
    await until(() => server.made > made + 60);
    expect(server.warned).toEqual([]);
  });
});
