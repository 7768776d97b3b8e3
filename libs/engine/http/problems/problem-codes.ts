import { refusalStatuses } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';

/** The problems of the HTTP edge itself, besides what the modules refuse: by code the status, and what it means. */
export const edgeProblems = {
  malformed_json: [400, 'The body is not JSON.'],
  invalid_utf8: [400, 'The body is not UTF-8.'],
  duplicate_member: [
    400,
    'An object of the body has a member twice; `param` is the one. Which of them counts would be a guess.',
  ],
  json_too_deep: [400, 'The JSON of the body is nested too deeply.'],
  invalid_string: [
    400,
    'A text holds U+0000 or half of a surrogate pair, or the query of a URL is not UTF-8.',
  ],
  invalid_type: [400, 'A value has another JSON type than it must have.'],
  amount_not_a_string: [400, 'An amount is a JSON number, which is not exact at every size. Send a string.'],
  invalid_value: [400, 'A value is not one of those that are possible here.'],
  invalid_metadata: [400, 'Metadata is an object of short texts.'],
  missing_field: [400, 'A field that is needed is not there.'],
  unknown_field: [
    400,
    'A field is not known here. Unknown fields are refused, so that a typing error is not a silent loss.',
  ],
  missing_body: [400, 'The request needs a JSON body.'],
  unknown_parameter: [400, 'A query parameter is not known here.'],
  duplicate_parameter: [400, 'A query parameter was given twice.'],
  invalid_parameter: [400, 'A query parameter does not have a possible value.'],
  invalid_header: [400, 'A header does not have a possible value; `detail` names it.'],
  invalid_limit: [400, '`limit` is a whole number from 1 to 100.'],
  invalid_cursor: [400, '`cursor` is not one that a list gave out.'],
  invalid_position: [
    400,
    'A position is `<ledger>@<revision>`; one of `as_of` is of the ledger that the request is about.',
  ],
  invalid_idempotency_key: [400, 'An idempotency key has 1 to 255 printable ASCII characters.'],
  duplicate_idempotency_key: [400, 'The request has more than one Idempotency-Key header.'],
  malformed_url: [400, 'The URL is not well-formed.'],
  malformed_request: [400, 'The request is not well-formed HTTP.'],
  unauthenticated: [401, 'There is no valid API key in the Authorization header.'],
  address_not_allowed: [403, 'The API key may not be used from the address that the request comes from.'],
  missing_scope: [403, 'The API key lacks a scope; `missing_scope` names it.'],
  not_found: [404, 'There is nothing at this address.'],
  request_timeout: [
    408,
    'The request did not come in time: its head and a JSON body have 10 s each, a stream may be silent for 30 s. ' +
      'The connection is closed.',
  ],
  method_not_allowed: [405, 'The address exists, but not with this method.'],
  body_too_large: [
    413,
    'The body is larger than its operation takes: 1 MB, a bulk 10 MB (a line of a stream: 1 MB).',
  ],
  unsupported_media_type: [415, 'The body must be application/json in UTF-8, without a Content-Encoding.'],
  expectation_failed: [417, 'The header Expect asks for something else than `100-continue`.'],
  headers_too_large: [431, 'The headers of the request are too large.'],
  too_many_requests: [
    429,
    'The organization, or the API key, does more at once or in a second than it may; `limit` says what. ' +
      'Nothing was done. Try again after `Retry-After`.',
  ],
  internal_error: [500, 'A bug of ours. `request_id` finds it in the log.'],
  read_model_behind: [
    503,
    'The read models have not reached the position that was asked for, or what this process has acknowledged. Try again.',
  ],
  read_model_halted: [
    503,
    'The read models of this ledger (outside a ledger: of the organization) are halted at an event that contradicts them; `detail` says which and why. Other ledgers go on, an operator has to look, and commands are still taken.',
  ],
  read_model_inconsistent: [
    503,
    'A row of the read models contradicts itself or another row, so it is not answered; `detail` says which and why. ' +
      'No event makes it so: an operator has to look. Commands are still taken, and `source=journal` still answers.',
  ],
  outcome_unknown: [
    503,
    'The command may have been booked, or not. Send it again with the same idempotency key to find out. ' +
      'A bulk that is stored in parts may be booked in part: `position`, where it is given, says up to where it is.',
  ],
  answer_unavailable: [
    503,
    "The command was booked, at `position`, but its answer can't be read now. The same idempotency key gets the answer later.",
  ],
  journal_damaged: [
    503,
    'The journal lacks an event, or an event in it is not as it was written; `detail` names it. `ledgerctl verify` finds the first one.',
  ],
  unavailable: [
    503,
    'Something that this request needs is unavailable. The request booked nothing. Try again.',
  ],
  stream_too_slow: [
    408,
    'The client of an event stream read nothing for 60 seconds. It is the last message of the stream, ' +
      'with the event `problem`; resume with `Last-Event-ID`.',
  ],
  too_many_streams: [503, 'This process serves as many event streams as it may. Try again.'],
} as const satisfies Record<string, readonly [number, string]>;

export type EdgeProblemCode = keyof typeof edgeProblems;

/** What is wrong: a code of the edge, or what a module declared. */
export type Problem = EdgeProblemCode | Pick<DeclaredRefusal, 'code' | 'kind'>;

/** A problem of the edge that something behind it found. */
export function edgeProblemOf(code: string): EdgeProblemCode | undefined {
  return Object.hasOwn(edgeProblems, code) ? (code as EdgeProblemCode) : undefined;
}

export function codeOf(problem: Problem): string {
  return typeof problem === 'string' ? problem : problem.code;
}

export function statusOf(problem: Problem): number {
  return typeof problem === 'string' ? edgeProblems[problem][0] : refusalStatuses[problem.kind];
}

/** A short title that is always the same for a code: `insufficient_funds` is "Insufficient funds". */
export function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
