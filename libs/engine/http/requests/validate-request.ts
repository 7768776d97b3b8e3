import type { FastifyRequest } from 'fastify';
import { ApiProblem } from '../problems/api-problem';
import type { FieldProblem } from '../problems/api-problem';
import { isBrokenString } from './broken-string';
import type { CompiledEndpoint } from './compiled-endpoint';
import type { PathParameter } from './path-parameter';

/** Checks path, query and body of a request against its operation. @throws ApiProblem */
export function validateRequest(request: FastifyRequest, endpoint: CompiledEndpoint): void {
  validatePath(request.params as Readonly<Record<string, string>>, endpoint.parameters);
  validateQuery(request, endpoint);
  if (endpoint.kind === 'read') validateConsistency(request);
  const { body, isBodyOptional, takesNdjson, takesCsv } = endpoint;
  if (takesNdjson && isNdjson(request)) return;
  if (body === undefined) {
    // Nobody has checked it, so nobody may use it: the hash of a request can't be made of every JSON (1e999).
    if (!takesNdjson && !takesCsv) request.body = undefined;
    return;
  }
  if (request.body === undefined) {
    if (!isBodyOptional) throw new ApiProblem('missing_body', 'The request needs a JSON body.');
    request.body = {};
  }
  if (!body.accepts(request.body)) throw ApiProblem.ofFields(body.explain(request.body));
}

/**
 * `Ledger-Consistency: eventual` takes what the read models have.
 * @throws ApiProblem `invalid_header` for anything else
 */
function validateConsistency({ headers }: FastifyRequest): void {
  const consistency = headers['ledger-consistency'];
  if (consistency === undefined || consistency === 'eventual') return;
  throw new ApiProblem('invalid_header', 'The header Ledger-Consistency is `eventual`, or is not there.');
}

export function isNdjson(request: FastifyRequest): boolean {
  return request.headers['content-type']?.startsWith('application/x-ndjson') === true;
}

function validateQuery(request: FastifyRequest, { query }: CompiledEndpoint): void {
  if (!request.url.includes('?')) {
    request.query = {};
    return;
  }
  const values = gather(request.query as Readonly<Record<string, string | readonly string[]>>);
  if (!query.accepts(values)) throw ApiProblem.ofFields(query.explain(values).map(asParameter));
  request.query = values;
}

/** `metadata[k]=v` becomes `metadata: {k: v}`. @throws ApiProblem for what appears twice, or can't be stored */
function gather(raw: Readonly<Record<string, string | readonly string[]>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const metadata: [string, string][] = [];
  for (const [name, value] of Object.entries(raw)) {
    const param = `/${name.slice(0, 100)}`;
    if (typeof value !== 'string') {
      throw new ApiProblem('duplicate_parameter', `The parameter '${param.slice(1)}' was given twice.`, {
        param,
      });
    }
    if (isBrokenString(name) || isBrokenString(value)) {
      throw new ApiProblem('invalid_string', 'A query parameter holds U+0000 or half of a surrogate pair.');
    }
    const key = /^metadata\[(.*)\]$/.exec(name)?.[1];
    if (key === undefined) Object.defineProperty(values, name, { value, enumerable: true });
    else metadata.push([key, value]);
  }
  if (metadata.length === 0) return values;
  if (Object.hasOwn(values, 'metadata')) {
    throw new ApiProblem('duplicate_parameter', "'metadata' was given both alone and with a key.", {
      param: '/metadata',
    });
  }
  values['metadata'] = Object.fromEntries(metadata);
  return values;
}

function asParameter(problem: FieldProblem): FieldProblem {
  if (problem.code === 'unknown_field') {
    const detail = `There is no query parameter '${problem.param.slice(1)}' here.`;
    return { code: 'unknown_parameter', detail, param: problem.param };
  }
  return problem.code === 'invalid_value' ? { ...problem, code: 'invalid_parameter' } : problem;
}

/** Checks the parameters of a path. @throws ApiProblem */
export function validatePath(
  params: Readonly<Record<string, string>>,
  parameters: readonly PathParameter[],
): void {
  for (const { name, pattern, lengthMax = Infinity, refusal, detail } of parameters) {
    const value = params[name] ?? '';
    if (value.length <= lengthMax && pattern.test(value)) continue;
    // What has another form than an id is only not there; another text is wrong in any case.
    throw new ApiProblem(refusal, detail, refusal.kind === 'malformed' ? { param: `/${name}` } : {});
  }
}
