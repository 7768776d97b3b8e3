import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { bodyMsMax, bodySilenceMsMax, openBodiesCheckMs } from '../limits';

export interface BodyTimes {
  /** All of a JSON body, milliseconds. */
  readonly bodyMs: number;
  /** The next piece of a stream. */
  readonly silenceMs: number;
  readonly checkMs: number;
}
const usualTimes: BodyTimes = { bodyMs: bodyMsMax, silenceMs: bodySilenceMsMax, checkMs: openBodiesCheckMs };

interface OpenBody {
  /** A stream may last for hours, as long as something comes. */
  readonly isStream: boolean;
  since: number;
  bytes: number;
}

/** How Node itself says of a head that did not come in time. */
const timeout = (): Error =>
  Object.assign(new Error('The body did not come in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

/**
 * Ends requests whose body does not come; Node's own time limit for a request would cut long imports as well. They get
 * 408, or lose their connection where the answer has begun.
 */
export class OpenBodies {
  private readonly open = new Map<IncomingMessage, OpenBody>();

  constructor(private readonly times: BodyTimes = usualTimes) {}

  /** Watches the bodies of all requests of this server. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('preParsing', (request, _reply, _payload, done) => {
      if (hasBody(request)) this.open.set(request.raw, bodyOf(request));
      done();
    });
    // Nearly every body has come by now; kept until the next check, its request would outlive young garbage.
    fastify.addHook('preValidation', ({ raw }, _reply, done) => {
      if (raw.complete) this.open.delete(raw);
      done();
    });
    const timer = setInterval(() => this.check(fastify), this.times.checkMs).unref();
    fastify.addHook('onClose', (_instance, done) => {
      clearInterval(timer);
      done();
    });
  }

  private check({ server }: FastifyInstance): void {
    const now = performance.now();
    for (const [raw, body] of this.open) {
      if (raw.complete || raw.destroyed) {
        this.open.delete(raw);
        continue;
      }
      if (this.isWaitedFor(raw, body, now)) continue;
      this.open.delete(raw);
      server.emit('clientError', timeout(), raw.socket);
    }
  }

  /** Its time is not over, or the client has sent what we have not read yet. */
  private isWaitedFor(raw: IncomingMessage, body: OpenBody, now: number): boolean {
    if (!body.isStream) return now - body.since < this.times.bodyMs;
    const { bytesRead } = raw.socket;
    if (bytesRead !== body.bytes || raw.readableLength > 0) {
      body.since = now;
      body.bytes = bytesRead;
    }
    return now - body.since < this.times.silenceMs;
  }
}

function bodyOf({ raw, headers }: FastifyRequest): OpenBody {
  const isStream = !(headers['content-type'] ?? '').startsWith('application/json');
  return { isStream, since: performance.now(), bytes: raw.socket.bytesRead };
}

export function hasBody({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
