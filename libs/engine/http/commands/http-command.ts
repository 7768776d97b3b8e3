// A command over HTTP: its context, as the request says it, and its outcome, as the reply does.
import { erasedFields, idempotencyKeyReused, isRefusedAs } from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hash } from 'node:crypto';
import { canonicalJson } from '@fintech-ledger/envelope';
import type { KeyedRequest } from '../kept-answers/kept-answers';
import { principalOf, refusalsOf, traceOf } from '../requests/api-request';
import type { ApiRequest } from '../requests/api-request';
import { isDryRun } from '../requests/is-dry-run';
import { withLivemodeIn } from '../requests/livemode';
import type { SealedBody } from '../requests/sealed-metadata';
import { idempotencyKeyLengthMax } from '../limits';
import { ApiProblem } from '../problems/api-problem';
import { sendProblem } from '../problems/send-problem';

/**
 * Who asks for a command, and how. @param body what the request asks for; the parsed body unless it is something else
 * @throws ApiProblem for an idempotency key that is none
 */
export function commandContext(request: ApiRequest, body: unknown = request.body): CommandContext {
  const { organizationId, apiKeyId, secret, scopes } = principalOf(request);
  const idempotencyKey = idempotencyKeyOf(request);
  // A repetition of what names somebody whose key is gone: it is answered as before, or refused.
  const dryRun = isDryRun(request) || request.sealed?.problem !== undefined;
  const isKeyed = idempotencyKey !== undefined;
  // Written out, what is optional last: V8 takes microseconds to add members to a copy.
  return {
    organizationId,
    actor: apiKeyId,
    scopes,
    dryRun,
    correlationId: request.id,
    askedAtMs: (request.bodyAtMs ?? performance.now()) - request.turnWaitMs,
    ...(secret === undefined ? nothing : { actorSecret: secret }),
    ...(isKeyed ? { idempotencyKey, requestHash: requestHashOf(request, body) } : nothing),
    ...traceOf(request),
  };
}

/** The same, for commands that are tried one after the other. */
export function triedIn(trial: CommandGateway, context: CommandContext): CommandContext {
  return { ...context, dryRun: false, trial };
}

const nothing = {};

/** Of a query that a writer answers: nothing is recorded, and no key is looked at. */
export function queryContext(request: ApiRequest): CommandContext {
  const { organizationId, apiKeyId, secret, scopes } = principalOf(request);
  const ofSecret = secret === undefined ? nothing : { actorSecret: secret };
  const asked = { organizationId, actor: apiKeyId, scopes, ...ofSecret };
  return { ...asked, dryRun: true, correlationId: request.id, ...traceOf(request) };
}

/** The same with an idempotency key and the hash of what it is for, see `requestHash`. */
export function withIdempotency(
  context: CommandContext,
  idempotencyKey: string,
  request: ApiRequest,
  body: unknown,
  sealed: SealedBody | null = request.sealed,
): CommandContext {
  return { ...context, idempotencyKey, requestHash: requestHashOf(request, body, sealed) };
}

function requestHashOf(
  { endpoint, method, params, sealed }: ApiRequest,
  body: unknown,
  sealedBody: SealedBody | null = sealed,
): string {
  return requestHash(method, endpoint?.path ?? '', params, body, sealedBody);
}

/**
 * A request under a key that no journal keeps.
 * @param body what it asks for @param scope whose keys are one namespace; absent: its organization
 */
export function keyedRequestOf(
  request: ApiRequest,
  key: string,
  body: unknown = request.body,
  scope = principalOf(request).organizationId,
): KeyedRequest {
  return { scope, key, requestHash: requestHashOf(request, body), requestId: request.id };
}

const printable = /^[\x20-\x7e]+$/;

/**
 * The request's idempotency key: 1 to 255 printable ASCII characters, or undefined.
 * @throws ApiProblem `invalid_idempotency_key`, `duplicate_idempotency_key`
 */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  // Node joins repeated headers with a comma, which a key may hold too: the raw headers tell.
  if (typeof key !== 'string' || (key.includes(',') && isRepeated(request.raw.rawHeaders))) {
    throw new ApiProblem(
      'duplicate_idempotency_key',
      'The request has more than one Idempotency-Key header.',
      { param: '/Idempotency-Key' },
    );
  }
  if (key.length > idempotencyKeyLengthMax || !printable.test(key)) {
    const detail = `An idempotency key has 1 to ${idempotencyKeyLengthMax} printable ASCII characters.`;
    throw new ApiProblem('invalid_idempotency_key', detail, { param: '/Idempotency-Key' });
  }
  return key;
}

function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === 'idempotency-key') count += 1;
  }
  return count > 1;
}

/**
 * SHA-256 (hex) of what a request asks for: its method, its path's values and its body, whatever the order of keys or
 * the white space. In two parts where the body has values of data subjects, see `RequestHashes`.
 */
export function requestHash(
  method: string,
  route: string,
  params: unknown,
  body: unknown,
  sealed: SealedBody | null = null,
): string {
  const request = canonicalJson({ body: body ?? null, method, params, route });
  // One call, half the cost of a Hash object.
  return sealed === null ? hash('sha256', request, 'hex') : sealed.hashOf(request, erasedFields);
}

/** What a command is refused with that names somebody whose key is gone: all but a repetition. */
export function whyGone(sealed: SealedBody | null, outcome: CommandOutcome): ApiProblem | undefined {
  const isKnown = outcome.replayed === true || isRefusedAs(outcome, idempotencyKeyReused);
  return isKnown ? undefined : sealed?.problem;
}

/**
 * Answers a command. The answer is a JSON text already and goes out byte for byte, so that a replay is the same.
 * @param owner the ledger or organization whose position it is
 */
export function sendOutcome(reply: FastifyReply, outcome: CommandOutcome, owner: string): void {
  const request = reply.request as ApiRequest;
  const { sealed } = request;
  const gone = sealed === null ? undefined : whyGone(sealed, outcome);
  if (gone !== undefined) {
    sendProblem(reply, gone);
    return;
  }
  if (outcome.replayed === true) void reply.header('Idempotency-Replayed', 'true');
  if (outcome.kind === 'refused') {
    const { refusal, correlationId, judgedAt, revision = judgedAt } = outcome;
    if (revision !== undefined) void reply.header('Ledger-Position', `${owner}@${revision}`);
    sendProblem(reply, ApiProblem.ofRefusal(refusal, refusalsOf(request), correlationId));
    return;
  }
  void reply
    .header('Ledger-Position', `${owner}@${outcome.revision}`)
    .header('content-type', 'application/json; charset=utf-8')
    .send(withLivemodeIn(request, outcome.answer));
}
