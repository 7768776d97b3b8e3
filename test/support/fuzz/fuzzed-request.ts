import fc from 'fast-check';
import type { HttpRequest } from '../http-spec';
import type { Operation, Parameter } from './api-operations';
import { mutated, oddValues } from './mutations';
import { valuesOf } from './schema-values';
import type { Pool } from './schema-values';

const contentTypes = [
  ...[
    'application/json',
    'application/json; charset=utf-8',
    'application/json; charset=utf-16',
    'APPLICATION/JSON',
  ],
  ...[
    'application/x-ndjson',
    'text/csv',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
  ],
  ...['multipart/form-data; boundary=x', 'application/problem+json', 'application', '/', ';', ''],
];
const oddBodies: readonly (string | Buffer)[] = [
  ...[
    '',
    ' ',
    '{',
    '{}',
    '[]',
    'null',
    '0',
    '"x"',
    '{"a":1,"a":2}',
    '\ufeff{}',
    '{}{}',
    '{"a":1e999}',
    '\n\n',
    '{}\n{}\n',
  ],
  ...[
    '['.repeat(100_000),
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{}}}',
    'NaN',
    '{"a":"\\ud800"}',
  ],
  ...[
    Buffer.from([0x22, 0xff, 0x22]),
    Buffer.from([0x1f, 0x8b, 0x08, 0]),
    Buffer.alloc(100),
    `"${'x'.repeat(300_000)}"`,
  ],
  ...[
    'a,b\n1',
    '"',
    'transaction,date,account,amount,unit\n1,2026-01-01,a:b,1,USD\n',
    `${'x,'.repeat(2_000)}\n`,
  ],
];

/** Requests of one operation: as its schemas say, and with things wrong in the path, query, headers or body. */
export function fuzzedRequests(operation: Operation, pool: Pool): fc.Arbitrary<HttpRequest> {
  const { parameters = [], method } = operation;
  const of = (place: Parameter['in']): readonly Parameter[] => parameters.filter((one) => one.in === place);
  const parts = {
    path: pathsOf(operation.path, of('path'), pool),
    query: queryOf(of('query'), pool),
    headers: headersOf(of('header'), pool),
    body: bodiesOf(operation, pool),
  };
  return fc.record(parts).map(({ path, query, headers, body }) => ({
    method,
    path: `${path}${query}`,
    ...(body.content === undefined ? {} : { body: body.content }),
    headers: { ...headers, ...(body.type === undefined ? {} : { 'content-type': body.type }) },
  }));
}

function pathsOf(template: string, parameters: readonly Parameter[], pool: Pool): fc.Arbitrary<string> {
  const values = parameters.map(({ name, schema }) =>
    often(
      valuesOf(schema, pool, name).map(encoded),
      oneInAFew(oddValues.map(encoded), ['%ff', '%zz', '%2f', '%00', '%']),
    ),
  );
  return fc.tuple(...values).map((texts) =>
    // Nothing, '.' and '..' would make it the path of something else.
    parameters.reduce(
      (path, { name }, at) => path.replace(`{${name}}`, () => texts[at]?.replace(/^\.{0,2}$/, '-') ?? '-'),
      template,
    ),
  );
}

function queryOf(parameters: readonly Parameter[], pool: Pool): fc.Arbitrary<string> {
  const values = parameters.map(({ name, schema, style }) =>
    fc.option(often(valuesOf(schema, pool, name), oddValues), { freq: 1, nil: undefined }).map((value) => {
      if (value === undefined) return [];
      if (style !== 'deepObject' || typeof value !== 'object') return [`${name}=${encoded(value)}`];
      return Object.entries(value ?? {}).map(([key, one]) => `${name}[${encoded(key)}]=${encoded(one)}`);
    }),
  );
  const odd = fc.constantFrom(
    'x=1',
    'limit=1&limit=2',
    'dry_run=true&dry_run=false',
    '__proto__[a]=1',
    '%ff=%zz',
    '&&=&',
    'a[]=1&a[b]=2',
  );
  const more = often(
    fc.constant<string[]>([]),
    fc.oneof(odd, mixedForms(parameters)).map((one) => [one]),
  );
  return fc
    .tuple(more, ...values)
    .map((all) => all.flat())
    .map((all) => (all.length === 0 ? '' : `?${all.join('&')}`));
}

/** One parameter in several of the forms that query strings have for lists and objects. */
function mixedForms(parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const names = fc.constantFrom('x', 'metadata', 'constructor', ...parameters.map(({ name }) => name));
  const forms = fc.constantFrom(
    '=1',
    '=',
    '',
    '[k]=v',
    '[k]=w',
    '[]=1',
    '[0]=1',
    '[k][j]=v',
    '.k=v',
    '[=1',
    ']=1',
  );
  return fc
    .tuple(names, fc.array(forms, { minLength: 2, maxLength: 4 }))
    .map(([name, chosen]) => chosen.map((form) => `${name}${form}`).join('&'));
}

function headersOf(
  parameters: readonly Parameter[],
  pool: Pool,
): fc.Arbitrary<Record<string, string | string[]>> {
  const odd = fc.constantFrom<string | string[]>(
    '',
    ' ',
    'x'.repeat(256),
    'x'.repeat(4_000),
    'é',
    '\t',
    '"',
    ['a', 'b'],
    'a@b',
    '@',
    '0',
  );
  const fields = parameters.map(({ name, schema }) => [
    name,
    often(
      valuesOf(schema, pool, name).map((value) =>
        Array.isArray(value) ? value.map(asHeader) : asHeader(value),
      ),
      odd,
    ),
  ]);
  // Without the keys' own type nothing says that none of them is there as undefined.
  const records = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  return records as fc.Arbitrary<Record<string, string | string[]>>;
}

/** What no client can send in a header (RFC 9110, 5.5) is replaced. */
const asHeader = (value: unknown): string => plainText(value).replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');

interface Body {
  readonly content?: string | Buffer;
  readonly type?: string;
}

function bodiesOf({ requestBody, method }: Operation, pool: Pool): fc.Arbitrary<Body> {
  const none = fc.constant<Body>({});
  // What takes no body is sent one now and then all the same; a GET with one is not ours to judge.
  const oddTypes = fc.constantFrom(...contentTypes);
  const odd = fc.record({ content: fc.constantFrom(...oddBodies), type: oddTypes });
  if (method === 'GET') return none;
  if (requestBody === undefined) return often(none, odd);
  const right = Object.entries(requestBody.content).map(([type, { schema }]) => {
    const values = valuesOf(schema, pool, type);
    const asText = (value: unknown): string =>
      type.endsWith('/json') ? JSON.stringify(value) : plainText(value);
    const good: fc.Arbitrary<Body> = values.map((value) => ({ content: asText(value), type }));
    const bad: fc.Arbitrary<Body> = mutated(values).map((value) => ({ content: asText(value), type }));
    const wrongType: fc.Arbitrary<Body> = fc.record({ content: values.map(asText), type: oddTypes });
    const cut = values.map(asText).map((text): Body => ({ content: text.slice(0, text.length / 2), type }));
    return fc.oneof(
      { weight: 10, arbitrary: good },
      { weight: 10, arbitrary: bad },
      { weight: 1, arbitrary: wrongType },
      { weight: 1, arbitrary: cut },
    );
  });
  return fc.oneof(
    { weight: 20, arbitrary: fc.oneof(...right) },
    { weight: 2, arbitrary: odd },
    { weight: 1, arbitrary: none },
  );
}

const often = <A, B>(usual: fc.Arbitrary<A>, odd: fc.Arbitrary<B>): fc.Arbitrary<A | B> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });

const oneInAFew = (usual: fc.Arbitrary<string>, raw: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(...raw) });

function encoded(value: unknown): string {
  const text = typeof value === 'object' ? plainText(value).slice(0, 2_000) : plainText(value);
  // As bytes half of a surrogate pair becomes U+FFFD, which encodeURIComponent would throw for.
  return encodeURIComponent(Buffer.from(text).toString());
}

/** A value where a text is expected. Lists and objects as JSON: the text that a list has of itself fails when it is nested deeply. */
function plainText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
