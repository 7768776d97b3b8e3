import type { EndpointOptions } from '../http/endpoint-options';
import { statusOf, titleOf } from '../problems/problem-codes';
import type { ProblemCode } from '../problems/problem-codes';

const ledgerPosition = {
  description: 'The position that the answer stands for.',
  schema: { type: 'string' },
};

/** All answers of an operation: the good one, and problems by status with the codes that they may have. */
export function answers(endpoint: EndpointOptions): Record<string, object> {
  const problems = new Map<number, ProblemCode[]>();
  for (const code of codesOf(endpoint)) {
    const status = statusOf(code);
    problems.set(status, [...(problems.get(status) ?? []), code]);
  }
  const good = endpoint.takesNdjson === true ? [endpoint.answer.status, 200] : [endpoint.answer.status];
  return {
    ...Object.fromEntries(good.map((status) => [status, goodAnswer(endpoint, status)])),
    ...Object.fromEntries([...problems].map(([status, codes]) => [status, problemAnswer(codes)])),
    ...(endpoint.operation === 'getReadiness' ? { 503: goodAnswer(endpoint, 503) } : {}),
  };
}

function goodAnswer({ answer, kind, takesNdjson }: EndpointOptions, status: number): object {
  const isLines = takesNdjson === true && status === 200;
  const contentType = isLines ? 'application/x-ndjson' : (answer.contentType ?? 'application/json');
  const schema =
    answer.schema === null || isLines
      ? { type: 'string' }
      : { $ref: `#/components/schemas/${answer.schema}` };
  const types = isLines ? [] : (answer.otherContentTypes ?? []);
  const content = Object.fromEntries([contentType, ...types].map((type) => [type, { schema }]));
  const replayed = {
    'Idempotency-Replayed': {
      description: 'There when this is the first answer again.',
      schema: { const: 'true' },
    },
  };
  const headers = {
    ...(kind === 'plain' || isLines ? {} : { 'Ledger-Position': ledgerPosition }),
    ...(kind === 'command' && !isLines ? replayed : {}),
    'Request-Id': { schema: { type: 'string' } },
  };
  return { description: answer.description, headers, content };
}

function problemAnswer(codes: readonly ProblemCode[]): object {
  const [first] = codes;
  const example =
    first === undefined
      ? {}
      : {
          example: {
            type: `/docs/errors#${first}`,
            title: titleOf(first),
            status: statusOf(first),
            detail: titleOf(first),
            code: first,
            request_id: 'req_1',
          },
        };
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    ...(codes.some((code) => statusOf(code) === 503)
      ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } }
      : {}),
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, ...example },
    },
  };
}

function codesOf(endpoint: EndpointOptions): readonly ProblemCode[] {
  const codes: ProblemCode[] = ['unknown_parameter', 'duplicate_parameter', 'invalid_parameter'];
  if (endpoint.body !== undefined) {
    codes.push(
      'malformed_json',
      'invalid_utf8',
      'duplicate_member',
      'json_too_deep',
      'invalid_string',
      'invalid_type',
    );
    codes.push('invalid_value', 'missing_field', 'unknown_field', 'missing_body');
  }
  // A body is read, and refused, also where none is used.
  if (endpoint.method !== 'GET') codes.push('malformed_json', 'body_too_large', 'unsupported_media_type');
  if (endpoint.scope !== null) codes.push('unauthenticated', 'missing_scope', 'unavailable');
  if (endpoint.kind === 'command') {
    codes.push('invalid_idempotency_key', 'duplicate_idempotency_key', 'idempotency_key_reused');
    codes.push('outcome_unknown', 'answer_unavailable');
  }
  if (endpoint.kind === 'read') {
    codes.push('invalid_header', 'invalid_position', 'read_model_behind', 'read_model_halted');
  }
  if (endpoint.path.includes(':address')) codes.push('invalid_address');
  if (endpoint.path.includes(':')) codes.push('malformed_url', 'not_found');
  codes.push(...((endpoint.refusals ?? []) as readonly ProblemCode[]));
  return [...new Set(codes)];
}
