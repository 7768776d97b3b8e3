import { securityHeaders } from '@fintech-ledger/contract';
import { instruments, isTracing } from '@fintech-ledger/telemetry';
import type { RequestUse } from '@fintech-ledger/config';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../admission/admission';
import type { ApiLog } from '../api-ports';
import {
  bearerToken,
  forbiddenAddress,
  missingScope,
  unauthenticated,
} from '../authentication/authenticator';
import type { Authenticator } from '../authentication/authenticator';
import type { KeyUses } from '../authentication/key-uses';
import { mayComeFrom } from '../authentication/principal';
import type { Principal } from '../authentication/principal';
import { answerOnce } from '../kept-answers/answer-once';
import type { KeptAnswers } from '../kept-answers/kept-answers';
import { bodyOf, isExpensive, isWait, queryOfRequest } from './api-request';
import { confirmKey } from './confirm-key';
import { requestIdFrom } from './request-ids';
import type { ApiRequest } from './api-request';
import { pageLimitDefault, pageLimitMax, userAgentCharacters } from '../limits';
import type { OpenRequests } from './open-requests';
import { answerLate, slowRefusals } from './refusal-pace';
import type { RequestTrail } from './request-trail';
import { startRequestSpan } from './request-trace';
import type { SecurityLog } from './security-log';
import { checkFieldScopes } from '../validation/field-scopes';
import { ApiProblem } from '../problems/api-problem';
import type { CompiledEndpoint } from './compiled-endpoint';
import type { PathParameter } from './path-parameter';
import { asParameter, gather, refuseBrokenQuery } from './query-values';
import { openAnswers } from './open-answers';
import { sealBody } from './sealed-metadata';
import type { SealedMetadata } from './sealed-metadata';
import { foundSubjectValues } from '../validation/subject-values';
import { watchStreamedAnswers } from './streamed-answers';
import { strangeHead } from './strange-heads';
import { beginInTurn, TurnsBesideOthers } from './turns-beside-others';
import { validateBody } from './validate-body';

/** What takes part in every request. */
export interface RequestParts {
  readonly authenticator: Authenticator;
  readonly security: SecurityLog;
  readonly admission: Admission;
  readonly open: OpenRequests;
  /** Absent: nobody is told. */
  readonly uses?: KeyUses | undefined;
  /** Absent: nobody keeps one. */
  readonly trail?: RequestTrail | undefined;
  readonly metadata: SealedMetadata;
  readonly kept: KeptAnswers;
  readonly log: ApiLog;
}

/**
 * What every request passes before its controller, as hooks of Fastify: guards, pipes and interceptors of Nest would
 * cost a chain of promises and Observables for each request. Order: request id, API key, scope, then (the body being
 * read) query and body. Spans are made when the process traces as they are registered.
 */
export function registerRequestHooks(
  fastify: FastifyInstance,
  { authenticator, security, admission, open, uses, metadata, trail, kept, log }: RequestParts,
): void {
  for (const name of ['endpoint', 'principal', 'trace', 'sealed', 'problemCode'])
    fastify.decorateRequest(name, null);
  for (const name of ['lineRefused', 'made', 'whenClosed']) fastify.decorateRequest(name, null);
  for (const name of ['startedAtMs', 'turnWaitMs']) fastify.decorateRequest(name, 0);
  const isTraced = isTracing();
  const turns = new TurnsBesideOthers();
  fastify.addHook('onRequest', (request, reply, done) => {
    const incoming = request as ApiRequest;
    incoming.startedAtMs = performance.now();
    incoming.endpoint = request.routeOptions.config.endpoint ?? null;
    if (isTraced) startRequestSpan(incoming, reply);
    void reply.headers(securityHeaders).header('Request-Id', request.id);
    const refusal = open.refusal(incoming) ?? strangeHead(incoming.raw);
    if (refusal !== undefined) {
      done(refusal);
      return;
    }
    authenticate({ authenticator, uses }, incoming, (error?: Error) => {
      // Its client left while its key was looked up: nobody would say when it has ended.
      if (reply.raw.destroyed) return;
      if (incoming.principal !== null && trail !== undefined) {
        incoming.id = requestIdFrom(originOf(trail, incoming, incoming.principal));
        void reply.header('Request-Id', incoming.id);
      }
      const refused = error ?? admit(admission, incoming, reply);
      if (refused === undefined) beginInTurn(turns, incoming, (late) => done(late ?? open.refusal(incoming)));
      else if (refused === error) done(error);
      else answerLate(() => done(refused));
    });
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    const { endpoint, principal } = request as ApiRequest;
    try {
      if (endpoint !== null) {
        validateRequest(request, endpoint, trail);
        if (endpoint.fieldScopes.length > 0 && principal !== null)
          checkFieldScopes(bodyOf(request), endpoint.fieldScopes, principal);
      }
      if (foundSubjectValues.length > 0) sealBody(metadata, request as ApiRequest, done);
      else done();
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('preHandler', (request, _, done) => confirmKey(authenticator, request as ApiRequest, done));
  answerOnce(fastify, kept, log, authenticator);
  slowRefusals(fastify);
  openAnswers(fastify, metadata, trail);
  watchStreamedAnswers(fastify, { authenticator, log });
  addMeasuring(fastify, security);
}

/** Says what was answered: to the security log and the metrics. */
function addMeasuring(fastify: FastifyInstance, security: SecurityLog): void {
  fastify.addHook('onResponse', (request: FastifyRequest, { statusCode }: FastifyReply, done) => {
    const { endpoint, startedAtMs } = request as ApiRequest;
    if (statusCode === 401 || statusCode === 403) security.answered(request as ApiRequest, statusCode);
    const facts = { method: request.method, route: endpoint?.path ?? 'other', status: statusCode };
    instruments.httpRequestSeconds.record((performance.now() - startedAtMs) / 1_000, facts);
    done();
  });
}

function originOf(trail: RequestTrail, { ip, headers }: ApiRequest, principal: Principal): string {
  const agent = headers['user-agent']?.slice(0, userAgentCharacters);
  const key = `${principal.apiKeyId}\n${ip}\n${agent ?? ''}`;
  return trail.origins.get(key) ?? trail.learn(key, principal, ip, agent);
}

/** The problem of a request for which its organization, or its key, does too much already. */
function admit(admission: Admission, request: ApiRequest, reply: FastifyReply): ApiProblem | undefined {
  const { endpoint, principal } = request;
  if (endpoint === null || principal === null) return undefined;
  const use = isExpensive(request) ? 'expensive' : endpoint.use;
  const admitted = admission.enter(principal, { use, cost: costOf(request, use), isWait: isWait(request) });
  if (admitted instanceof ApiProblem) return admitted;
  void reply.headers(admitted.headers);
  request.whenClosed = admitted.end;
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

function authenticate(
  { authenticator, uses }: Pick<RequestParts, 'authenticator' | 'uses'>,
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
    if (!mayComeFrom(principal, request.ip)) {
      done(forbiddenAddress());
      return;
    }
    uses?.note(principal.apiKeyId);
    done(principal.allowed.has(scope) ? undefined : missingScope(scope));
  };
  const token = bearerToken(request.headers.authorization);
  if (token === undefined) {
    done(unauthenticated('The request needs an API key: `Authorization: Bearer sk_…`.'));
    return;
  }
  const use = request.endpoint?.changes === true ? 'change' : 'read';
  const known = authenticator.recall(token, use);
  if (known !== undefined) enter(known);
  else authenticator.authenticate(token, use).then(enter, (error: unknown) => done(error as Error));
}

/** Checks path, query and body of a request against its operation. @throws ApiProblem */
function validateRequest(request: FastifyRequest, endpoint: CompiledEndpoint, trail?: RequestTrail): void {
  validatePath(request.params as Readonly<Record<string, string>>, endpoint.parameters);
  validateQuery(request, endpoint);
  if (endpoint.kind === 'read') validateConsistency(request);
  validateBody(request as ApiRequest, endpoint, trail);
}

/**
 * `Ledger-Consistency: eventual` takes what the read models have.
 * @throws ApiProblem `invalid_header` for anything else
 */
function validateConsistency({ headers }: FastifyRequest): void {
  const consistency = headers['ledger-consistency'];
  if (consistency === undefined || consistency === 'eventual') return;
  throw new ApiProblem('invalid_header', 'The header Ledger-Consistency is `eventual`, or is not there.', {
    param: '/Ledger-Consistency',
  });
}

/** Operations that were found to need no query string. */
const needNone = new WeakSet<CompiledEndpoint>();

function validateQuery(request: FastifyRequest, endpoint: CompiledEndpoint): void {
  const isBare = !request.url.includes('?');
  if (isBare && needNone.has(endpoint)) {
    request.query = {};
    return;
  }
  const { query } = endpoint;
  const given = request.query as Readonly<Record<string, string | readonly string[]>>;
  if (!isBare) refuseBrokenQuery(request.url);
  const values = isBare ? {} : gather(given);
  if (!query.accepts(values)) throw ApiProblem.ofFields(query.explain(values).map(asParameter));
  if (isBare) needNone.add(endpoint);
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
