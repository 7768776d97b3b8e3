import { compiledStyle, dtoSchema } from '../validation/dto-schema';
import type { DtoClass } from '../validation/decorators';

const marks = ['x-code', 'x-too-few', 'x-too-many'];

/** The codes that a value of this class may be refused with, by the same schema that it is checked with. */
export function codesOfDto(dto: DtoClass): ReadonlySet<string> {
  const codes = new Set<string>();
  const collect = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [name, value] of Object.entries(schema)) {
      if (marks.includes(name)) codes.add(String(value));
      else collect(value);
    }
    // A list or an object of another JSON type; a list that is too short or too long and has no code of its own.
    const { type, minItems } = schema as { type?: unknown; minItems?: number };
    if (type === 'array' || (type === 'object' && 'properties' in schema)) codes.add('invalid_type');
    if (minItems !== undefined && !('x-too-many' in schema && 'x-too-few' in schema))
      codes.add('invalid_value');
  };
  collect(dtoSchema(dto, compiledStyle));
  if (codes.has('invalid_amount')) codes.add('amount_not_a_string');
  return codes;
}

/** Whether a value of this class needs a field, at whatever depth. */
export function asksForFields(dto: DtoClass): boolean {
  const asks = (schema: unknown): boolean => {
    if (typeof schema !== 'object' || schema === null) return false;
    const { required } = schema as { required?: unknown };
    return (Array.isArray(required) && required.length > 0) || Object.values(schema).some(asks);
  };
  return asks(dtoSchema(dto, compiledStyle));
}
