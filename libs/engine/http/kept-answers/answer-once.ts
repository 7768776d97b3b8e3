import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiLog } from '../api-ports';
import type { Authenticator } from '../authentication/authenticator';
import { idempotencyKeyOf, keyedRequestOf } from '../commands/http-command';
import { principalOf } from '../requests/api-request';
import type { ApiRequest } from '../requests/api-request';
import { changesNothing } from '../requests/changes-nothing';
import { holdKey, isKept } from './kept-answers';
import type { KeptAnswer, KeptAnswers } from './kept-answers';

/**
 * Has operations that change something without a command done once for each idempotency key; commands are known by
 * their journals. To be registered after what judges a request, and before what changes its answer.
 */
export function answerOnce(
  fastify: FastifyInstance,
  kept: KeptAnswers,
  log: ApiLog,
  authenticator: Pick<Authenticator, 'confirm'>,
): void {
  const parts = { authenticator, kept, log };
  fastify.decorateRequest('heldKey', null).decorateRequest('isRepeated', false);
  fastify.addHook('preHandler', (asked, reply, done) => {
    const request = asked as ApiRequest;
    if (request.endpoint?.keepsAnswer !== true) done();
    else hold(parts, request, reply).then((isAnswered) => isAnswered || done(), done);
  });
  fastify.addHook('onSend', (asked, { statusCode: status }, payload, done) => {
    const request = asked as ApiRequest;
    const { heldKey } = request;
    if (heldKey === null) {
      done(null, payload);
      return;
    }
    request.heldKey = null;
    const body = typeof payload === 'string' ? payload : '';
    void heldKey.end({ status, body }).then(() => done(null, payload));
  });
}

interface HoldParts {
  readonly authenticator: Pick<Authenticator, 'confirm'>;
  readonly kept: KeptAnswers;
  readonly log: ApiLog;
}

/** @returns whether it is answered */
async function hold(
  { authenticator, kept, log }: HoldParts,
  request: ApiRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const key = idempotencyKeyOf(request);
  if (key === undefined || changesNothing(request)) return false;
  const confirm = (): Promise<void> => authenticator.confirm(principalOf(request));
  const held = await holdKey(kept, log, keyedRequestOf(request, key), confirm);
  if (!isKept(held)) {
    request.heldKey = held;
    return false;
  }
  request.isRepeated = true;
  sendKept(reply, held);
  return true;
}

function sendKept(reply: FastifyReply, { status, body }: KeptAnswer): void {
  void reply
    .code(status)
    .header('Idempotency-Replayed', 'true')
    .header('content-type', 'application/json; charset=utf-8')
    .send(body);
}
