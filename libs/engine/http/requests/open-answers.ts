import type { FastifyInstance } from 'fastify';
import type { ApiRequest } from './api-request';
import { openAnswer, sealedStart } from './sealed-metadata';
import type { SealedMetadata } from './sealed-metadata';

/** Opens the metadata of answers, but for what is shown as events have it. A stream opens its own. */
export function openAnswers(fastify: FastifyInstance, metadata: SealedMetadata): void {
  fastify.addHook('onSend', (request, _reply, payload, done) => {
    const { endpoint, principal } = request as ApiRequest;
    const mayShow = typeof payload === 'string' && payload.includes(sealedStart);
    if (!mayShow || principal === null || endpoint?.showsEvents === true) done(null, payload);
    else openAnswer(metadata, principal.organizationId, payload, done);
  });
}
