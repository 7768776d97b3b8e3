import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { TraceContext } from '@fintech-ledger/telemetry';
import type { FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { Principal } from '../authentication/principal';
import type { CompiledEndpoint } from './compiled-endpoint';

/** A request that passed all checks of its operation. */
export interface ApiRequest extends FastifyRequest {
  /**
   * What is asked for; null where nothing is, or nothing of the contract. Kept here, because Fastify builds
   * `routeOptions` at every look.
   */
  endpoint: CompiledEndpoint | null;
  principal: Principal | null;
  /** The request's span, when it has one. */
  trace: TraceContext | null;
  /** The code of the problem that it was answered with, when it was. */
  problemCode: string | null;
  /** When it arrived, on the monotonic clock, milliseconds. */
  startedAtMs: number;
}

/** The parsed and validated query string; `metadata[k]=v` is an object. */
export function queryOfRequest<T extends object>(request: FastifyRequest): T {
  return request.query as T;
}

export function bodyOf<T extends object>(request: FastifyRequest): T {
  return request.body as T;
}

/** What the operation that is asked for may be refused with. */
export function refusalsOf(request: FastifyRequest): readonly DeclaredRefusal[] {
  return (request as ApiRequest).endpoint?.refusals ?? [];
}

/** Whether the query that is asked for takes the database long. */
export function isExpensive(request: ApiRequest): boolean {
  const parameters = request.endpoint?.isExpensive;
  if (parameters === undefined || parameters === true) return parameters === true;
  const query = queryOfRequest(request);
  return parameters.some((name) => name in query);
}

export function pathParameter(request: FastifyRequest, name: string): string {
  return (request.params as Readonly<Record<string, string>>)[name] ?? '';
}

// Unique by the process's random part and a counter: no call for random bytes for each request.
const processPart = randomBytes(9).toString('base64url').replaceAll('-', 'A').replaceAll('_', 'B');
let count = 0;

/** A new request id, `req_…`, unique over all processes. */
export function nextRequestId(): string {
  count += 1;
  return `req_${processPart}${count.toString(36).padStart(7, '0')}`;
}
