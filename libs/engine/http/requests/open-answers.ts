import type { FastifyInstance } from 'fastify';
import type { ApiRequest } from './api-request';
import { noteAnswer } from './request-trail';
import type { RequestTrail } from './request-trail';
import { openAnswer, sealedStart } from './sealed-metadata';
import type { SealedMetadata } from './sealed-metadata';

/**
 * Opens the metadata of answers, but for what is shown as events have it. A stream opens its own. The trail is told
 * here, and not after the answer: a client that does not wait for it has asked, and may have done it, all the same.
 */
export function openAnswers(fastify: FastifyInstance, metadata: SealedMetadata, trail?: RequestTrail): void {
  fastify.addHook('onSend', (request, { statusCode }, payload, done) => {
    const { endpoint, principal } = request as ApiRequest;
    noteAnswer(trail, request as ApiRequest, statusCode);
    const mayShow = typeof payload === 'string' && payload.includes(sealedStart);
    if (!mayShow || principal === null || endpoint?.showsEvents === true) done(null, payload);
    else openAnswer(metadata, principal.organizationId, payload, done);
  });
}
