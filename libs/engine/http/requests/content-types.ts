import type { FastifyInstance, FastifyRequest } from 'fastify';
import { duplicateName } from '@fintech-ledger/envelope';
import { isUtf8 } from 'node:buffer';
import { depthCheckBytes, jsonDepthMax } from '../limits';
import { ApiProblem } from '../problems/api-problem';
import type { ApiRequest } from './api-request';
import type { CompiledEndpoint } from './compiled-endpoint';
import { hasBody } from './open-bodies';
import { hasBrokenString } from './broken-string';

const otherCharset = /;\s*charset\s*=\s*"?(?!utf-?8"?\s*(?:;|$))/i;

/**
 * Registers what bodies may be: JSON in UTF-8, and NDJSON or CSV as a stream where an operation takes it. Anything
 * else gets 415.
 */
export function registerContentTypes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRoute', (route) => {
    const { endpoint } = (route.config ?? {}) as { readonly endpoint?: CompiledEndpoint };
    if (endpoint !== undefined) route.bodyLimit = endpoint.bodyBytesMax;
  });
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done) => {
      try {
        if (otherCharset.test(request.headers['content-type'] ?? '')) throw unsupported();
        done(null, parseJsonBody(body));
      } catch (error) {
        done(error as Error);
      }
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
    else done(unsupported());
  });
  fastify.addContentTypeParser('text/csv', (request, payload, done) => {
    if (request.routeOptions.config.endpoint?.takesCsv === true) done(null, payload);
    else done(unsupported());
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

function unsupported(): ApiProblem {
  return new ApiProblem('unsupported_media_type', 'The body must be application/json in UTF-8.');
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
    if (hasBrokenString(value)) {
      throw new ApiProblem('invalid_string', 'A text holds U+0000 or half of a surrogate pair.');
    }
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
