import { queryOf } from '../requests/compiled-endpoint';
import type { EndpointOptions } from '../requests/endpoint-options';
import { statusOf, titleOf } from '../problems/problem-codes';
import type { ProblemCode } from '../problems/problem-codes';
import { problemShape } from '../problems/problem-shape';
import type { ProblemView } from '../problems/problem-shape';
import { fieldScopesOf } from '../validation/field-scopes';
import { codesOfDto } from './codes-of-dto';
import { goodAnswer, requestId, unavailableAnswer } from './good-answer';

/** All answers of an operation: the good one, and problems by status with the codes that they may have. */
export function answers(endpoint: EndpointOptions): Record<string, object> {
  const problems = new Map<number, [ProblemCode, ...ProblemCode[]]>();
  for (const code of codesOf(endpoint)) {
    const status = statusOf(code);
    const others = problems.get(status);
    if (others === undefined) problems.set(status, [code]);
    else others.push(code);
  }
  const good = endpoint.takesNdjson === true ? [endpoint.answer.status, 200] : [endpoint.answer.status];
  return {
    ...Object.fromEntries(good.map((status) => [status, goodAnswer(endpoint, status)])),
    ...Object.fromEntries([...problems].map(([status, codes]) => [status, problemAnswer(codes)])),
    ...(endpoint.operation === 'getReadiness' ? { 503: unavailableAnswer(endpoint) } : {}),
  };
}

function problemAnswer(codes: readonly [ProblemCode, ...ProblemCode[]]): object {
  const [code] = codes;
  const example: ProblemView = {
    type: `/docs/errors#${code}`,
    title: titleOf(code),
    status: statusOf(code),
    detail: titleOf(code),
    code,
    request_id: problemShape.example.request_id,
  };
  const retryAfter = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } };
  return {
    description: codes.map((each) => `\`${each}\``).join(', '),
    headers: {
      'Request-Id': requestId,
      ...(codes.some((each) => statusOf(each) === 503) ? retryAfter : {}),
    },
    content: {
      'application/problem+json': {
        schema: { ...problemShape.schema, properties: { code: { enum: codes } } },
        example,
      },
    },
  };
}

/** What each parameter of a path may be refused with. */
const pathCodes: Readonly<Record<string, readonly ProblemCode[]>> = {
  ledger: ['ledger_not_found'],
  transaction: ['transaction_not_found'],
  apiKey: ['api_key_not_found'],
  address: ['invalid_address'],
};

function codesOf(endpoint: EndpointOptions): readonly ProblemCode[] {
  const { path, scope, kind } = endpoint;
  const codes: ProblemCode[] = [
    'unknown_parameter',
    'duplicate_parameter',
    'invalid_string',
    ...queryCodes(endpoint),
  ];
  if (endpoint.method !== 'GET') codes.push(...bodyCodes(endpoint));
  if (scope !== null) codes.push('unauthenticated', 'missing_scope', 'unavailable', 'read_model_behind');
  if (kind === 'command') {
    codes.push(
      'invalid_idempotency_key',
      'duplicate_idempotency_key',
      'outcome_unknown',
      'answer_unavailable',
    );
    // The parts of a file have keys of their own.
    if (endpoint.takesFiles === undefined) codes.push('idempotency_key_reused');
  }
  if (kind === 'read')
    codes.push(
      'invalid_header',
      'invalid_position',
      'read_model_halted',
      'read_model_inconsistent',
      'journal_damaged',
    );
  for (const [, name = ''] of path.matchAll(/:([A-Za-z]+)/g)) codes.push(...(pathCodes[name] ?? []));
  if (path.includes(':')) codes.push('malformed_url', 'not_found');
  codes.push(...((endpoint.refusals ?? []) as readonly ProblemCode[]));
  return [...new Set(codes)];
}

function queryCodes(endpoint: EndpointOptions): readonly ProblemCode[] {
  const dto = codesOfDto(queryOf(endpoint));
  const codes = [...dto].filter((code) => code !== 'invalid_value' && code !== 'invalid_type');
  return dto.has('invalid_value') ? [...codes, 'invalid_parameter'] : codes;
}

/** A body is read, and refused, also where none is used. */
function bodyCodes({ method, body, isBodyOptional, takesFiles }: EndpointOptions): readonly ProblemCode[] {
  const codes: ProblemCode[] = ['malformed_request', 'malformed_json', 'invalid_utf8', 'duplicate_member'];
  codes.push('json_too_deep', 'invalid_string', 'body_too_large', 'unsupported_media_type');
  if (body !== undefined) codes.push(...codesOfDto(body), 'invalid_type', 'unknown_field');
  codes.push(...fieldScopesOf(body).map(({ code }) => code));
  // A PATCH says what it changes: none of its members is needed.
  if (body !== undefined && method !== 'PATCH') codes.push('missing_field');
  if ((body !== undefined && isBodyOptional !== true) || takesFiles !== undefined) codes.push('missing_body');
  return codes;
}
