// What the bodies of requests may be, and how long they may take.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TransientList } from '@fintech-ledger/contract';
import type { ListPlace } from '@fintech-ledger/contract';
import { duplicateName } from '@fintech-ledger/envelope';
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import {
  bodyMsMax,
  bodySilenceMsMax,
  depthCheckBytes,
  jsonDepthMax,
  openBodiesCheckMs,
  unslicedBytesMax,
} from '../limits';
import { ApiProblem } from '../problems/api-problem';
import type { ApiRequest } from './api-request';
import type { CompiledEndpoint } from './compiled-endpoint';
import { brokenStringIn } from './broken-string';
import { LargeRequests } from './large-requests';

// Nothing optional stands before what must not follow: it would be left out to find another charset in "utf-8".
const otherCharset = /;\s*charset\s*=(?!\s*(?:utf-?8|"utf-?8")\s*(?:;|$))/i;

/**
 * Registers what bodies may be: JSON in UTF-8, and NDJSON, CSV or XML as a stream where an operation takes it. Anything
 * else gets 415.
 */
export function registerContentTypes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRoute', (route) => {
    const { endpoint } = (route.config ?? {}) as { readonly endpoint?: CompiledEndpoint };
    if (endpoint !== undefined) route.bodyLimit = endpoint.bodyBytesMax;
  });
  const largeRequests = new LargeRequests();
  fastify.decorateRequest('bodyAtMs', null);
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done) => {
      const parse = (): void => {
        let value: unknown;
        try {
          if (otherCharset.test(request.headers['content-type'] ?? '')) throw unsupported(request);
          value = parseJsonBody(body);
        } catch (error) {
          done(error as Error);
          return;
        }
        done(null, value);
      };
      if (body.length <= unslicedBytesMax) parse();
      else largeRequests.begin(request as ApiRequest, parse, done);
    },
  );
  // Before anything of the body is read, whatever its type.
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const { 'content-encoding': encoding } = request.headers;
    if (encoding === undefined || isIdentity(encoding) || !hasBody(request)) done();
    else done(encoded());
  });
  fastify.addContentTypeParser('application/x-ndjson', (request, payload, done) => {
    if ((request as ApiRequest).endpoint?.takesNdjson === true) done(null, payload);
    else done(unsupported(request));
  });
  fastify.addContentTypeParser('application/xml', (request, payload, done) => {
    if (request.routeOptions.config.endpoint?.takesXml === true) done(null, payload);
    else done(unsupported(request));
  });
  fastify.addContentTypeParser('*', (request, _payload, done) => done(unsupported(request)));
  fastify.addContentTypeParser('text/csv', (request, payload, done) => {
    if (request.routeOptions.config.endpoint?.takesCsv === true) done(null, payload);
    else done(unsupported(request));
  });
}

function isIdentity(encoding: string): boolean {
  return encoding.split(',').every((coding) => ['', 'identity'].includes(coding.trim().toLowerCase()));
}

/** RFC 9110, 15.5.16: with what is taken instead. */
function encoded(): ApiProblem {
  const detail = 'The body must be sent as it is: no Content-Encoding is taken.';
  return new ApiProblem('unsupported_media_type', detail, { headers: { 'Accept-Encoding': 'identity' } });
}

function unsupported(request: FastifyRequest): ApiProblem {
  const types = request.routeOptions.config.endpoint?.takesTypes ?? 'application/json in UTF-8';
  return new ApiProblem('unsupported_media_type', `The body must be ${types}.`);
}

const unicodeEscape = Buffer.from('\\u');

/**
 * The value of a JSON body; undefined for an empty one.
 * @throws ApiProblem `invalid_utf8`, `malformed_json`, `json_too_deep`, `duplicate_member`, `invalid_string`
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new ApiProblem('invalid_utf8', 'The body is not UTF-8.');
  if (bytes.length > depthCheckBytes) checkDepth(bytes);
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiProblem('malformed_json', 'The body is not JSON.');
  }
  const duplicate = duplicateName(text, value);
  if (duplicate !== undefined) {
    const detail = `The member '${duplicate.name.slice(0, 100)}' appears twice.`;
    throw new ApiProblem('duplicate_member', detail, { param: duplicate.pointer.slice(0, 1_000) });
  }
  // JSON texts in UTF-8 hold U+0000 and lone surrogates only as escapes, so most bodies need no walk.
  if (bytes.includes(unicodeEscape)) {
    checkDepth(bytes);
    const param = brokenStringIn(value)?.slice(0, 1_000);
    if (param !== undefined)
      throw new ApiProblem('invalid_string', 'A text holds U+0000 or half of a surrogate pair.', { param });
  }
  return value;
}

function checkDepth(bytes: Buffer): void {
  if (jsonDepth(bytes) > jsonDepthMax) {
    throw new ApiProblem('json_too_deep', `The JSON is nested more than ${jsonDepthMax} levels deep.`);
  }
}

const quote = 0x22;
const backslash = 0x5c;

/** How deep the brackets of a JSON text nest, without parsing it. */
export function jsonDepth(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (isInString) {
      if (byte === backslash) i += 1;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}

export interface BodyTimes {
  /** All of a JSON body, milliseconds. */
  readonly bodyMs: number;
  /** The next piece of a stream. */
  readonly silenceMs: number;
  readonly checkMs: number;
}
const usualTimes: BodyTimes = { bodyMs: bodyMsMax, silenceMs: bodySilenceMsMax, checkMs: openBodiesCheckMs };

interface OpenBody {
  readonly raw: IncomingMessage;
  /** A stream may last for hours, as long as something comes. */
  readonly isStream: boolean;
  since: number;
  bytes: number;
}

interface BodyRequest extends FastifyRequest {
  openBody?: ListPlace<OpenBody> | null;
}

/** How Node itself says of a head that did not come in time. */
const timeout = (): Error =>
  Object.assign(new Error('The body did not come in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

/**
 * Ends requests whose body does not come; Node's own time limit for a request would cut long imports as well. They get
 * 408, or lose their connection where the answer has begun.
 */
export class OpenBodies {
  private readonly open = new TransientList<OpenBody>();

  constructor(private readonly times: BodyTimes = usualTimes) {}

  /** Watches the bodies of all requests of this server. */
  watch(fastify: FastifyInstance): void {
    fastify.decorateRequest('openBody', null);
    fastify.addHook('preParsing', (request: BodyRequest, _reply, _payload, done) => {
      if (hasBody(request)) request.openBody = this.open.add(bodyOf(request));
      done();
    });
    // Nearly every body has come by now; kept until the next check, its request would outlive young garbage.
    fastify.addHook('preValidation', ({ openBody, raw }: BodyRequest, _reply, done) => {
      if (raw.complete && openBody) this.open.take(openBody);
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
    for (const place of this.open.places()) {
      const body = place.value as OpenBody;
      const { raw } = body;
      const hasEnded = raw.complete || raw.destroyed;
      if (!hasEnded && this.isWaitedFor(body, now)) continue;
      this.open.take(place);
      if (!hasEnded) server.emit('clientError', timeout(), raw.socket);
    }
  }

  /** Its time is not over, or the client has sent what we have not read yet. */
  private isWaitedFor(body: OpenBody, now: number): boolean {
    if (!body.isStream) return now - body.since < this.times.bodyMs;
    const { raw } = body;
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
  return { raw, isStream, since: performance.now(), bytes: raw.socket.bytesRead };
}

export function hasBody({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
