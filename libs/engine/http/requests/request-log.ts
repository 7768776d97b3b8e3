import type { Socket } from 'node:net';
import type { ApiLog } from '../api-ports';
import type { ApiRequest } from './api-request';
import { traceFacts } from './request-trace';
import type { FastifyReply } from 'fastify';

/**
 * One line for each request, written when it has ended: answered, or left by its client. What is in it is never a path's value, a query, a header or a body:
 * those hold what is the client's.
 */
export class RequestLog {
  /** The request under way on each connection: what is wrong with its body the parser says of the connection. */
  private readonly open = new WeakMap<Socket, ApiRequest>();

  constructor(private readonly log: ApiLog) {}

  get isOn(): boolean {
    return this.log.isLevelEnabled?.('info') ?? true;
  }

  /** The request that a connection is in the middle of. */
  ofConnection(socket: Socket): ApiRequest | undefined {
    return this.open.get(socket);
  }

  /** Of a request that passes the hooks. */
  watch(request: ApiRequest, reply: FastifyReply): void {
    if (!this.isOn) return;
    this.open.set(request.socket, request);
    // Comes once, whatever becomes of the request, streams too.
    reply.raw.once('close', () => {
      const { raw } = reply;
      this.open.delete(request.socket);
      const { id, method, endpoint, principal, problemCode, startedAtMs } = request;
      const facts = {
        request_id: id,
        method,
        route: endpoint === null ? routeOf(request) : endpoint.route,
        ...(raw.headersSent ? { status: raw.statusCode } : {}),
        ...(problemCode === null ? {} : { code: problemCode }),
        ms: Math.round((performance.now() - startedAtMs) * 100) / 100,
        ...(principal === null ? {} : { key_id: principal.apiKeyId }),
        ...traceFacts(request),
        // The client was gone before it had all of the answer.
        ...(raw.writableFinished ? {} : { aborted: true }),
      };
      this.log.info(facts, 'request');
    });
  }

  /** Of what is answered before any route, hook or filter sees it, unless it is the rest of a request that they did see. */
  broken(requestId: string, status: number, code: string, method: string | null = null): void {
    this.log.info({ request_id: requestId, method, route: null, status, code }, 'request');
  }
}

/** The template of what is no operation of the contract, such as a page of documentation; null where there is nothing. */
function routeOf(request: ApiRequest): string | null {
  return request.is404 ? null : (request.routeOptions.url ?? null);
}
