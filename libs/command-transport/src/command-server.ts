import fastify from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { commandBytesMax, commandPath, failureOf, transportToken } from './wire';
import type { WireReply } from './wire';

export interface CommandServerOptions {
  /** Carries out a command here, or refuses to: it is not handed on. */
  readonly submitHere: (envelope: CommandEnvelope) => Promise<CommandOutcome>;
  /** Shared by all processes of the installation. */
  readonly secret: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface CommandServer {
  /** Where other processes reach it, e.g. `http://127.0.0.1:40123`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Takes commands from the installation's other processes. Not for clients: these come through the API. */
export async function startCommandServer(options: CommandServerOptions): Promise<CommandServer> {
  const server = fastify({ bodyLimit: commandBytesMax, forceCloseConnections: true });
  const expected = Buffer.from(`Bearer ${transportToken(options.secret)}`);
  server.post<{ Body: CommandEnvelope; Reply: WireReply }>(commandPath, async (request, reply) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return reply.code(401).send({ failure: 'unavailable', message: 'this process has another secret' });
    }
    try {
      return { outcome: await options.submitHere(request.body) };
    } catch (error) {
      return failureOf(error);
    }
  });
  const address = await server.listen({ host: options.host, port: options.port });
  return { address, close: () => server.close() };
}
