import { securityHeaders } from '@fintech-ledger/contract';
import { instruments, isTracing } from '@fintech-ledger/telemetry';
import type { RequestUse } from '@fintech-ledger/config';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../admission/admission';
import { bearerToken, missingScope, unauthenticated } from '../authentication/authenticator';
import type { Authenticator } from '../authentication/authenticator';
import type { Principal } from '../authentication/principal';
import { isExpensive, queryOfRequest } from './api-request';
import type { ApiRequest } from './api-request';
import { limitRefusalDelayMs, pageLimitDefault, pageLimitMax } from '../limits';
import type { OpenRequests } from './open-requests';
import { startRequestSpan } from './request-trace';
import type { SecurityLog } from './security-log';
import { checkFieldScopes } from '../validation/field-scopes';
import { ApiProblem } from '../problems/api-problem';
import type { CompiledEndpoint } from './compiled-endpoint';
import type { PathParameter } from './path-parameter';
import { asParameter, gather } from './query-values';
import { endpointsOf } from './endpoint';

/** What takes part in every request. */
export interface RequestParts {
  readonly authenticator: Authenticator;
  readonly security: SecurityLog;
  readonly admission: Admission;
  readonly open: OpenRequests;
}

/**
 * What every request passes before its controller, as hooks of Fastify: guards, pipes and interceptors of Nest would
 * cost a chain of promises and Observables for each request. Order: request id, API key, scope, then (the body being
 * read) query and body. Spans are made when the process traces as they are registered.
 */
export function registerRequestHooks(
  fastify: FastifyInstance,
  { authenticator, security, admission, open }: RequestParts,
): void {
  fastify.decorateRequest('endpoint', null);
  fastify.decorateRequest('principal', null);
  fastify.decorateRequest('trace', null);
  fastify.decorateRequest('problemCode', null);
  fastify.decorateRequest('startedAtMs', 0);
  const isTraced = isTracing();
  fastify.addHook('onRequest', (request, reply, done) => {
    const incoming = request as ApiRequest;
    incoming.startedAtMs = performance.now();
    incoming.endpoint = request.routeOptions.config.endpoint ?? null;
    if (isTraced) startRequestSpan(incoming, reply);
    void reply.headers(securityHeaders).header('Request-Id', request.id);
    const refusal = open.refusal(incoming);
    if (refusal !== undefined) {
      done(refusal);
      return;
    }
    authenticate(authenticator, incoming, (error?: Error) => {
      const refused = error === undefined ? admit(admission, incoming, reply) : undefined;
      if (refused === undefined) done(error);
      else setTimeout(() => done(refused), limitRefusalDelayMs);
    });
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    const { endpoint, principal } = request as ApiRequest;
    try {
      if (endpoint !== null) {
        validateRequest(request, endpoint);
        if (endpoint.fieldScopes.length > 0 && principal !== null) {
          const body = request.body as Readonly<Record<string, unknown>>;
          checkFieldScopes(body, endpoint.fieldScopes, principal);
        }
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const { endpoint, startedAtMs } = request as ApiRequest;
    const { statusCode } = reply;
    if (statusCode === 401 || statusCode === 403) security.answered(request as ApiRequest, statusCode);
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const facts = { method: request.method, route: endpoint?.path ?? 'other', status: statusCode };
    instruments.httpRequestSeconds.record(seconds, facts);
    done();
  });
}

/** The problem of a request for which its organization, or its key, does too much already. */
function admit(admission: Admission, request: ApiRequest, reply: FastifyReply): ApiProblem | undefined {
  const { endpoint, principal } = request;
  if (endpoint === null || principal === null) return undefined;
  const use = isExpensive(request) ? 'expensive' : endpoint.use;
  const admitted = admission.enter(principal, { use, cost: costOf(request, use), isWait: isWait(request) });
  if (admitted instanceof ApiProblem) return admitted;
  void reply.headers(admitted.headers);
  reply.raw.once('close', admitted.end);
  return undefined;
}

/** One unit for 1 KB of a body, or for 20 items of a page. */
function costOf(request: ApiRequest, use: RequestUse): number {
  if (use === 'posts')
    return Math.max(1, Math.ceil(Number(request.headers['content-length'] ?? 0) / 1_000) || 1);
  if (use !== 'queries' && use !== 'expensive') return 1;
  const { limit } = queryOfRequest<{ limit?: unknown }>(request);
  const items = typeof limit === 'string' ? Number(limit) : pageLimitDefault;
  return items > pageLimitDefault && items <= pageLimitMax ? Math.ceil(items / pageLimitDefault) : 1;
}

const isWait = ({ headers, endpoint }: ApiRequest): boolean =>
  endpoint?.kind === 'read' && headers['ledger-min-position'] !== undefined;

function authenticate(
  authenticator: Authenticator,
  request: ApiRequest,
  done: (error?: Error) => void,
): void {
  const scope = request.endpoint?.scope ?? null;
  if (scope === null) {
    done();
    return;
  }
  const enter = (principal: Principal): void => {
    request.principal = principal;
    done(principal.allowed.has(scope) ? undefined : missingScope(scope));
  };
  const token = bearerToken(request.headers.authorization);
  if (token === undefined) {
    done(unauthenticated('The request needs an API key: `Authorization: Bearer sk_…`.'));
    return;
  }
  const use = request.endpoint?.kind === 'command' ? 'command' : 'read';
  const known = authenticator.recall(token, use);
  if (known !== undefined) enter(known);
  else authenticator.authenticate(token, use).then(enter, (error: unknown) => done(error as Error));
}

/** Checks path, query and body of a request against its operation. @throws ApiProblem */
function validateRequest(request: FastifyRequest, endpoint: CompiledEndpoint): void {
  validatePath(request.params as Readonly<Record<string, string>>, endpoint.parameters);
  validateQuery(request, endpoint);
  if (endpoint.kind === 'read') validateConsistency(request);
  const { body, isBodyOptional, takesNdjson, takesCsv } = endpoint;
  if (takesNdjson && isNdjson(request)) return;
  if (body === undefined) {
    // Nobody has checked it, so nobody may use it: the hash of a request can't be made of every JSON (1e999).
    if (!takesNdjson && !takesCsv) request.body = undefined;
    return;
  }
  if (request.body === undefined) {
    if (!isBodyOptional) throw new ApiProblem('missing_body', 'The request needs a JSON body.');
    request.body = {};
  }
  if (!body.accepts(request.body)) throw ApiProblem.ofFields(body.explain(request.body));
}

/**
 * `Ledger-Consistency: eventual` takes what the read models have.
 * @throws ApiProblem `invalid_header` for anything else
 */
function validateConsistency({ headers }: FastifyRequest): void {
  const consistency = headers['ledger-consistency'];
  if (consistency === undefined || consistency === 'eventual') return;
  throw new ApiProblem('invalid_header', 'The header Ledger-Consistency is `eventual`, or is not there.');
}

export function isNdjson(request: FastifyRequest): boolean {
  return request.headers['content-type']?.startsWith('application/x-ndjson') === true;
}

function validateQuery(request: FastifyRequest, endpoint: CompiledEndpoint): void {
  if (!request.url.includes('?')) {
    request.query = {};
    return;
  }
  const { query } = endpoint;
  const values = gather(request.query as Readonly<Record<string, string | readonly string[]>>);
  if (!query.accepts(values)) throw ApiProblem.ofFields(query.explain(values).map(asParameter));
  request.query = values;
}

/** Checks the parameters of a path. @throws ApiProblem */
function validatePath(params: Readonly<Record<string, string>>, parameters: readonly PathParameter[]): void {
  for (const { name, pattern, lengthMax = Infinity, refusal, detail } of parameters) {
    const value = params[name] ?? '';
    if (value.length <= lengthMax && pattern.test(value)) continue;
    // What has another form than an id is only not there; another text is wrong in any case.
    throw new ApiProblem(refusal, detail, refusal.kind === 'malformed' ? { param: `/${name}` } : {});
  }
}

/** Answers 405 with `Allow` (RFC 9110, 15.5.6) where a path exists with other methods only. */
export function refuseOtherMethods(
  fastify: FastifyInstance,
  controllers: Parameters<typeof endpointsOf>[0],
): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of endpointsOf(controllers)) {
    const known = methods.get(path) ?? new Set<string>();
    known.add(method);
    if (method === 'GET') known.add('HEAD');
    methods.set(path, known);
  }
  const paths = [...methods].map(
    ([path, allowed]) =>
      [new RegExp(`^${path.replace(/:[A-Za-z]+/g, '[^/]+')}$`), [...allowed].join(', ')] as const,
  );
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!request.is404) {
      done();
      return;
    }
    const path = request.url.split('?', 1)[0] ?? '';
    const Allow = paths.find(([pattern]) => pattern.test(path))?.[1];
    done(
      Allow === undefined
        ? undefined
        : new ApiProblem('method_not_allowed', `Allowed here: ${Allow}.`, { headers: { Allow } }),
    );
  });
}
