import type { FastifyInstance } from 'fastify';
import type { ApiRequest } from './api-request';
import { noteAnswer } from './request-trail';
import type { RequestTrail } from './request-trail';
import { openAnswer, sealedStart } from './sealed-metadata';
import type { SealedMetadata } from './sealed-metadata';

/**
 * Opens the metadata of answers, except where events are shown as they are stored. Streams open their own. The trail is
 * told here, not after the answer: a client that has left by then may still have done what it asked for.
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
