import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MemoryEventStore, revision } from '@fintech-ledger/event-store';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import { TooManySearches } from '@fintech-ledger/projection-runtime';
import { refuse } from '@fintech-ledger/contract';
import { accepted, fakeWorld, issueKey, ledgerId, otherLedgerId } from '../../../test/support/api-fakes';
import type { FakeWorld } from '../../../test/support/api-fakes';
import { createApi } from './create-api';

const all = issueKey(['*'], 1);
const reader = issueKey(['ledger:read'], 2);
const writer = issueKey(['ledger:write'], 3);
const keyMaker = issueKey(['keys:write', 'ledger:read'], 4);

const entries = [
  { account: 'cash', direction: 'debit', amount: '100', currency: 'USD' },
  { account: 'sales', direction: 'credit', amount: '100', currency: 'USD' },
];
const path = `/v1/ledgers/${ledgerId}/transactions`;

let app: NestFastifyApplication;
let world: FakeWorld;
let store: MemoryEventStore;

beforeAll(async () => {
  store = new MemoryEventStore();
  world = fakeWorld([all, reader, writer, keyMaker], store);
  app = await createApi(world);
});
beforeEach(() => world.gateway.reset());
afterEach(() => expect(world.log.bugs).toEqual([]));
afterAll(async () => {
  await app.close();
  await store.close();
});

interface Sent {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT' | 'HEAD';
  readonly url?: string;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

async function send({ method = 'POST', url = path, token = all.token, headers = {}, body }: Sent) {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await app.inject({
    method,
    url,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: isRaw ? body : JSON.stringify(body) }),
  });
  const text = response.body;
  const isJson = String(response.headers['content-type']).includes('json');
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    json: (isJson && text !== '' && !text.includes('\n') ? JSON.parse(text) : undefined) as Record<
      string,
      unknown
    >,
  };
}

async function expectProblem(sent: Sent, status: number, code: string, more: object = {}) {
  const { status: actual, json, headers } = await send(sent);
  expect({ status: actual, ...json }).toMatchObject({ status, code, ...more });
  expect(headers['content-type']).toContain('application/problem+json');
  expect(json['request_id']).toBe(headers['request-id']);
  expect(json).toEqual(
    expect.objectContaining({
      type: `/docs/errors#${code}`,
      title: expect.any(String),
      detail: expect.any(String),
    }),
  );
  return { json, headers };
}

describe('a command', () => {
  it('goes to the writer and comes back byte for byte, with its position', async () => {
    world.gateway.answer = () => accepted('{"id":"txn_1",  "position":"led_1@7"}');
    const { status, headers, text } = await send({ body: { entries } });
    expect(status).toBe(201);
    expect(text).toBe('{"id":"txn_1",  "position":"led_1@7"}');
    expect(headers['ledger-position']).toBe('led_1@7');
    expect(headers['idempotency-replayed']).toBeUndefined();
    expect(world.gateway.submitted).toEqual([
      {
        stream: 'journal-led_1',
        organizationId: 'org_1',
        actor: all.credentials.keyId,
        askedAtMs: expect.any(Number) as unknown,
        correlationId: headers['request-id'],
        command: {
          type: 'PostTransaction',
          correctionOf: null,
          entries,
          description: null,
          reference: null,
          effectiveAt: null,
          expiresAt: null,
        },
      },
    ]);
  });

  it('says when it is a replay', async () => {
    world.gateway.answer = () => accepted('{}', true);
    const { headers } = await send({ body: { entries }, headers: { 'idempotency-key': 'k' } });
    expect(headers['idempotency-replayed']).toBe('true');
  });

  it('hashes what is asked for, not how it is written', async () => {
    const headers = { 'idempotency-key': 'k' };
    await send({ headers, body: '{"description":"d","entries":' + JSON.stringify(entries) + '}' });
    await send({ headers, body: '{ "entries":' + JSON.stringify(entries) + ', "description":"\\u0064" }' });
    await send({ headers, body: { entries, description: 'e' } });
    await send({ headers, body: { entries, description: 'd' }, url: `${path}?dry_run=true` });
    const [first, second, third, fourth] = world.gateway.submitted.map(({ requestHash }) => requestHash);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(fourth).toBe(first);
    expect(world.gateway.submitted[3]?.dryRun).toBe(true);
  });

  it('may have no body where none is needed', async () => {
    for (const headers of [{}, { 'content-type': 'application/json' }] as Record<string, string>[]) {
      expect(await send({ url: `${path}/txn_1/void`, headers })).toMatchObject({ status: 200 });
      expect(await send({ url: `${path}/txn_1/capture`, headers })).toMatchObject({ status: 200 });
    }
    expect(world.gateway.submitted[1]?.command).toEqual({ type: 'CaptureHold', transactionId: 'txn_1' });
  });

  it('names the field of a transfer that a refusal is about', async () => {
    world.gateway.answer = () => ({
      kind: 'refused',
      refusal: refuse({ code: 'unknown_account' }, 'No such account.', '/entries/1/account'),
    });
    const body = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };
    await expectProblem({ url: `/v1/ledgers/${ledgerId}/transfers`, body }, 422, 'unknown_account', {
      param: '/credit_account',
    });
  });

  it('answers a refusal with its status and facts', async () => {
    world.gateway.answer = () => ({
      kind: 'refused',
      refusal: refuse({ code: 'reference_taken' }, 'Taken.', '/reference', { transaction: 'txn_9' }),
    });
    await expectProblem({ body: { entries } }, 409, 'reference_taken', {
      param: '/reference',
      transaction: 'txn_9',
    });
  });

  it('tells what is unavailable from what is unknown', async () => {
    world.gateway.answer = () => Promise.reject(new WriterUnavailable('away', 3));
    const { headers } = await expectProblem({ body: { entries } }, 503, 'unavailable');
    expect(headers['retry-after']).toBe('3');
    world.gateway.answer = () =>
      Promise.reject(new TooManySearches('This process searches 32 journals already.'));
    const search = {
      method: 'GET',
      url: `/v1/ledgers/${ledgerId}/accounts/a/balance?source=journal`,
    } as const;
    const busy = await expectProblem(search, 503, 'unavailable', {
      detail: expect.stringMatching(/^This process searches/),
    });
    expect(busy.headers['retry-after']).toBe('5');
    world.gateway.answer = () => Promise.reject(new CommandOutcomeUnknown('lost'));
    const unknown = await expectProblem({ body: { entries } }, 503, 'outcome_unknown');
    expect(unknown.headers['retry-after']).toBe('1');
    expect(unknown.json).not.toHaveProperty('position');
    world.gateway.answer = () =>
      Promise.reject(new AnswerUnavailable(`journal-${ledgerId}`, revision(7), 'not read'));
    const booked = await expectProblem({ body: { entries } }, 503, 'answer_unavailable');
    expect(booked.json).toMatchObject({ position: `${ledgerId}@7` });
    expect(booked.headers['retry-after']).toBe('1');
  });

  it('answers 500 for a bug only, and logs it', async () => {
    world.gateway.answer = () => Promise.reject(new TypeError('oops'));
    const { json } = await expectProblem({ body: { entries } }, 500, 'internal_error');
    expect(JSON.stringify(json)).not.toContain('oops');
    expect(world.log.bugs.splice(0)).toEqual([expect.objectContaining({ request_id: json['request_id'] })]);
  });
});

describe('a charset', () => {
  it.each(['utf-8', '"utf-8"', '"UTF-8"', '"utf8"; x=1', 'Utf-8 ; x="1"'])('may be %s', (charset) =>
    expectProblem(
      { body: {}, headers: { 'content-type': `application/json; charset=${charset}` } },
      400,
      'missing_field',
    ),
  );
});

describe('bad input', () => {
  it('is no name of a parameter that many clients could not read', async () => {
    const sent: Sent = { method: 'GET', url: `${path}?reference%00=a` };
    const { json } = await expectProblem(sent, 400, 'invalid_string');
    expect(json).not.toHaveProperty('param');
  });

  const withEntry = (over: object) => ({ body: { entries: [{ ...entries[0], ...over }, entries[1]] } });
  const many = Array.from({ length: 1_001 }, () => entries[0]);

  it.each<[string, Sent, number, string, object?]>([
    ['no JSON', { body: '{"entries":' }, 400, 'malformed_json'],
    ['no body', { headers: { 'content-type': 'application/json' } }, 400, 'missing_body'],
    ['a list', { body: [] }, 400, 'invalid_type', { param: '' }],
    ['null', { body: 'null' }, 400, 'invalid_type', { param: '' }],
    ['invalid UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }, 400, 'invalid_utf8'],
    ['deep JSON', { body: `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}` }, 400, 'json_too_deep'],
    ...[
      ['"description":"\\ud800"', '/description'],
      ['"description":"a\\u0000"', '/description'],
      ['"metadata":{"a/b~c":"\\u0000"}', '/metadata/a~1b~0c'],
      ['"metadata":{"\\udc00":"x"}', '/metadata'],
      ['"lines":[{}, {"text":["","\\ud83d\\ude00","\\ude00"]}]', '/lines/1/text/2'],
      ['"\\u0000":1', ''],
    ].map(([member, param]): [string, Sent, number, string, object] => [
      `U+0000 or half of a surrogate pair in ${member}`,
      { body: `{"entries":[],${member}}` },
      400,
      'invalid_string',
      { param },
    ]),
    ['a text body', { body: 'x', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
    [
      'a form',
      { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      { body: '{}', headers: { 'content-type': 'application/json; charset=latin1' } },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset in quotes',
      { body: '{}', headers: { 'content-type': 'application/json; charset="latin1"' } },
      415,
      'unsupported_media_type',
    ],
    [
      'two charsets',
      { body: '{}', headers: { 'content-type': 'application/json; charset="utf-8"; charset=latin1' } },
      415,
      'unsupported_media_type',
    ],
    [
      'lines where none are taken',
      { body: '{}', headers: { 'content-type': 'application/x-ndjson' } },
      415,
      'unsupported_media_type',
    ],
    ['a huge body', { body: `{"x":"${'x'.repeat(1_000_000)}"}` }, 413, 'body_too_large'],
    ['no entries', { body: {} }, 400, 'missing_field', { param: '/entries' }],
    ['one entry', { body: { entries: entries.slice(1) } }, 400, 'too_few_entries', { param: '/entries' }],
    ['1,001 entries', { body: { entries: many } }, 400, 'too_many_entries', { param: '/entries' }],
    ['a JSON number', withEntry({ amount: 100 }), 400, 'amount_not_a_string', { param: '/entries/0/amount' }],
    ['amount null', withEntry({ amount: null }), 400, 'invalid_amount', { param: '/entries/0/amount' }],
    ...['0', '-1', '1.5', '1e3', ' 1', '01', '', '1'.repeat(60)].map(
      (amount): [string, Sent, number, string, object] => [
        `amount '${amount}'`,
        withEntry({ amount }),
        400,
        'invalid_amount',
        { param: '/entries/0/amount' },
      ],
    ),
    [
      'a bad address',
      withEntry({ account: 'a::b' }),
      400,
      'invalid_address',
      { param: '/entries/0/account' },
    ],
    [
      'a bad currency',
      withEntry({ currency: 'usd' }),
      400,
      'invalid_currency',
      { param: '/entries/0/currency' },
    ],
    [
      'a bad direction',
      withEntry({ direction: 'up' }),
      400,
      'invalid_value',
      { param: '/entries/0/direction' },
    ],
    ['an unknown field', withEntry({ 'a/b~c': 1 }), 400, 'unknown_field', { param: '/entries/0/a~1b~0c' }],
    [
      'a field called __proto__',
      { body: `{"__proto__":{},"entries":${JSON.stringify(entries)}}` },
      400,
      'unknown_field',
      { param: '/__proto__' },
    ],
    [
      'metadata called __proto__',
      { body: `{"metadata":{"__proto__":"x"},"entries":${JSON.stringify(entries)}}` },
      400,
      'invalid_metadata',
    ],
    ['metadata that is no text', { body: { entries, metadata: { a: 1 } } }, 400, 'invalid_metadata'],
    [
      'a day that is none',
      { body: { entries, effective_at: '2026-02-30T00:00:00Z' } },
      400,
      'invalid_time',
      { param: '/effective_at' },
    ],
    [
      'an unknown parameter',
      { body: { entries }, url: `${path}?dryrun=true` },
      400,
      'unknown_parameter',
      { param: '/dryrun' },
    ],
    [
      'a parameter twice',
      { body: { entries }, url: `${path}?dry_run=true&dry_run=true` },
      400,
      'duplicate_parameter',
    ],
    ['a strange flag', { body: { entries }, url: `${path}?dry_run=yes` }, 400, 'invalid_parameter'],
    ['a limit of 0', { method: 'GET', url: `${path}?limit=0` }, 400, 'invalid_limit'],
    ['a limit of 101', { method: 'GET', url: `${path}?limit=101` }, 400, 'invalid_limit'],
    [
      'U+0000 in a parameter',
      { method: 'GET', url: `${path}?reference=a%00` },
      400,
      'invalid_string',
      { param: '/reference' },
    ],
    ['a broken escape', { method: 'GET', url: '/v1/ledgers/%zz' }, 400, 'malformed_url'],
    [
      'a key of 256 characters',
      { body: { entries }, headers: { 'idempotency-key': 'k'.repeat(256) } },
      400,
      'invalid_idempotency_key',
    ],
    [
      'a key that does not print',
      { body: { entries }, headers: { 'idempotency-key': 'k\u00e9' } },
      400,
      'invalid_idempotency_key',
    ],
    [
      'an empty key',
      { body: { entries }, headers: { 'idempotency-key': '' } },
      400,
      'invalid_idempotency_key',
    ],
    [
      'amount and entries',
      { body: { amount: '1', entries }, url: `${path}/txn_1/capture` },
      400,
      'invalid_value',
    ],
    [
      'an address in the path',
      { method: 'GET', url: `/v1/ledgers/${ledgerId}/accounts/a%20b` },
      400,
      'invalid_address',
    ],
    [
      'an empty change of scopes',
      { body: { name: 'x', scopes: ['all'] }, url: '/v1/api_keys' },
      400,
      'invalid_value',
    ],
  ])('%s', async (_name, sent, status, code, more = {}) => {
    await expectProblem(sent, status, code, more);
    expect(world.gateway.submitted).toEqual([]);
  });

  it('names every reason', async () => {
    const { json } = await expectProblem(
      { body: { entries: [{ ...entries[0], amount: 1 }, entries[1]], colour: 'red', pending: 'yes' } },
      400,
      'unknown_field',
    );
    const errors = json['errors'] as { code: string; param: string }[];
    expect(errors.map(({ code, param }) => `${code} ${param}`).sort()).toEqual([
      'amount_not_a_string /entries/0/amount',
      'invalid_type /pending',
      'unknown_field /colour',
    ]);
  });

  it('refuses two keys in one request, not a key with a comma', async () => {
    await expectProblem(
      { body: { entries }, headers: { 'idempotency-key': ['a', 'b'] as unknown as string } },
      400,
      'duplicate_idempotency_key',
    );
    expect(await send({ body: { entries }, headers: { 'idempotency-key': 'a, b' } })).toMatchObject({
      status: 201,
    });
  });
});

describe('access', () => {
  it.each<[string, Sent, number, string, object?]>([
    ['no key', { token: null, body: { entries } }, 401, 'unauthenticated'],
    [
      'a key with a typing error',
      { token: `${all.token.slice(0, -1)}!`, body: { entries } },
      401,
      'unauthenticated',
    ],
    ['a key that nobody has', { token: issueKey([], 9).token, body: { entries } }, 401, 'unauthenticated'],
    [
      'a reader who writes',
      { token: reader.token, body: { entries } },
      403,
      'missing_scope',
      { missing_scope: 'ledger:write' },
    ],
    [
      'a writer of ledgers who reads keys',
      { token: writer.token, method: 'GET', url: '/v1/api_keys' },
      403,
      'missing_scope',
      { missing_scope: 'keys:read' },
    ],
    [
      'a writer who makes keys',
      { token: writer.token, url: '/v1/api_keys', body: { name: 'x', scopes: ['*'] } },
      403,
      'missing_scope',
      { missing_scope: 'keys:write' },
    ],
    [
      'a key that gives more than it has',
      { token: keyMaker.token, url: '/v1/api_keys', body: { name: 'x', scopes: ['ledger:*'] } },
      403,
      'scope_beyond_own',
      { missing_scope: 'ledger:write' },
    ],
    [
      'an overdraft',
      { token: writer.token, url: `${path}/txn_1/reverse`, body: { allow_overdraft: true } },
      403,
      'overdraft_not_allowed',
      { missing_scope: 'ledger:admin' },
    ],
    [
      'projections',
      { token: writer.token, method: 'GET', url: '/v1/projections' },
      403,
      'missing_scope',
      { missing_scope: 'ops:read' },
    ],
    [
      'a foreign ledger, to write',
      { url: `/v1/ledgers/${otherLedgerId}/transactions`, body: { entries } },
      404,
      'ledger_not_found',
    ],
    [
      'a foreign ledger, to read',
      { method: 'GET', url: `/v1/ledgers/${otherLedgerId}/transactions` },
      404,
      'ledger_not_found',
    ],
    ['a foreign ledger', { method: 'GET', url: `/v1/ledgers/${otherLedgerId}` }, 404, 'ledger_not_found'],
    [
      'foreign events',
      { method: 'GET', url: `/v1/ledgers/${otherLedgerId}/events` },
      404,
      'ledger_not_found',
    ],
    [
      'a foreign event stream',
      { method: 'GET', url: `/v1/ledgers/${otherLedgerId}/events/stream` },
      404,
      'ledger_not_found',
    ],
    ['an id that is none', { method: 'GET', url: '/v1/ledgers/x%00' }, 404, 'ledger_not_found'],
    ['nothing', { method: 'GET', url: '/v1/nothing' }, 404, 'not_found'],
    ['another method', { method: 'DELETE' }, 405, 'method_not_allowed'],
  ])('%s', async (_name, sent, status, code, more = {}) => {
    await expectProblem(sent, status, code, more);
    expect(world.gateway.submitted).toEqual([]);
  });
});

describe('a query', () => {
  it('says the position that it was read at', async () => {
    const { status, headers, json } = await send({ method: 'GET' });
    expect(status).toBe(200);
    expect(headers['ledger-position']).toBe('led_1@7');
    expect(json).toEqual({ data: [], has_more: false, next_cursor: null });
  });

  it('waits for the position that it is asked to reach', async () => {
    const at = (position: string): Sent => ({ method: 'GET', headers: { 'ledger-min-position': position } });
    expect(await send(at('led_1@7'))).toMatchObject({ status: 200 });
    const { headers } = await expectProblem(at('led_1@8'), 503, 'read_model_behind');
    expect(headers['retry-after']).toBe('1');
    expect(await send(at('led_2@1'))).toMatchObject({ status: 200 });
    await expectProblem(at('7'), 400, 'invalid_position');
  });

  it('finds nothing with a problem', async () => {
    const account = `/v1/ledgers/${ledgerId}/accounts/a`;
    await expectProblem({ method: 'GET', url: account }, 404, 'account_not_found');
    await expectProblem({ method: 'GET', url: `${account}/balance` }, 404, 'account_not_found');
    await expectProblem({ method: 'GET', url: `${account}/entries` }, 404, 'account_not_found');
    await expectProblem({ method: 'GET', url: `${path}/txn_1` }, 404, 'transaction_not_found');
  });

  it('takes metadata filters and moments', async () => {
    const ledger = `/v1/ledgers/${ledgerId}`;
    const urls = [
      `${path}?metadata[order]=1&metadata[b]=2&from=2026-01-01T00:00:00Z&axis=recorded`,
      `${ledger}/accounts?prefix=a:&type=asset&metadata[k]=v`,
      `${ledger}/balances?prefix=a:&group_by_segments=2`,
      `${ledger}/trial-balance?as_of=2026-01-01T00:00:00Z`,
      `${ledger}/trial-balance?as_of=${ledgerId}@3`,
      `${ledger}`,
      '/v1/ledgers',
      '/v1/units?limit=100',
      '/v1/api_keys',
      '/v1/projections',
    ];
    for (const url of urls) expect([url, (await send({ method: 'GET', url })).status]).toEqual([url, 200]);
  });

  it.each(['as_of=led_2@3', 'as_of=yesterday', 'axis=recorded', `as_of=${ledgerId}@3&axis=effective`])(
    'refuses ?%s',
    async (query) => {
      const url = `/v1/ledgers/${ledgerId}/accounts/a/balance?${query}`;
      expect(await send({ method: 'GET', url })).toMatchObject({ status: 400 });
    },
  );
});

describe('what needs no key', () => {
  it.each([
    '/health/live',
    '/health/ready',
    '/docs',
    '/docs/errors',
    '/openapi.json',
    '/docs/assets/swagger-ui.css',
    '/docs/assets/swagger-ui-bundle.js',
    '/docs/assets/reference.js',
  ])('%s', async (url) => {
    expect(await send({ method: 'GET', url, token: null })).toMatchObject({ status: 200 });
  });

  it('serves no other file', async () => {
    await expectProblem({ method: 'GET', url: '/docs/assets/..%2Fpackage.json' }, 404, 'not_found');
    await expectProblem({ method: 'GET', url: '/docs/assets/constructor' }, 404, 'not_found');
  });
});
