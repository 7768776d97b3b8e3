import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiProblem } from '../problems/api-problem';
import type { ApiRequest } from './api-request';
import type { CompiledEndpoint } from './compiled-endpoint';
import { parseJsonBody } from './json-body';
import { hasBody } from './open-bodies';

const otherCharset = /;\s*charset\s*=\s*"?(?!utf-?8"?\s*(?:;|$))/i;

/** Registers what bodies may be: JSON in UTF-8, and NDJSON or CSV as a stream where an operation takes it. Anything else gets 415. */
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
