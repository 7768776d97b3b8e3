import type { IncomingMessage, Server } from 'node:http';
import { ApiProblem } from '../problems/api-problem';

const unmet = new WeakSet<IncomingMessage>();

/** Hands on what expects something else than 100-continue; Node would answer it with a status alone. */
export function noteExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => {
    unmet.add(request);
    server.emit('request', request, response);
  });
}

/** What is wrong with a head that is HTTP: RFC 9110, 7.2 and 10.1.1. Undefined: nothing. */
export function strangeHead(request: IncomingMessage): ApiProblem | undefined {
  const headers = { Connection: 'close' };
  // Of HTTP/1.0 none is asked for.
  if (request.headers.host === undefined && request.httpVersion === '1.1')
    return new ApiProblem('malformed_request', 'The request has no Host header.', { headers });
  return unmet.has(request)
    ? new ApiProblem('expectation_failed', 'Of Expect only `100-continue` is met.', { headers })
    : undefined;
}
