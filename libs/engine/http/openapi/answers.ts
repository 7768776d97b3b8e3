import { dataSubjectErased, dataSubjectNotFound } from '@fintech-ledger/contract';
import { idempotencyKeyReused } from '@fintech-ledger/journal';
import { queryOf } from '../requests/compiled-endpoint';
import { takesKey } from '../requests/endpoint-options';
import type { EndpointOptions } from '../requests/endpoint-options';
import { codeOf, edgeProblems, statusOf, titleOf } from '../problems/problem-codes';
import type { EdgeProblemCode, Problem } from '../problems/problem-codes';
import type { ProblemView, problemShape } from '../problems/problem-shape';
import { fieldScopesOf } from '../validation/field-scopes';
import { asksForFields, codesOfDto } from './codes-of-dto';
import { goodAnswer, rateLimits, requestId, unavailableAnswer } from './good-answer';

type ProblemShape = ReturnType<typeof problemShape>;

/** All answers of an operation: the good one, and problems by status with the codes that they may have. */
export function answers(endpoint: EndpointOptions, shape: ProblemShape): Record<string, object> {
  const byStatus = new Map<number, [Problem, ...Problem[]]>();
  for (const problem of problemsOf(endpoint)) {
    const status = statusOf(problem);
    const others = byStatus.get(status);
    if (others === undefined) byStatus.set(status, [problem]);
    else others.push(problem);
  }
  // What is in a file of XML may be there already.
  const mayBeOk = endpoint.takesNdjson === true || takesXml(endpoint);
  const good = mayBeOk ? [endpoint.answer.status, 200] : [endpoint.answer.status];
  return {
    ...Object.fromEntries(good.map((status) => [status, goodAnswer(endpoint, status)])),
    ...Object.fromEntries(
      [...byStatus].map(([status, problems]) => [status, problemAnswer(problems, shape)]),
    ),
    ...(endpoint.operation === 'getReadiness' ? { 503: unavailableAnswer(endpoint) } : {}),
  };
}

const takesXml = ({ takesFiles }: EndpointOptions): boolean => takesFiles?.['application/xml'] !== undefined;

function problemAnswer(problems: readonly [Problem, ...Problem[]], shape: ProblemShape): object {
  const code = codeOf(problems[0]);
  const status = statusOf(problems[0]);
  const codes = problems.map(codeOf);
  const example: ProblemView = {
    type: `/docs/errors#${code}`,
    title: titleOf(code),
    status,
    detail: titleOf(code),
    code,
    request_id: shape.example.request_id,
  };
  const retryAfter = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } };
  return {
    description: codes.map((each) => `\`${each}\``).join(', '),
    headers: {
      'Request-Id': requestId,
      ...(status === 503 || status === 429 ? retryAfter : {}),
      ...(status === 429 ? rateLimits : {}),
    },
    content: {
      'application/problem+json': {
        schema: { ...shape.json, properties: { code: { enum: codes } } },
        example,
      },
    },
  };
}

/** What an operation may be refused with: each code once, where it is named first. */
function problemsOf(endpoint: EndpointOptions): readonly Problem[] {
  const { path, scope, kind, parameters = [], refusals = [], problems = [] } = endpoint;
  const all: Problem[] = [
    'unknown_parameter',
    'duplicate_parameter',
    'headers_too_large',
    'invalid_string',
    ...queryProblems(endpoint),
  ];
  if (endpoint.method !== 'GET') all.push(...bodyProblems(endpoint));
  if (scope !== null)
    all.push(
      'unauthenticated',
      'address_not_allowed',
      'missing_scope',
      'too_many_requests',
      'unavailable',
      'read_model_behind',
    );
  if (takesKey(endpoint)) {
    all.push('invalid_idempotency_key', 'duplicate_idempotency_key', 'outcome_unknown', idempotencyKeyReused);
    if (kind === 'command') all.push('answer_unavailable');
  }
  if (kind === 'read')
    all.push(
      'invalid_header',
      'invalid_position',
      'read_model_halted',
      'read_model_inconsistent',
      'journal_damaged',
    );
  all.push(...parameters.map(({ refusal }) => refusal));
  if (path.includes(':')) all.push('malformed_url', 'not_found');
  all.push(...refusals, ...problems);
  const seen = new Set<string>();
  return all.filter((problem) => !seen.has(codeOf(problem)) && seen.add(codeOf(problem)));
}

function queryProblems(endpoint: EndpointOptions): readonly Problem[] {
  const dto = codesOfDto(queryOf(endpoint));
  const codes = [...dto].filter((code) => code !== 'invalid_value' && code !== 'invalid_type');
  const isInvalid = dto.has('invalid_value') || asksForFields(queryOf(endpoint));
  return [...codes.map(ofRule), ...(isInvalid ? (['invalid_parameter'] as const) : [])];
}

/** A body is read, and refused, also where none is declared: there it may be `{}` alone. */
function bodyProblems({ body, isBodyOptional, takesFiles }: EndpointOptions): readonly Problem[] {
  const all: Problem[] = ['malformed_request', 'malformed_json', 'invalid_utf8', 'duplicate_member'];
  all.push('json_too_deep', 'invalid_string', 'body_too_large', 'unsupported_media_type');
  if (body !== undefined) all.push(...[...codesOfDto(body)].map(ofRule));
  if (body !== undefined || takesFiles === undefined) all.push('invalid_type', 'unknown_field');
  if (all.includes('invalid_metadata')) all.push(dataSubjectNotFound, dataSubjectErased);
  all.push(...fieldScopesOf(body).map(({ refusal }) => refusal));
  if (body !== undefined && asksForFields(body)) all.push('missing_field');
  if (body !== undefined && isBodyOptional !== true) all.push('missing_body');
  return all;
}

/** What a rule for a value refuses with is always malformed. */
function ofRule(code: string): Problem {
  return code in edgeProblems ? (code as EdgeProblemCode) : { code, kind: 'malformed' };
}
