import type { Principal } from '../authentication/principal';
import type { ApiRequest } from './api-request';

/** Keeps what events do not say of requests: where they came from, which were refused, and some of what was done. */
export interface RequestTrail {
  /**
   * By key, address and user agent (a line each), what the ids of requests from there begin with, behind `req_`: events
   * keep those ids, so an id leads to where its request came from for as long as that is kept.
   */
  readonly origins: ReadonlyMap<string, string>;
  /** A new one. */
  learn(key: string, principal: Principal, ip: string, userAgent: string | undefined): string;
  /**
   * A request with a valid API key was answered with a problem, or a line of its body was.
   * @param status 400 to 499 @param code of the problem of a line; absent: that of the request
   */
  refused(request: ApiRequest, principal: Principal, status: number, code?: string): void;
  /** A request with a valid API key did what it asked for. */
  done(request: ApiRequest, principal: Principal): void;
}

/** Says what a request made, where that is no event: the audit log tells of it. */
export function noteMade(request: ApiRequest, type: string, id: string): void {
  request.made = { type, id };
}

/** Notes what a request with a valid API key is answered with. */
export function noteAnswer(trail: RequestTrail | undefined, request: ApiRequest, status: number): void {
  const { principal } = request;
  if (principal === null || trail === undefined) return;
  if (status < 300) {
    // A repetition under an idempotency key did nothing.
    if (!request.isRepeated) trail.done(request, principal);
  } else if (status >= 400 && status < 500) trail.refused(request, principal, status);
}

/** Notes refused lines of the body: such a request is answered with 200, whatever becomes of them. */
export function noteLines(trail: RequestTrail | undefined, request: ApiRequest): void {
  const { principal } = request;
  if (principal === null || trail === undefined) return;
  request.lineRefused = ({ status, code }) => {
    if (status >= 400 && status < 500) trail.refused(request, principal, status, code);
  };
}
