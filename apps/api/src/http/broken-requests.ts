import type { Socket } from 'node:net';
import { ApiProblem } from '../problems/api-problem';
import { nextRequestId } from './request-id';

/** Answers what is not even HTTP: Node's parser gave up on it, so no route, hook or filter ever sees it. */
export function answerBrokenRequests(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new ApiProblem('headers_too_large', 'The headers of the request are too large.')
      : new ApiProblem('malformed_request', 'The request is not well-formed HTTP.');
  const body = JSON.stringify(problem.body(nextRequestId()));
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.code}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
