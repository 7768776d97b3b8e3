import type { ErrorObject } from 'ajv';
import type { FieldProblem } from '../problems/api-problem';
import type { ProblemCode } from '../problems/problem-codes';
import { problemsListedMax } from '../limits';
import type { JsonSchema } from './json-schema';

/** What a validator found, as problems of the API: one for each place, at most `problemsListedMax`. */
export function violations(errors: readonly ErrorObject[]): readonly FieldProblem[] {
  const byPlace = new Map<string, FieldProblem>();
  for (const error of errors) {
    const problem = violation(error);
    if (!byPlace.has(problem.param)) byPlace.set(problem.param, problem);
    if (byPlace.size === problemsListedMax) break;
  }
  return [...byPlace.values()];
}

function violation(error: ErrorObject): FieldProblem {
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const params = error.params as Record<string, unknown>;
  const here = error.instancePath;
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      return {
        code: 'unknown_field',
        detail: `There is no field '${clip(name)}' here.`,
        param: pointer(here, name),
      };
    }
    case 'required': {
      const name = String(params['missingProperty']);
      return { code: 'missing_field', detail: `The field '${name}' is missing.`, param: pointer(here, name) };
    }
    case 'minItems':
      return list(schema['x-too-few'], schema, here);
    case 'maxItems':
      return list(schema['x-too-many'], schema, here);
    default:
      return value(error, schema, here);
  }
}

function list(code: string | undefined, schema: JsonSchema, param: string): FieldProblem {
  const detail = `${place(param)} must be ${schema['x-says'] ?? 'a list'}.`;
  return { code: (code ?? 'invalid_value') as ProblemCode, detail, param };
}

function value(error: ErrorObject, schema: JsonSchema, param: string): FieldProblem {
  const code = schema['x-code'] as ProblemCode | undefined;
  if (code === 'invalid_amount' && typeof error.data === 'number') {
    const detail = `${place(param)} must be ${schema['x-says'] ?? 'a string'}: a JSON number is not exact at every size.`;
    return { code: 'amount_not_a_string', detail, param };
  }
  if (code !== undefined)
    return { code, detail: `${place(param)} must be ${schema['x-says'] ?? 'valid'}.`, param };
  if (error.keyword === 'type') {
    const type = schema.type === 'array' ? 'a list' : 'an object';
    return { code: 'invalid_type', detail: `${place(param)} must be ${type}.`, param };
  }
  return { code: 'invalid_value', detail: `${place(param)} is not valid.`, param };
}

function place(param: string): string {
  return param === '' ? 'The body' : `'${clip(param)}'`;
}
function pointer(base: string, name: string): string {
  return `${base}/${clip(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
/** What a client sent is repeated only so far. */
function clip(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
