import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { HttpSpec } from './support/http-spec';
import type { HttpRequest } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';
import { documentedFetch } from './support/documented-fetch';

// What another reader could take for something else, or what would silently answer nothing, is refused; at every operation of the document.
jest.setTimeout(120_000);

interface PathParameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly example?: string; readonly pattern?: string };
}
interface Operation {
  readonly parameters?: readonly PathParameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, object>>;
    readonly 'x-max-bytes'?: number;
  };
}
const document = JSON.parse(readFileSync(path.resolve(__dirname, '../schemas/openapi.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
    name: `${method.toUpperCase()} ${template}`,
    method: method.toUpperCase() as NonNullable<HttpRequest['method']>,
    template,
    parameters,
    takesJson: requestBody?.content['application/json'] !== undefined,
    takesNoBody: method !== 'get' && requestBody === undefined,
    maxBytes: requestBody?.['x-max-bytes'] ?? 0,
  })),
);

let parts: PartsInProcess;
let http: HttpSpec;
let ledger: string;

beforeAll(async () => {
  parts = await startParts('embedded');
  const anyone = new HttpSpec(parts.url, parts.apiKey, '');
  ledger = String(
    (await anyone.when({ path: '/v1/ledgers', body: { name: 'strict' } }).thenAccepted()).json['id'],
  );
  http = new HttpSpec(parts.url, parts.apiKey, ledger);
  for (const address of ['cash', 'sales'])
    await http.when(within('/accounts', { address, type: 'asset', currency: 'USD' })).thenAccepted();
});
afterAll(() => parts?.close());

const within = (rest: string, body?: unknown): HttpRequest => ({
  path: `/v1/ledgers/${ledger}${rest}`,
  ...(body === undefined ? {} : { body }),
});
/** One that has the form that the document says: its example, or an id with its prefix. */
const exampleOf = ({ name, schema: { example, pattern } }: PathParameter): string => {
  if (name === 'ledger') return ledger;
  if (name === 'address') return 'cash';
  const prefix = /^\^([a-z]+_)\[/.exec(pattern ?? '')?.[1];
  const value = example ?? `${prefix ?? ''}01`;
  if (!new RegExp(pattern ?? '').test(value)) throw new Error(`there is no example of ${name}`);
  return value;
};
/** A path of which each parameter has the form that it must have, so that what is refused is not the path. */
const pathOf = (template: string, parameters: readonly PathParameter[]): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
    if (parameter === undefined) throw new Error(`${template} has a parameter ${name} that is not described`);
    return exampleOf(parameter);
  });
const operationOf = (named: string) => {
  const found = operations.find(({ name }) => name === named);
  if (found === undefined) throw new Error(`there is no ${named}`);
  return found;
};
const entries = (amount: string) => [
  { account: 'cash', direction: 'debit', amount, currency: 'USD' },
  { account: 'sales', direction: 'credit', amount, currency: 'USD' },
];

describe('a parameter in two forms', () => {
  it.each(operations.map(({ name }) => name))('is refused by %s', async (named) => {
    const { method, template, parameters } = operationOf(named);
    for (const query of [
      'metadata=1&metadata[k]=v',
      'metadata[k]=v&metadata=1',
      'metadata[k]=v&metadata[k]=w',
    ]) {
      const path = `${pathOf(template, parameters)}?${query}`;
      await http
        .when({ path, ...(method && { method }) })
        .thenRefused(400, 'duplicate_parameter', { param: expect.stringContaining('/metadata') as unknown });
    }
  });
});

describe('a body where none is declared', () => {
  it.each(operations.filter(({ takesNoBody }) => takesNoBody).map(({ name }) => name))(
    'is refused by %s, unless it is {}',
    async (named) => {
      const { method, template, parameters } = operationOf(named);
      const path = pathOf(template, parameters);
      const sent = (body?: string): HttpRequest => ({ path, body, ...(method && { method }) });
      await http.when(sent('{"reason":"x"}')).thenRefused(400, 'unknown_field', { param: '/reason' });
      for (const body of ['[1]', '"x"', '2', 'null', '[]'])
        await http.when(sent(body)).thenRefused(400, 'invalid_type', { param: '' });
      const isTried = parameters.some(({ name }) => name === 'dry_run');
      // What is of the installation itself, and has no trial, is not for a test to do here.
      if (!isTried && !template.includes('{')) return;
      const asked = { ...sent(), path: isTried ? `${path}?dry_run=true` : path };
      const none = await http.send(asked);
      const empty = await http.send({ ...asked, body: {} });
      expect([empty.status, empty.json['code']]).toEqual([none.status, none.json['code']]);
      expect(String(empty.json['code'])).not.toMatch(/^(unknown_field|invalid_type|missing_body)$/);
    },
  );

  it('is the same request for idempotency when it is {} as when it is absent', async () => {
    const sent = { ...within('/accounts/sales/freeze'), headers: { 'idempotency-key': 'freeze once' } };
    const first = await http.when(sent).thenAccepted();
    const again = await http.when({ ...sent, body: {} }).thenAccepted();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.json).toEqual(first.json);
    await http.when(within('/accounts/sales/unfreeze')).thenAccepted();
  });

  it('voids no hold, whole, that was to be voided in part', async () => {
    const posted = within('/transactions', { entries: entries('5'), pending: true });
    const { json } = await http.when(posted).thenAccepted();
    const hold = within(`/transactions/${String(json['id'])}`);
    await http
      .when({ path: `${hold.path}/void`, body: { amount: '2' } })
      .thenRefused(400, 'unknown_field', { param: '/amount' });
    await http.when({ path: `${hold.path}/void`, body: {} }).thenAccepted();
  });
});

describe('a body that is longer than its operation takes', () => {
  it.each(
    operations.filter(({ takesJson }) => takesJson).map(({ name, maxBytes }) => [name, maxBytes] as const),
  )('is refused by %s, one of %d bytes is read', async (named, maxBytes) => {
    const { method, template, parameters } = operationOf(named);
    const sent = (bytes: number): HttpRequest => ({
      path: pathOf(template, parameters),
      body: `{"x":"${'x'.repeat(bytes - 8)}"}`,
      ...(method && { method }),
    });
    await http.when(sent(maxBytes)).thenRefused(400, expect.stringMatching(/_field$/) as string);
    await http.when(sent(maxBytes + 1)).thenRefused(413, 'body_too_large');
  });
});

describe('a member that appears twice', () => {
  it.each(operations.filter(({ takesJson }) => takesJson).map(({ name }) => name))(
    'is refused by %s',
    async (named) => {
      const { method, template, parameters } = operationOf(named);
      await http
        .when({
          path: pathOf(template, parameters),
          body: '{"a":{"__proto__":1,"\\u005f_proto__":2}}',
          ...(method && { method }),
        })
        .thenRefused(400, 'duplicate_member', { param: '/a/__proto__' });
    },
  );

  it('is refused where both members would do, however they are spelled', () =>
    http
      .when(
        within(
          '/transactions',
          `{"entries":${JSON.stringify(entries('1'))},"reference":"a","metadata":{"k":"1","\\u006b":"2"}}`,
        ),
      )
      .thenRefused(400, 'duplicate_member', { param: '/metadata/k' }));

  it('is refused in a line of a stream, and the other lines are booked', async () => {
    const line = `{"entries":${JSON.stringify(entries('1'))}`;
    const { status, text } = await stream(
      '/transactions/bulk',
      `${line},"reference":"x","reference":"y"}\n${line}}\n`,
    );
    const [first, second] = text
      .trim()
      .split('\n')
      .map((answer) => JSON.parse(answer) as object);
    expect(status).toBe(200);
    expect(first).toMatchObject({ line: 1, code: 'duplicate_member', param: '/reference' });
    expect(second).toMatchObject({ object: 'transaction' });
  });

  it('is refused in a line of an import', async () => {
    const account = '"object":"account","address":"a","type":"asset","currency":"USD"';
    const { status, text } = await stream('/imports', `{${account},"address":"b"}\n`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).toContain("'address' twice");
  });

  const stream = async (rest: string, body: string) => {
    const answer = await documentedFetch(`${parts.url}${within(rest).path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${parts.apiKey}`, 'content-type': 'application/x-ndjson' },
      body,
    });
    return { status: answer.status, text: await answer.text() };
  };
});

describe('a body that is encoded', () => {
  const writing = operations.filter(({ method }) => method !== 'GET');

  it.each(writing.map(({ name }) => name))('gets 415 from %s', async (named) => {
    const { method, template, parameters } = operationOf(named);
    for (const type of ['application/json', 'application/x-ndjson', 'text/csv']) {
      for (const encoding of ['gzip', 'br', 'unheard-of', 'identity, gzip']) {
        const headers = { 'content-encoding': encoding, 'content-type': type };
        const body = gzipSync(Buffer.from('{}'));
        const answer = await http.send({
          path: pathOf(template, parameters),
          body,
          headers,
          ...(method && { method }),
        });
        expect([type, encoding, answer.status, answer.json['code']]).toEqual([
          type,
          encoding,
          415,
          'unsupported_media_type',
        ]);
        expect(answer.headers['accept-encoding']).toBe('identity');
      }
    }
  });

  it('is taken when it is encoded as it is', () =>
    http
      .when({
        ...within('/transactions', { entries: entries('1') }),
        headers: { 'content-encoding': 'identity' },
      })
      .thenAccepted());
});

describe('a body of a type that is not taken', () => {
  it.each([
    ['/imports', 'application/x-ndjson or text/csv'],
    ['/transactions/bulk', 'application/json or application/x-ndjson in UTF-8'],
    ['/transactions', 'application/json in UTF-8'],
  ])('gets 415 from %s, which says what is', async (rest, types) => {
    for (const type of ['text/plain', 'application/xml', 'image/png']) {
      const headers = { 'content-type': type };
      const { status, json } = await http.send({ ...within(rest), method: 'POST', body: 'x', headers });
      expect([status, json['detail']]).toEqual([415, `The body must be ${types}.`]);
    }
  });
});

describe('a value of a closed set that is not in it', () => {
  it.each([
    ['/events?type=Nope', 'invalid_value', '/type'],
    ['/events?type=', 'invalid_value', '/type'],
    ['/events?type=LedgerCreated', 'invalid_value', '/type'],
    ['/events/stream?type=Nope', 'invalid_value', '/type'],
    ['/transactions?status=done', 'invalid_value', '/status'],
    ['/transactions?axis=both', 'invalid_value', '/axis'],
    ['/transactions?currency=USD', 'unknown_parameter', '/currency'],
    ['/accounts?type=cash', 'invalid_value', '/type'],
    ['/accounts?currency=usd', 'invalid_currency', '/currency'],
    ['/accounts/cash/balance?as_of=2026-01-01T00:00:00Z&axis=booked', 'invalid_value', '/axis'],
    ['/export?format=xml', 'invalid_value', '/format'],
    [`/events?cursor=${Buffer.from('r999').toString('base64url')}`, 'invalid_cursor', '/cursor'],
    [`/events?cursor=${Buffer.from('r1').toString('base64url')}=`, 'invalid_cursor', '/cursor'],
    [`/accounts?cursor=${Buffer.from('r1').toString('base64url')}`, 'invalid_cursor', '/cursor'],
  ])('is refused: %s', (rest, code, param) =>
    http
      .when({ ...within(rest), method: 'GET' })
      .thenRefused(400, expect.stringMatching(/^(invalid|unknown)/) as never, {
        code: expect.stringMatching(
          code === 'invalid_value' ? /^invalid_(value|parameter)$/ : `^${code}$`,
        ) as never,
        param,
      }),
  );

  it('is known by every type of event that a ledger has', async () => {
    const list = await http.when({ ...within('/events?type=AccountOpened'), method: 'GET' }).thenAccepted();
    expect((list.json['data'] as readonly object[]).length).toBeGreaterThan(1);
    await http.when({ ...within('/events?type=HoldExpired'), method: 'GET' }).thenAccepted();
  });

  it.each(['99999', '-1', 'led_1@3', '1.0'])('is refused as Last-Event-ID: %s', (id) =>
    http
      .when({ ...within('/events/stream'), method: 'GET', headers: { 'last-event-id': id } })
      .thenRefused(400, 'invalid_position', { param: '/Last-Event-ID' }),
  );
});

describe('a change that asks for nothing', () => {
  it.each([{}, { metadata: {} }])(
    'is answered with the account as it is, and leaves no event: %j',
    async (body) => {
      const account = within('/accounts/cash');
      const before = await http.send({ ...account, method: 'GET' });
      const { status, json, headers } = await http.send({
        ...within('/accounts/cash', body),
        method: 'PATCH',
      });
      expect(status).toBe(200);
      expect(json).toEqual({ ...before.json, position: expect.stringContaining(`${ledger}@`) as never });
      expect(headers['ledger-position']).toBe(before.headers['ledger-position']);
      expect((await http.send({ ...account, method: 'GET' })).json).toEqual(before.json);
    },
  );
});
