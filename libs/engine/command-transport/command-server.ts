import fastify from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { traceOf } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { isTracing, spans } from '@fintech-ledger/telemetry';
import { ReplyStream } from './reply-stream';
import { commandPath, failureOf, parcelLimits, requestBytesMax, transportTokens } from './wire';
import type { SentEnvelope, WireReply } from './wire';

export interface CommandServerOptions {
  /** Carries out a command here, or refuses to: it is not handed on. */
  readonly submitHere: (envelope: CommandEnvelope) => Promise<CommandOutcome>;
  /** Shared by all processes of the installation. */
  readonly secret: string;
  /** `0.0.0.0` or `::` for every address of this machine. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface CommandServer {
  /** Where other processes reach it, e.g. `http://127.0.0.1:40123`: the machine's name when it listens on every address. */
  readonly address: string;
  /** Commands that are not answered yet. */
  underWay(): number;
  close(): Promise<void>;
}

/** Takes commands from the installation's other processes. Not for clients: these come through the API. */
export async function startCommandServer(options: CommandServerOptions): Promise<CommandServer> {
  const server = fastify({ bodyLimit: requestBytesMax, forceCloseConnections: true });
  const expected = transportTokens(options.secret).map((token) => Buffer.from(`Bearer ${token}`));
  // Before anything of the body is read: the port may be within reach of others.
  server.addHook('onRequest', async (request, reply) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (expected.some((one) => given.length === one.length && timingSafeEqual(given, one))) return;
    await reply.code(401).send({ failure: 'unavailable', message: 'this process has another secret' });
  });
  let underWay = 0;
  server.post<{ Body: readonly SentEnvelope[] }>(commandPath, (request, reply) => {
    if (!isParcel(request.body)) {
      void reply.code(400).send({ failure: 'unavailable', message: 'this is not a parcel of commands' });
      return;
    }
    void reply.hijack();
    const replies = new ReplyStream(reply.raw, request.body.length);
    for (const [index, envelope] of request.body.entries()) {
      underWay += 1;
      void carryOut(options, received(envelope)).then((answer) => {
        underWay -= 1;
        replies.send(index, answer);
      });
    }
  });
  await server.listen({ host: options.host, port: options.port });
  const { port } = server.server.address() as AddressInfo;
  return {
    address: `http://${reachableName(options.host)}:${port}`,
    underWay: () => underWay,
    close: () => server.close(),
  };
}

/** Not by a schema: for this one line a process would load and run a compiler at each start. */
function isParcel(body: unknown): boolean {
  return Array.isArray(body) && body.length <= parcelLimits.commands;
}

/** As it is meant here: clocks of two processes have nothing in common. */
function received({ timeoutMs, ...envelope }: SentEnvelope): CommandEnvelope {
  return timeoutMs === undefined ? envelope : { ...envelope, deadline: performance.now() + timeoutMs };
}

async function carryOut(options: CommandServerOptions, envelope: CommandEnvelope): Promise<WireReply> {
  try {
    return { outcome: await (isTracing() ? submitTraced(options, envelope) : options.submitHere(envelope)) };
  } catch (error) {
    return failureOf(error);
  }
}

async function submitTraced(
  { submitHere }: CommandServerOptions,
  envelope: CommandEnvelope,
): Promise<CommandOutcome> {
  const span = spans.receive(traceOf(envelope));
  try {
    const outcome = await submitHere({ ...envelope, ...span?.context });
    span?.end();
    return outcome;
  } catch (error) {
    span?.fail(error);
    throw error;
  }
}

/** The host of a URL. Container networks know their containers by their host names. */
function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return os.hostname();
  return host.includes(':') ? `[${host}]` : host;
}
