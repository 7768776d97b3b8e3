import { securityHeaders } from '@fintech-ledger/contract';
import type { Socket } from 'node:net';
import { ApiProblem } from '../problems/api-problem';
import { nextRequestId } from './request-ids';
import type { OpenRequests } from './open-requests';

const headerLines = Object.entries(securityHeaders)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

/** Answers what is not even HTTP: Node's parser gave up on it, so no route, hook or filter ever sees it. */
export function brokenRequestHandler(open: OpenRequests) {
  return (error: Error & { code?: string }, socket: Socket): void => answer(error, socket, open);
}

function problemOf(code: string | undefined): ApiProblem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ApiProblem('headers_too_large', 'The headers of the request are too large.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ApiProblem('request_timeout', 'The request did not come in time.');
  return new ApiProblem('malformed_request', 'The request is not well-formed HTTP.');
}

function answer(error: Error & { code?: string }, socket: Socket, open: OpenRequests): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(error.code);
  const request = open.ofConnection(socket);
  const requestId = request?.id ?? nextRequestId();
  if (request === undefined) open.broken(requestId, problem.status, problem.code);
  else request.problemCode ??= problem.code;
  const body = JSON.stringify(problem.body(requestId));
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.code}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Request-Id: ${requestId}\r\n${headerLines}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
