import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scopes } from '@fintech-ledger/access/domain';
import { modules } from '../../modules';
import { errorReference } from '@fintech-ledger/http';
import { ComponentValidators, closed } from '../../../test/support/fuzz/component-validators';

interface Schema {
  readonly $ref?: string;
  readonly type?: unknown;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}
interface Content {
  readonly schema: Schema;
  readonly example?: unknown;
}
interface Described {
  readonly description?: string;
}
interface Answer extends Described {
  readonly content: Readonly<Record<string, Content>>;
  readonly headers?: Readonly<Record<string, Described>>;
}
interface Operation extends Described {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly (Described & { readonly name: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

const text = readFileSync(join(__dirname, '../../../schemas/openapi.json'), 'utf8');
const document = JSON.parse(text) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const schemas = Object.entries(document.components.schemas);

/** Examples show no member that the document does not have. */
const validators = new ComponentValidators({ allErrors: true }, closed);
const whatIsWrong = ({ schema, example }: Content): string | undefined =>
  validators.whatIsWrong(schema, example);

function contentsOf({ responses, requestBody }: Operation): readonly [string, Content][] {
  const answers = Object.entries(responses).flatMap(([status, { content }]) =>
    Object.entries(content).map(([type, one]): [string, Content] => [`${status} ${type}`, one]),
  );
  const bodies = Object.entries(requestBody?.content ?? {});
  return [...answers, ...bodies.map(([type, one]): [string, Content] => [`body ${type}`, one])];
}
/** The paths of properties, at any depth, that are not described. */
function undescribed(schema: Schema, at: string): readonly string[] {
  const inside = [schema.items, ...(schema.anyOf ?? []), schema.additionalProperties];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
      ...(property.description === undefined ? [`${at}/${name}`] : []),
      ...undescribed(property, `${at}/${name}`),
    ]),
    ...inside.flatMap((one) => (typeof one === 'object' ? undescribed(one, `${at}/*`) : [])),
  ];
}

/** Of the contract, and no operation asks for them yet. */
const unasked: readonly string[] = [
  ...['audit:write', 'audit:admin', 'events:write', 'events:admin', 'keys:admin', 'ops:admin'],
  ...['organization:write', 'splits:admin', 'webhooks:admin'],
  ...['fraud', 'members', 'plugins'].flatMap((area) => [`${area}:read`, `${area}:write`, `${area}:admin`]),
];

describe('the OpenAPI document', () => {
  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    'says of %s what it does, takes and answers, each with an example of its shape',
    (_id, operation) => {
      expect(operation.summary).toMatch(/\w/);
      const { parameters = [], responses } = operation;
      expect(parameters.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
      expect(Object.keys(responses).filter((status) => !responses[status]?.description)).toEqual([]);
      const headers = Object.values(responses).flatMap((answer) => Object.entries(answer.headers ?? {}));
      expect(headers.filter(([, { description }]) => !description).map(([name]) => name)).toEqual([]);
      const contents = contentsOf(operation);
      expect(contents.length).toBeGreaterThan(0);
      expect(contents.filter(([, { example }]) => example === undefined).map(([where]) => where)).toEqual([]);
      const wrong = contents.map(([where, content]) => [where, whatIsWrong(content)]);
      expect(wrong.filter(([, reason]) => reason !== undefined)).toEqual([]);
    },
  );

  it.each(schemas)('describes %s and each of its properties', (name, schema) => {
    expect(schema.description).toMatch(/\w/);
    expect(undescribed(schema, name)).toEqual([]);
  });

  it('answers with 200, or with 201 what was made; 202 is for what waits for an approval, and nothing does yet', () => {
    const others = operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses)
        .filter((status) => status.startsWith('2') && !['200', '201'].includes(status))
        .map((status) => `${operationId} ${status}`),
    );
    expect(others).toEqual([]);
  });

  it('lists every code that a problem may have', () => {
    const codes = errorReference(modules.refusals).map(({ code }) => code);
    const { Problem, ProblemCode } = document.components.schemas;
    expect(Problem?.properties?.['code']?.$ref).toBe('#/components/schemas/ProblemCode');
    expect(new Set(ProblemCode?.enum)).toEqual(new Set(codes));
  });

  it('asks for scopes that there are', () => {
    const named = [...text.matchAll(/"x-scope": "([^"]*)"/g)].map(([, scope]) => String(scope));
    expect(named.length).toBeGreaterThan(20);
    expect(new Set([...named, ...unasked])).toEqual(new Set(scopes));
    expect(named.filter((scope) => unasked.includes(scope))).toEqual([]);
  });

  it('uses every schema that it has', () => {
    const used = new Set(JSON.stringify(document).match(/(?<="#\/components\/schemas\/)\w+/g));
    expect(schemas.map(([name]) => name).filter((name) => !used.has(name))).toEqual([]);
  });
});
