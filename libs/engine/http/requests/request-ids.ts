import { randomBytes } from 'node:crypto';

// Unique by the process's random part and a counter: no call for random bytes for each request.
const processPart = newRequestPart();
let count = 0;

/** A part of request ids that no other process has: 12 characters. */
export function newRequestPart(): string {
  return randomBytes(9).toString('base64url').replaceAll('-', 'A').replaceAll('_', 'B');
}

/** Of a request id: what it begins with, which says where it came from (`RequestTrail`); undefined: it is none. */
export function partOfRequestId(id: string): string | undefined {
  return id.startsWith('req_') ? id.slice(4, 16) : undefined;
}

/** A new request id, `req_…`, unique over all processes. */
export const nextRequestId = (): string => requestIdFrom(processPart);

/** The same. @param part what it begins with, in place of the process's */
export function requestIdFrom(part: string): string {
  count += 1;
  return `req_${part}${count.toString(36).padStart(7, '0')}`;
}
