import { queryOf } from '../requests/compiled-endpoint';
import { bodyBytesMax } from '../limits';
import type { EndpointOptions } from '../requests/endpoint-options';
import { dtoSchema } from '../validation/dto-schema';
import type { SchemaStyle } from '../validation/dto-schema';
import { descriptionOf } from '../validation/decorators';
import type { DtoClass } from '../validation/decorators';
import type { JsonSchema } from '../validation/json-schema';
import { problemShape } from '../problems/problem-shape';
import type { DeclaredProblems } from '../problems/problem-shape';
import { headerParameters, pathParameters, queryParameters } from './parameters';
import { answers } from './answers';

/**
 * The OpenAPI 3.1 document of these operations: the same classes that requests are checked with, and the shapes of the
 * answers.
 */
export function buildDocument(
  endpoints: readonly EndpointOptions[],
  declared: DeclaredProblems,
  version: string,
): object {
  const problem = problemShape(declared);
  const schemas: Record<string, object> = {};
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:([A-Za-z]+)/g, '{$1}');
    (paths[path] ??= {})[endpoint.method.toLowerCase()] = operation(endpoint, problem, schemas);
  }
  for (const shape of [...endpoints.map(({ answer }) => answer.schema), problem])
    Object.assign(schemas, shape?.definitions);
  return {
    openapi: '3.1.0',
    info: {
      title: 'fintech-ledger',
      version,
      description:
        'A durable double-entry ledger. Amounts are strings of minor units; errors are of RFC 9457.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `sk_…`.' },
      },
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function operation(
  endpoint: EndpointOptions,
  problem: ReturnType<typeof problemShape>,
  schemas: Record<string, object>,
): object {
  const style = documentedStyle(schemas);
  const parameters = [
    ...pathParameters(endpoint),
    ...queryParameters(dtoSchema(queryOf(endpoint), style)),
    ...headerParameters(endpoint),
  ];
  return {
    operationId: endpoint.operation,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    ...(endpoint.scope === null ? { security: [] } : { 'x-scope': endpoint.scope }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(endpoint.body === undefined ? {} : { requestBody: requestBody(endpoint, endpoint.body, style) }),
    ...(endpoint.takesFiles === undefined ? {} : { requestBody: fileBody(endpoint.takesFiles) }),
    responses: answers(endpoint, problem),
  };
}

function requestBody(endpoint: EndpointOptions, body: DtoClass, style: SchemaStyle): object {
  return {
    required: endpoint.isBodyOptional !== true,
    'x-max-bytes': endpoint.bodyBytesMax ?? bodyBytesMax,
    content: {
      'application/json': {
        schema: style.nested(body),
        ...(endpoint.example === undefined ? {} : { example: endpoint.example }),
      },
    },
  };
}

function fileBody(files: NonNullable<EndpointOptions['takesFiles']>): object {
  const content = Object.entries(files).map(
    ([type, example]) => [type, { schema: { type: 'string' }, example }] as const,
  );
  return { required: true, content: Object.fromEntries(content) };
}

/** What is documented: classes by name, and no marks of ours. */
function documentedStyle(schemas: Record<string, object>): SchemaStyle {
  const style: SchemaStyle = {
    value: (rule) => ({
      ...withoutMarks(rule.documented ?? rule.schema),
      description: `Must be ${rule.says}.`,
    }),
    nested: (dto) => {
      const name = dto.name.replace(/Dto$/, 'Request');
      schemas[name] ??= { ...withoutMarks(dtoSchema(dto, style)), description: descriptionOf(dto) };
      return { $ref: `#/components/schemas/${name}` };
    },
    described: (schema, description) => ({
      ...schema,
      description: schema.description === undefined ? description : `${description} ${schema.description}`,
    }),
    scoped: (schema, scope) => (scope === undefined ? schema : { ...schema, 'x-scope': scope }),
  };
  return style;
}

function withoutMarks(schema: JsonSchema): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key.startsWith('x-') && key !== 'x-scope' ? undefined : value,
    ),
  ) as object;
}
