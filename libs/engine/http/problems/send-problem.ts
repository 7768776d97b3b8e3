import { securityHeaders } from '@fintech-ledger/contract';
import type { FastifyReply } from 'fastify';
import type { ApiRequest } from '../requests/api-request';
import { hasBody } from '../requests/request-bodies';
import type { ApiProblem } from './api-problem';

/** Answers a request with a problem. */
export function sendProblem(reply: FastifyReply, problem: ApiProblem): void {
  (reply.request as ApiRequest).problemCode = problem.code;
  const { headers } = problem.more;
  if (headers !== undefined) void reply.headers(headers);
  // Anyone who was refused can't keep a connection open with the rest of a body.
  if (hasBody(reply.request) && !reply.request.raw.complete) void reply.header('connection', 'close');
  void reply
    .code(problem.status)
    .headers(securityHeaders)
    .header('Request-Id', reply.request.id)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem.body(reply.request.id)));
}
