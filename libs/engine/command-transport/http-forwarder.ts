import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { splitLines } from '@fintech-ledger/contract';
import {
  CommandOutcomeUnknown,
  inTime,
  notInTime,
  traceOf,
  WriterUnavailable,
} from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome, Forwarder } from '@fintech-ledger/journal';
import { isTracing, spans } from '@fintech-ledger/telemetry';
import { Outbox } from './outbox';
import type { Parcel } from './outbox';
import { commandPath, parcelLimits, timeoutOf, transportTokens } from './wire';
import type { WireReply } from './wire';

/** What the other process itself refuses a request with before it has begun with any command of it. */
const turnedAway = new Set([400, 401, 404, 413, 415]);

export interface HttpForwarderOptions {
  readonly secret: string;
  readonly timeoutMs?: number;
}

/** Hands commands to other processes over HTTP, with connections kept open; those that arrive together travel together. */
export class HttpForwarder implements Forwarder {
  private readonly outboxes = new Map<string, Outbox>();
  private readonly agent: Agent;
  private readonly tokens: readonly [string, string];
  /** Processes of the release before, by their addresses. */
  private readonly earlier = new Set<string>();

  constructor({ secret, timeoutMs = 15_000 }: HttpForwarderOptions) {
    this.tokens = transportTokens(secret);
    this.agent = new Agent({
      connections: 256,
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

  private forwardPlain(address: string, envelope: CommandEnvelope): Promise<CommandOutcome> {
    let outbox = this.outboxes.get(address);
    if (outbox === undefined) {
      outbox = new Outbox(parcelLimits, (parcel) => void this.send(address, parcel));
      this.outboxes.set(address, outbox);
    }
    const { askedAtMs: _, deadline, ...sent } = envelope;
    if (deadline === undefined) return outbox.put(JSON.stringify(sent));
    const timeoutMs = timeoutOf(deadline);
    if (timeoutMs <= 0) return Promise.reject(notInTime(envelope.stream));
    const answer = outbox.put(JSON.stringify({ ...sent, timeoutMs }));
    return inTime(answer, deadline, () => new CommandOutcomeUnknown(`${address} did not answer in time`));
  }

  /** The envelope carries the trace: it is not only between these two processes. */
  private async forwardTraced(address: string, envelope: CommandEnvelope): Promise<CommandOutcome> {
    const span = spans.forward(address, traceOf(envelope));
    try {
      const outcome = await this.forwardPlain(address, { ...envelope, ...span?.context });
      span?.end();
      return outcome;
    } catch (error) {
      span?.fail(error);
      throw error;
    }
  }

  /**
   * With the token that the process took last, and with the other one when it takes that no more: nothing was
   * carried out then.
   */
  private async request(origin: string, parcel: Parcel): Promise<Dispatcher.ResponseData> {
    const [ours, earlier] = this.tokens;
    const [known, other] = this.earlier.has(origin) ? [earlier, ours] : [ours, earlier];
    const answer = await this.post(origin, parcel, known);
    if (answer.statusCode !== 401) return answer;
    await answer.body.dump();
    const second = await this.post(origin, parcel, other);
    if (second.statusCode !== 401) this.remember(origin, other === earlier);
    return second;
  }

  private remember(origin: string, isEarlier: boolean): void {
    if (isEarlier) this.earlier.add(origin);
    else this.earlier.delete(origin);
  }

  private post(origin: string, { body }: Parcel, token: string): Promise<Dispatcher.ResponseData> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return this.agent.request({ origin, path: commandPath, method: 'POST', headers, body });
  }

  private async send(origin: string, parcel: Parcel): Promise<void> {
    try {
      const { statusCode, body } = await this.request(origin, parcel);
      if (statusCode !== 200) {
        const message = `${origin} answered ${statusCode}: ${await body.text()}`;
        parcel.fail(
          turnedAway.has(statusCode) ? new WriterUnavailable(message) : new CommandOutcomeUnknown(message),
        );
        return;
      }
      const decoder = new TextDecoder();
      for await (const { content, isWhole } of splitLines(body as AsyncIterable<Buffer>)) {
        if (!isWhole) break;
        const [index, reply] = JSON.parse(decoder.decode(content)) as [number, WireReply];
        parcel.answer(index, reply);
      }
      parcel.fail(new CommandOutcomeUnknown(`${origin} ended before it had answered`));
    } catch (error) {
      parcel.fail(failureOf(origin, error as Error));
    }
  }
}

function failureOf(origin: string, error: Error): Error {
  const message = `${origin} did not answer: ${error.message}`;
  if (neverSent(error)) return new WriterUnavailable(message, 1, { cause: error });
  return new CommandOutcomeUnknown(message, { cause: error });
}

/** Whether the connection was never made. EHOSTUNREACH and the like are also said of one that was in use. */
function neverSent(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(neverSent);
  const { code, syscall } = error as { readonly code?: string; readonly syscall?: string };
  return code === 'UND_ERR_CONNECT_TIMEOUT' || syscall === 'connect' || syscall === 'getaddrinfo';
}
