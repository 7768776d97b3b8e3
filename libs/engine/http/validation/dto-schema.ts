import { getMetadataStorage } from 'class-validator';
import { isGiven, isPresent } from './decorators';
import type { DtoClass, ListBounds } from './decorators';
import { fieldScopesOf } from './field-scopes';
import type { JsonSchema } from './json-schema';
import type { Rule } from './rule';

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
/** How a rule and a nested class become a schema: they differ between what is compiled and what is documented. */
export interface SchemaStyle {
  value(rule: Rule): JsonSchema;
  nested(dto: DtoClass): JsonSchema;
  /** With what it stands for. */
  described(schema: JsonSchema, description: string): JsonSchema;
  /** With the scope that giving it takes. */
  scoped(schema: JsonSchema, scope: string | undefined): JsonSchema;
}

/** What is compiled: everything inline, each violation with its code. */
export const compiledStyle: SchemaStyle = {
  value: (rule) => ({ ...rule.schema, 'x-code': rule.code, 'x-says': rule.says }),
  nested: (dto) => dtoSchema(dto, compiledStyle),
  described: (schema) => schema,
  scoped: (schema) => schema,
};

/**
 * The JSON Schema of a request class, derived from its class-validator decorators (see decorators.ts). Fields that are not declared are
 * refused. @throws TypeError for a decorator that has no translation
 */
export function dtoSchema(dto: DtoClass, style: SchemaStyle): JsonSchema {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  const fields = new Set(metadata.map((entry) => entry.propertyName));
  const scopes = new Map(fieldScopesOf(dto).map(({ field, scope }) => [field, scope]));
  for (const field of fields) {
    const own = metadata.filter((entry) => entry.propertyName === field);
    const conditions = own.filter((entry) => entry.type === 'conditionalValidation');
    const mark: unknown = conditions[0]?.constraints[0];
    const schema = style.scoped(fieldSchema(own, style), scopes.get(field));
    properties[field] = mark === isGiven ? nullable(schema) : schema;
    if (mark === undefined) required.push(field);
    else if (mark !== isPresent && mark !== isGiven)
      throw new TypeError(`${dto.name}.${field}: unknown condition`);
  }
  return {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function fieldSchema(own: readonly Metadata[], style: SchemaStyle): JsonSchema {
  for (const { name, constraints } of own) {
    const [of, description, bounds] = (constraints ?? []) as readonly unknown[];
    const schema = ofDecorator(name, of, bounds as ListBounds, style);
    if (schema !== undefined) return style.described(schema, description as string);
  }
  throw new TypeError(`${own[0]?.propertyName ?? 'a field'}: no decorator that has a schema`);
}

/** Undefined: it is one of those that ours are made of. */
function ofDecorator(
  name: string | undefined,
  of: unknown,
  bounds: ListBounds,
  style: SchemaStyle,
): JsonSchema | undefined {
  switch (name) {
    case 'rule':
      return style.value(of as Rule);
    case 'nested':
      return style.nested((of as () => DtoClass)());
    case 'list':
      return list(style.nested((of as () => DtoClass)()), bounds);
    case 'values':
      return list(style.value(of as Rule), bounds);
    case undefined:
    default:
      return undefined;
  }
}

function list(items: JsonSchema, { min, max, tooFew, tooMany }: ListBounds): JsonSchema {
  return {
    type: 'array',
    items,
    minItems: min,
    maxItems: max,
    'x-says': `a list of ${min} to ${max}`,
    ...(tooFew === undefined ? {} : { 'x-too-few': tooFew }),
    ...(tooMany === undefined ? {} : { 'x-too-many': tooMany }),
  };
}

function nullable(schema: JsonSchema): JsonSchema {
  // What is elsewhere can't be changed here.
  if (schema.$ref !== undefined) {
    const { description, ...elsewhere } = schema;
    return { anyOf: [elsewhere, { type: 'null' }], ...(description !== undefined && { description }) };
  }
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return {
    ...schema,
    type: [...types, 'null'],
    ...(schema.enum === undefined ? {} : { enum: [...schema.enum, null] }),
  };
}
