import type { HttpRequest } from '../http-spec';
import type { Operation } from '../fuzz/api-operations';
import { usedKey } from './sample-books';
import type { SampleBooks } from './sample-books';

/** A request that is accepted, but for what a probe changes of it. */
export interface Sample {
  readonly path: string;
  /** Parameters that it can't do without, each with `&` behind it. */
  readonly query?: string;
  readonly body?: object | string;
  readonly contentType?: string;
}

const strangeValues = [1, 1.5, '', 'x', 'a::b', '-1', '9'.repeat(60), 'x'.repeat(20_000), null, true, [], {}];
const strangeParameters = ['x!', '0', 'zzz', '%00', '2026-13-01T00:00:00Z', 'a::b', '2026-01-01T00:00:00Z'];

/** What is wrong in the same way whatever the operation: the address, the query, the headers, the body. */
export function probesOfAny(
  operation: Operation,
  sample: Sample,
  books: SampleBooks,
): readonly HttpRequest[] {
  const { method, parameters = [] } = operation;
  const { path, body } = sample;
  const headers = sample.contentType === undefined ? {} : { 'content-type': sample.contentType };
  const { query: needed = '' } = sample;
  const plainPath = needed === '' ? path : `${path}?${needed}`;
  const plain: HttpRequest = { method, path: plainPath, ...(body === undefined ? {} : { body, headers }) };
  const isCommand = method !== 'GET';
  const dry = isCommand && parameters.some(({ name }) => name === 'dry_run') ? 'dry_run=true&' : '';
  const query = (text: string, more: object = {}): HttpRequest => ({
    ...plain,
    path: `${path}?${needed}${text}`,
    ...more,
  });
  const header = (more: Record<string, string | string[]>): HttpRequest =>
    query(dry, { headers: { ...headers, ...more } });
  const names = parameters.flatMap(({ in: place, name }) => (place === 'query' ? [name] : []));
  const probes = [
    query(`${dry}nope=1`),
    query('nope=1&nope=2'),
    query('dry_run=true&dry_run=true'),
    query('nope=%00'),
    ...names.flatMap((name) => strangeParameters.map((value) => query(`${name}=${value}`))),
    { ...plain, apiKey: null },
    query(dry, { apiKey: String(books.ids['keyElsewhere']) }),
    ...books.weakKeys.map((apiKey) => query(dry, { apiKey })),
    ...wrongPaths(path, books).map((wrong) => ({ ...plain, path: `${wrong}?${needed}${dry}` })),
    ...['x', 'led_other@1', `${books.ledger}@x`].map((value) => header({ 'ledger-min-position': value })),
    header({ 'ledger-consistency': 'x' }),
    header({ 'x-long': 'x'.repeat(100_000) }),
    header({ 'connected-account': 'acct_1' }),
  ];
  if (!isCommand) return probes;
  return [
    ...probes,
    header({ 'idempotency-key': ['a', 'b'] }),
    header({ 'idempotency-key': 'k'.repeat(256) }),
    { ...plain, path, headers: { ...headers, 'idempotency-key': usedKey } },
    ...wrongBodies(query(dry), headers),
    ...(typeof body === 'object' ? mutations(body).map((wrong) => query(dry, { body: wrong })) : []),
  ];
}

function wrongPaths(path: string, { ledger }: SampleBooks): readonly string[] {
  const [, , , owner] = path.split('/');
  if (owner === undefined) return [];
  return [
    `${path}/nope/nope/nope`,
    path.replace(ledger, 'led_000000000000000000000000'),
    path.replace(ledger, 'x%00'),
    path.replace(owner, '%zz'),
    path.replace(owner, 'x'.repeat(2_000)),
    path.replace(owner, ''),
    path.replace('/accounts/cash', '/accounts/a::b'),
    path.replace('/accounts/cash', '/accounts/nobody'),
    path.replace(/\/txn_[^/]+/, '/txn_unknown'),
    path.replace(/\/transactions\/[^/]+\//, '/transactions//'),
    path.replace(/\/key_[^/]+/, '/key_unknown'),
    path.replace(/\/we_[^/]+/, '/we_unknown'),
    path.replace(/\/msg_[^/]+/, '/msg_unknown'),
    path.replace(/\/sbx_[^/]+/, '/sbx_unknown'),
    path.replace(/\/cus_[^/]+/, '/cus_unknown'),
  ].filter((wrong) => wrong !== path);
}

function wrongBodies(plain: HttpRequest, headers: Record<string, string>): readonly HttpRequest[] {
  const { body: _body, ...empty } = plain;
  const raw = (body: string | Buffer, more: Record<string, string> = {}): HttpRequest => ({
    ...empty,
    body,
    headers: { ...headers, ...more },
  });
  return [
    empty,
    raw('{'),
    raw('{"a":1,"a":2}'),
    raw(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
    raw(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
    raw('{"nope":"\\u0000"}'),
    raw('{"nope":1}'),
    raw('[]'),
    raw(`{"a":"${'x'.repeat(10_000_001)}"}`),
    raw('x', { 'content-type': 'text/plain' }),
    raw('{}', { 'content-encoding': 'gzip' }),
  ];
}

/** A body with one of its values strange, missing, or one too many. */
export function mutations(body: unknown): readonly unknown[] {
  if (Array.isArray(body))
    return [...strangeValues, ...body.flatMap((item, i) => mutations(item).map((m) => body.with(i, m)))];
  if (typeof body !== 'object' || body === null) return strangeValues;
  const whole = body as Readonly<Record<string, unknown>>;
  const changed = Object.entries(whole).flatMap(([name, value]) => {
    const { [name]: _left, ...rest } = whole;
    return [rest, ...mutations(value).map((m) => ({ ...whole, [name]: m }))];
  });
  return [...changed, { ...whole, nope: 1 }, {}];
}
