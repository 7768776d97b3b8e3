import { TransientList } from '@fintech-ledger/contract';
import type { ListPlace } from '@fintech-ledger/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ApiLog } from '../api-ports';
import { drainMsMax, lastRequestsMs } from '../limits';
import { ApiProblem } from '../problems/api-problem';
import type { ApiRequest } from './api-request';
import { traceFacts } from './request-trace';

export interface DrainTimes {
  /** What is under way when the process is told to stop, milliseconds. */
  readonly drainMs: number;
  /** A connection without a request: what its client has sent already is still answered. */
  readonly lastRequestsMs: number;
}
const usualTimes: DrainTimes = { drainMs: drainMsMax, lastRequestsMs };
const listedMax = 20;

/**
 * The requests that are under way. Each has a line in the log when it has ended: answered, or left by its client. Once
 * the server closes there are no new ones, every answer closes its connection, and what has not ended in time is cut
 * off: no client can keep a process that is told to stop, by keeping its connection or by sending for ever.
 */
export class OpenRequests {
  private readonly open = new TransientList<FastifyReply>();
  private isDraining = false;

  constructor(
    private readonly log: ApiLog,
    private readonly times: DrainTimes = usualTimes,
  ) {}

  /** Notes the requests of this server, and ends them when it closes. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (_request, reply, done) => {
      const place = this.open.add(reply);
      // Comes once, whatever becomes of the request, streams too.
      reply.raw.on('close', () => this.ended(place));
      done();
    });
    fastify.addHook('preClose', (done) => {
      this.drain(fastify.server);
      done();
    });
  }

  /** The last request of a connection: what is wrong with its body the parser says of the connection. */
  ofConnection(socket: Socket): ApiRequest | undefined {
    const last = this.open.values().findLast(({ request }) => request.socket === socket);
    return last?.request as ApiRequest | undefined;
  }

  /** Logs what is answered before any hook sees it, unless it is the rest of a request that they did see. */
  broken(requestId: string, status: number, code: string, method: string | null = null): void {
    this.log.info({ request_id: requestId, method, route: null, status, code }, 'request');
  }

  /** Why a request is not begun; undefined: it is. Questions about health are answered to the end. */
  refusal(request: ApiRequest): ApiProblem | undefined {
    if (!this.isDraining || request.endpoint?.path.startsWith('/health/') === true) return undefined;
    const headers = { 'Retry-After': '1', Connection: 'close' };
    return new ApiProblem('unavailable', 'The process is stopping. The request booked nothing.', { headers });
  }

  private ended(place: ListPlace<FastifyReply>): void {
    const reply = this.open.take(place);
    if (reply === undefined) return;
    const request = reply.request as ApiRequest;
    request.whenClosed?.();
    // Node closes it only where the head of the answer could still say so.
    if (this.isDraining) request.socket.destroySoon();
    if (this.log.isLevelEnabled?.('info') ?? true) this.log.info(endedRequest(request, reply), 'request');
  }

  /** Returns at once; the server has closed when its last connection has. */
  private drain(server: Server): void {
    this.isDraining = true;
    // Node writes `Connection: close` into the heads that are still to come.
    for (const { raw } of this.open.values()) raw.shouldKeepAlive = false;
    const since = performance.now();
    const timer = setInterval(() => {
      const drainedMs = performance.now() - since;
      const isLate = drainedMs >= this.times.drainMs;
      if (isLate) this.cut(drainedMs);
      if (!isLate && (this.open.size > 0 || drainedMs < this.times.lastRequestsMs)) return;
      clearInterval(timer);
      server.closeAllConnections();
    }, this.times.lastRequestsMs / 2);
    server.once('close', () => clearInterval(timer));
    timer.unref();
  }

  private cut(drainedMs: number): void {
    const left = this.open.values().filter(({ raw }) => !raw.writableFinished);
    if (left.length > 0) {
      const requests = left.slice(0, listedMax).map(({ request }) => cutRequest(request as ApiRequest));
      const facts = { count: left.length, requests, ms: Math.round(drainedMs) };
      this.log.warn(facts, 'stopping: cut off requests that had not ended');
    }
    for (const { request } of this.open.values()) request.socket.destroy();
  }
}

/** Never a path's value, a query, a header or a body: those hold what is the client's. */
function endedRequest(request: ApiRequest, { raw }: FastifyReply): object {
  const { id, method, endpoint, principal, problemCode, startedAtMs } = request;
  return {
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
}

/** The template of what is no operation, such as a page of documentation; null where there is nothing. */
function routeOf(request: ApiRequest): string | null {
  return request.is404 ? null : (request.routeOptions.url ?? null);
}

const cutRequest = ({ id, method, endpoint, routeOptions, startedAtMs }: ApiRequest): object => ({
  request_id: id,
  method,
  route: endpoint?.route ?? routeOptions.url ?? null,
  ms: Math.round(performance.now() - startedAtMs),
});
