import type { FieldProblem } from '../problems/api-problem';
import type { JsonSchema } from './json-schema';

// Each problem of a field. `place`: a JSON pointer (RFC 6901), `within`: that of the object with the field.

export function unknownField(name: string, within: string): FieldProblem {
  return {
    code: 'unknown_field',
    detail: `There is no field '${clip(name)}' here.`,
    param: pointer(within, name),
  };
}

export function missingField(name: string, within: string): FieldProblem {
  return { code: 'missing_field', detail: `The field '${name}' is missing.`, param: pointer(within, name) };
}

export function wrongCount(schema: JsonSchema, by: 'x-too-few' | 'x-too-many', place: string): FieldProblem {
  const detail = `${nameOf(place)} must be ${schema['x-says'] ?? 'a list'}.`;
  return { code: schema[by] ?? 'invalid_value', detail, param: place };
}

export function invalidType(schema: JsonSchema, place: string): FieldProblem {
  const type = schema.items === undefined ? 'an object' : 'a list';
  return { code: 'invalid_type', detail: `${nameOf(place)} must be ${type}.`, param: place };
}

export function invalidValue(schema: JsonSchema, value: unknown, place: string): FieldProblem {
  const code = schema['x-code'] ?? 'invalid_value';
  const says = schema['x-says'] ?? 'valid';
  if (code === 'invalid_amount' && typeof value === 'number') {
    const detail = `${nameOf(place)} must be ${says}: a JSON number is not exact at every size.`;
    return { code: 'amount_not_a_string', detail, param: place };
  }
  return { code, detail: `${nameOf(place)} must be ${says}.`, param: place };
}

export function pointer(base: string, name: string): string {
  return `${base}/${clip(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function nameOf(place: string): string {
  return place === '' ? 'The body' : `'${clip(place)}'`;
}
/** What a client sent is repeated only so far. */
function clip(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
