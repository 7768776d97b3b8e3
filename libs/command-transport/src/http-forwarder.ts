import { Agent } from 'undici';
import { CommandOutcomeUnknown, traceOf, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome, Forwarder } from '@fintech-ledger/journal';
import { isTracing, spans } from '@fintech-ledger/telemetry';
import { commandPath, outcomeOf, transportToken } from './wire';
import type { WireReply } from './wire';

/** Failures of making the connection: the command was not sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export interface HttpForwarderOptions {
  readonly secret: string;
  readonly timeoutMs?: number;
}

/** Hands commands to other processes over HTTP, with connections kept open. */
export class HttpForwarder implements Forwarder {
  private readonly agent: Agent;
  private readonly authorization: string;

  constructor({ secret, timeoutMs = 15_000 }: HttpForwarderOptions) {
    this.authorization = `Bearer ${transportToken(secret)}`;
    this.agent = new Agent({
      connections: 64,
      connectTimeout: 1_000,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  forward(address: string, envelope: CommandEnvelope): Promise<CommandOutcome> {
    return isTracing() ? this.forwardTraced(address, envelope) : this.forwardPlain(address, envelope);
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  private async forwardPlain(address: string, envelope: CommandEnvelope): Promise<CommandOutcome> {
    const reply = await this.send(address, JSON.stringify(envelope));
    return outcomeOf(reply);
  }

  /** The envelope carries the trace: it is not only between these two processes. */
  private async forwardTraced(address: string, envelope: CommandEnvelope): Promise<CommandOutcome> {
    const span = spans.forward(address, commandPath, traceOf(envelope));
    try {
      const outcome = await this.forwardPlain(address, { ...envelope, ...span?.context });
      span?.end();
      return outcome;
    } catch (error) {
      span?.fail(error);
      throw error;
    }
  }

  private async send(origin: string, body: string): Promise<WireReply> {
    try {
      const response = await this.agent.request({
        origin,
        path: commandPath,
        method: 'POST',
        headers: { authorization: this.authorization, 'content-type': 'application/json' },
        body,
      });
      return (await response.body.json()) as WireReply;
    } catch (error) {
      const { code } = error as { code?: string };
      const message = `${origin} did not answer: ${(error as Error).message}`;
      if (code !== undefined && neverSent.has(code))
        throw new WriterUnavailable(message, 1, { cause: error });
      throw new CommandOutcomeUnknown(message, { cause: error });
    }
  }
}
