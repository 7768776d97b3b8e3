import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { TraceContext } from '@fintech-ledger/telemetry';
import type { FastifyRequest } from 'fastify';
import { unauthenticated } from '../authentication/authenticator';
import type { Principal } from '../authentication/principal';
import type { HeldKey } from '../kept-answers/kept-answers';
import type { CompiledEndpoint } from './compiled-endpoint';
import type { SealedBody } from './sealed-metadata';

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
  /** What came of sealing values of data subjects in its body; null: it has none. */
  sealed: SealedBody | null;
  /** The code of the problem that it was answered with, when it was. */
  problemCode: string | null;
  /** Told of each line of its body that is answered with a problem; null: it has no lines, or nobody keeps that. */
  lineRefused: ((problem: { readonly status: number; readonly code: string }) => void) | null;
  /** What it made, where that is no event; null: nothing, or that is not known. */
  made: { readonly type: string; readonly id: string } | null;
  /** Its idempotency key, where no journal keeps it, until it is answered; null: it has none. */
  heldKey: HeldKey | null;
  /** It is answered with the first answer of its idempotency key, which is none of a journal. */
  isRepeated: boolean;
  /** When it arrived, on the monotonic clock, milliseconds. */
  startedAtMs: number;
  /** How long it waited for its turn beside those of other organizations, milliseconds: part of its time. */
  turnWaitMs: number;
  /** When a large body was there, by the same clock: its wait for a turn is part of its time. Null: it is not large. */
  bodyAtMs: number | null;
  /** What is done once, when it has ended and its answer has, or its client left. */
  whenClosed: (() => void) | null;
}

/** Who makes the request. @throws ApiProblem `unauthenticated` where nobody had to say */
export function principalOf(request: ApiRequest): Principal {
  if (request.principal === null) throw unauthenticated('The request needs an API key.');
  return request.principal;
}

/** W3C Trace Context, version 00. Anything else is ignored, as the standard says. */
const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const nowhere = {};

/** The place in a trace of the request's commands: its own span when it has one, else what the client sent. */
export function traceOf({ trace, headers }: ApiRequest): Partial<TraceContext> {
  if (trace !== null) return trace;
  const { traceparent } = headers;
  return typeof traceparent === 'string' && traceparentPattern.test(traceparent) ? { traceparent } : nowhere;
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
  // Before it is validated, `metadata[k]` is a name of its own.
  const names = Object.keys(queryOfRequest(request)).map((name) => name.split('[', 1)[0] ?? '');
  return parameters.some((name) => names.includes(name));
}

export function pathParameter(request: FastifyRequest, name: string): string {
  return (request.params as Readonly<Record<string, string>>)[name] ?? '';
}

/** Whether it waits for read models. */
export const isWait = ({ headers, endpoint }: ApiRequest): boolean =>
  endpoint?.kind === 'read' && headers['ledger-min-position'] !== undefined;

export function isNdjson(request: Pick<ApiRequest, 'headers'>): boolean {
  return request.headers['content-type']?.startsWith('application/x-ndjson') === true;
}
