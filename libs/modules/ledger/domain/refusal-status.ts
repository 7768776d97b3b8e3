import { refusalKinds } from './refusal';
import type { RefusalCode } from './refusal';

const statuses = { malformed: 400, forbidden: 403, not_found: 404, conflict: 409, rule: 422 } as const;

/** The HTTP status of a refusal, from what kind of "no" it is. */
export function refusalStatus(code: RefusalCode): (typeof statuses)[keyof typeof statuses] {
  return statuses[refusalKinds[code]];
}
