import type { CommandContext } from '@fintech-ledger/journal';
import { unauthenticated } from '../authentication/authenticator';
import type { Principal } from '../authentication/principal';
import type { ApiRequest } from '../requests/api-request';
import { idempotencyKeyOf } from './idempotency-key';
import { requestHash } from './request-hash';
import { traceOf } from '../requests/request-trace';

/**
 * Who asks for a command, and how. @param body what the request asks for; the parsed body unless it is something else
 * @throws ApiProblem for an idempotency key that is none
 */
export function commandContext(request: ApiRequest, body: unknown = request.body): CommandContext {
  const principal = principalOf(request);
  const idempotencyKey = idempotencyKeyOf(request);
  const context = {
    organizationId: principal.organizationId,
    actor: principal.apiKeyId,
    scopes: principal.scopes,
    dryRun: (request.query as { dry_run?: string }).dry_run === 'true',
    correlationId: request.id,
    ...traceOf(request),
  };
  return idempotencyKey === undefined ? context : withIdempotency(context, idempotencyKey, request, body);
}

/** Of a query that a writer answers: nothing is recorded, and no key is looked at. */
export function queryContext(request: ApiRequest): CommandContext {
  const { organizationId, apiKeyId, scopes } = principalOf(request);
  const asked = { organizationId, actor: apiKeyId, scopes };
  return { ...asked, dryRun: true, correlationId: request.id, ...traceOf(request) };
}

/** The same with an idempotency key and the hash of what it is for. */
export function withIdempotency(
  context: CommandContext,
  idempotencyKey: string,
  request: ApiRequest,
  body: unknown,
): CommandContext {
  const route = request.endpoint?.path ?? '';
  return {
    ...context,
    idempotencyKey,
    requestHash: requestHash(request.method, route, request.params, body),
  };
}

/** Who makes the request. @throws ApiProblem `unauthenticated` where nobody had to say */
export function principalOf(request: ApiRequest): Principal {
  if (request.principal === null) throw unauthenticated('The request needs an API key.');
  return request.principal;
}
