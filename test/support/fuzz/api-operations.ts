import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What of JSON Schema the API's document uses for requests. */
export interface Schema {
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly default?: unknown;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly style?: string;
  readonly schema: Schema;
}

interface Answer {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const file = path.resolve(__dirname, '../../../schemas/openapi.json');
export const openApiDocument = JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument;

/** Every operation of schemas/openapi.json, in its order. */
export const apiOperations: readonly Operation[] = Object.entries(openApiDocument.paths).flatMap(
  ([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase() as Operation['method'],
      path: template,
    })),
);

/** The codes of problems that an operation lists. */
export function codesOf({ responses }: Operation): readonly string[] {
  return Object.values(responses).flatMap(
    ({ content = {} }) =>
      (content['application/problem+json']?.schema.properties?.['code']?.enum ?? []) as readonly string[],
  );
}

/** The schema itself, or what its `$ref` stands for. */
export function resolved(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = openApiDocument.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
  if (found === undefined) throw new Error(`schemas/openapi.json has no ${schema.$ref}`);
  return found;
}
