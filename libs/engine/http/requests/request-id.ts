import { randomBytes } from 'node:crypto';

// Unique by the process's random part and a counter: no call for random bytes for each request.
const processPart = randomBytes(9).toString('base64url').replaceAll('-', 'A').replaceAll('_', 'B');
let count = 0;

/** A new request id, `req_…`, unique over all processes. */
export function nextRequestId(): string {
  count += 1;
  return `req_${processPart}${count.toString(36).padStart(7, '0')}`;
}
