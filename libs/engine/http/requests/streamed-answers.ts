import { instruments } from '@fintech-ledger/telemetry';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import type { ApiLog } from '../api-ports';
import type { Authenticator } from '../authentication/authenticator';
import { clientSilenceMsMax } from '../limits';
import type { ApiRequest } from './api-request';

export interface StreamedAnswers {
  readonly authenticator: Pick<Authenticator, 'mayGoOn'>;
  readonly log: ApiLog;
  /** Absent: the usual one. */
  readonly silenceMsMax?: number;
}

/**
 * Watches over every answer that is sent piece by piece, whatever its controller is. One that only reads ends with the
 * API key of its request: that is asked before each piece, and every second while the client takes none. What changes
 * something tells what became of it, and each of its commands asks for itself. A client that takes nothing is left:
 * it would keep what its answer is made of. The connection is destroyed, so that no part looks like a whole.
 */
export function watchStreamedAnswers(fastify: FastifyInstance, parts: StreamedAnswers): void {
  const { silenceMsMax = clientSilenceMsMax } = parts;
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!(payload instanceof Readable)) {
      done(null, payload);
      return;
    }
    const { raw } = reply;
    if (raw.destroyed) {
      // It has left while its answer was made: there is no `close` to come.
      payload.destroy();
      done(null, payload);
      return;
    }
    // Node counts what the client takes of a piece as activity, too.
    raw.setTimeout(silenceMsMax, () => {
      if (raw.writableLength > 0) cut(parts, reply, 'stream_too_slow');
    });
    const { endpoint, principal } = request as ApiRequest;
    if (principal === null || endpoint?.changes === true) {
      done(null, payload);
      return;
    }
    const mayGoOn = (): boolean => {
      if (!parts.authenticator.mayGoOn(principal)) cut(parts, reply, 'unauthenticated');
      return !raw.destroyed;
    };
    const asking = setInterval(mayGoOn, 1_000);
    raw.once('close', () => clearInterval(asking));
    done(null, Readable.from(whileAllowed(payload, mayGoOn), { objectMode: false }));
  });
}

async function* whileAllowed(pieces: Readable, mayGoOn: () => boolean): AsyncGenerator<Buffer | string> {
  for await (const piece of pieces as AsyncIterable<Buffer | string>) {
    if (!mayGoOn()) return;
    yield piece;
  }
}

function cut({ log }: StreamedAnswers, { raw, request }: FastifyReply, code: string): void {
  if (raw.destroyed) return;
  (request as ApiRequest).problemCode = code;
  instruments.answersCut.add(1, { code });
  log.warn({ request_id: request.id, code }, 'answer cut');
  raw.destroy();
}
