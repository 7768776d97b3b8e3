import { readFileSync } from 'node:fs';
import path from 'node:path';
import { HttpSpec } from './support/http-spec';
import type { HttpRequest } from './support/http-spec';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';

// A key does no more than it may, whatever way it takes: alone, as a trial, in a file, with a key that it makes, or by taking others' keys away.
jest.setTimeout(180_000);

let server: RunningStandalone;
let http: HttpSpec;
let ledger: string;
const keys: Record<string, { readonly id: string; readonly key: string }> = {};
const keyOf = (name: string): string => keys[name]?.key ?? '';

beforeAll(async () => {
  server = await runStandalone();
  const anyone = new HttpSpec(server.url, server.apiKey, '');
  ledger = String(
    (await anyone.when({ path: '/v1/ledgers', body: { name: 'rights' } }).thenAccepted()).json['id'],
  );
  http = new HttpSpec(server.url, server.apiKey, ledger);
  for (const [name, scopes] of Object.entries({
    writer: ['ledger:read', 'ledger:write'],
    admin: ['ledger:admin'],
    keyMaker: ['keys:write'],
    keyAdmin: ['keys:write', 'ledger:admin'],
    reader: ['ledger:read'],
    everything: ['*'],
  })) {
    const { json } = await http.when({ path: '/v1/api_keys', body: { name, scopes } }).thenAccepted();
    keys[name] = { id: String(json['id']), key: String(json['key']) };
  }
  await http
    .given(
      open('cash', { type: 'asset' }),
      open('purse', { min_balance: '0', max_balance: '1000' }),
      open('frozen'),
      open('closed'),
      of('frozen', 'freeze'),
    )
    .when(of('closed', 'close'))
    .thenAccepted();
}, 300_000);
afterAll(async () => {
  await server?.stop();
}, 60_000);

const open = (address: string, terms: object = {}): HttpRequest => ({
  path: `/v1/ledgers/${ledger}/accounts`,
  body: { address, type: 'liability', currency: 'USD', ...terms },
});
const of = (address: string, verb: string, more: object = {}): HttpRequest => ({
  path: `/v1/ledgers/${ledger}/accounts/${address}/${verb}`,
  ...more,
});
const amend = (body: object, query = ''): HttpRequest => ({
  method: 'PATCH',
  path: `/v1/ledgers/${ledger}/accounts/purse${query}`,
  body,
});

describe('bounds, freezing and closing', () => {
  describe.each(['', '?dry_run=true'])('by PATCH%s', (query) => {
    it.each([{ min_balance: null }, { max_balance: '5' }, { min_balance: '-1', metadata: { a: 'b' } }])(
      'need ledger:admin: %j',
      async (body) => {
        const [field] = Object.keys(body);
        await http
          .when({ ...amend(body, query), apiKey: keyOf('writer') })
          .thenRefused(403, 'scope_beyond_own', { param: `/${field}`, missing_scope: 'ledger:admin' });
      },
    );
    it('leave metadata to ledger:write', () =>
      http.when({ ...amend({ metadata: { tier: 'gold' } }, query), apiKey: keyOf('writer') }).thenAccepted());
  });

  it.each([
    ['purse', 'freeze'],
    ['frozen', 'unfreeze'],
    ['frozen', 'close'],
    ['closed', 'reopen'],
  ])('need ledger:admin: %s, %s', async (address, verb) => {
    for (const query of ['', '?dry_run=true']) {
      await http
        .when({ ...of(address, `${verb}${query}`), apiKey: keyOf('writer') })
        .thenRefused(403, 'missing_scope', { missing_scope: 'ledger:admin' });
    }
    await http.when({ ...of(address, `${verb}?dry_run=true`), apiKey: keyOf('admin') }).thenAccepted();
  });

  const terms = {
    address: 'purse',
    type: 'liability',
    currency: 'USD',
    min_balance: '0',
    max_balance: '1000',
  };
  const file = (...lines: readonly object[]): string => {
    const from = { id: 'led_elsewhere', name: 'x' };
    const head = { object: 'export', format: 1, ledger: from, revision: lines.length };
    const all = [head, ...lines, { object: 'end', lines: lines.length + 1 }];
    return all.map((line) => `${JSON.stringify(line)}\n`).join('');
  };
  const imported = async (apiKey: string, query: string, ...lines: readonly object[]) => {
    const { json } = await http.send({
      path: `/v1/ledgers/${ledger}/imports${query}`,
      body: file(...lines),
      headers: { 'content-type': 'application/x-ndjson' },
      apiKey,
    });
    return ((json['errors'] ?? []) as { code: string }[]).map(({ code }) => code);
  };

  it.each([
    { object: 'account_amendment', ...terms, min_balance: null, metadata: {} },
    { object: 'account_amendment', ...terms, max_balance: '2000', metadata: {} },
    { object: 'account_freeze', address: 'purse' },
    { object: 'account_unfreeze', address: 'frozen' },
    { object: 'account_close', address: 'frozen' },
    { object: 'account_reopen', address: 'closed' },
  ])('need ledger:admin in a file too: %j', async (line) => {
    const position = await events();
    for (const query of ['', '?dry_run=true'])
      expect(await imported(keyOf('writer'), query, line)).toEqual(['scope_beyond_own']);
    expect(await events()).toBe(position);
    expect(await imported(keyOf('admin'), '?dry_run=true', line)).toEqual([]);
  });

  it('are found again in a file that was imported before, by a key that may less', async () => {
    const line = { object: 'account_amendment', ...terms, max_balance: '3000', metadata: { tier: 'gold' } };
    expect(await imported(keyOf('admin'), '', line)).toEqual([]);
    expect(await imported(keyOf('writer'), '', line)).toEqual([]);
    const metadata = { ...line, metadata: { tier: 'silver' } };
    expect(await imported(keyOf('writer'), '', metadata)).toEqual([]);
  });

  const events = async (): Promise<string> => {
    const answer = await http.send({ method: 'GET', path: `/v1/ledgers/${ledger}/events?limit=1` });
    return String(answer.headers['ledger-position']);
  };
});

describe('API keys', () => {
  const revoke = (name: string, apiKey: string, query = ''): readonly HttpRequest[] => [
    { path: `/v1/api_keys/${keys[name]?.id}/revoke${query}`, apiKey },
    { method: 'DELETE', path: `/v1/api_keys/${keys[name]?.id}${query}`, apiKey },
  ];

  it.each(['everything', 'reader', 'keyAdmin'])(
    'that may more are not revoked by keys:write: %s',
    async (name) => {
      for (const query of ['', '?dry_run=true']) {
        for (const request of revoke(name, keyOf('keyMaker'), query))
          await http.when(request).thenRefused(403, 'scope_beyond_own');
      }
    },
  );

  it('give no more than their maker may, also as a trial or under a key that was used', async () => {
    const headers = { 'idempotency-key': 'beyond' };
    const create = { path: '/v1/api_keys', body: { name: 'x', scopes: ['*'] }, headers };
    await http
      .given(create)
      .when({ ...create, apiKey: keyOf('keyMaker') })
      .thenRefused(403, 'scope_beyond_own', {
        param: '/scopes',
      });
    await http
      .when({ ...create, path: '/v1/api_keys?dry_run=true', apiKey: keyOf('keyMaker') })
      .thenRefused(403, 'scope_beyond_own');
  });

  it('are revoked by those that may as much, and by themselves', async () => {
    const [reader] = revoke('reader', keyOf('keyAdmin'));
    const [self] = revoke('keyMaker', keyOf('keyMaker'));
    for (const request of [reader, self]) if (request !== undefined) await http.when(request).thenAccepted();
  });
});

const document = JSON.parse(readFileSync(path.resolve(__dirname, '../schemas/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, { readonly 'x-scope'?: string; readonly responses: object }>>;
  components: { schemas: Record<string, { properties: Record<string, Record<string, unknown>> }> };
};

describe('the scope to write in an area', () => {
  const reads = Object.entries(document.paths).flatMap(([route, { get }]) => {
    const [area, verb] = get?.['x-scope']?.split(':') ?? [];
    // A stream of events has no end.
    const isStream = JSON.stringify(get?.responses ?? {}).includes('text/event-stream');
    return verb === 'read' && area !== undefined && !isStream ? [[area, route] as const] : [];
  });
  const areas = [...new Set(reads.map(([area]) => area))];

  it.each(areas)('reads what is in it, and nothing else: %s', async (area) => {
    const scopes = [`${area}:write`];
    const { json } = await http.when({ path: '/v1/api_keys', body: { name: area, scopes } }).thenAccepted();
    const apiKey = String(json['key']);
    for (const [of, route] of reads) {
      const { json: answer } = await http.send({
        method: 'GET',
        path: route.replaceAll(/\{\w+\}/g, 'unknown'),
        apiKey,
      });
      expect([route, answer['code'] === 'missing_scope']).toEqual([route, of !== area]);
    }
  });
});

it('is in the OpenAPI document, by field', () => {
  const scopesOf = (schema: string) =>
    Object.entries(document.components.schemas[schema]?.properties ?? {}).flatMap(
      ([field, { 'x-scope': scope }]) => (scope === undefined ? [] : [[field, scope]]),
    );
  expect(scopesOf('AmendAccountRequest')).toEqual([
    ['min_balance', 'ledger:admin'],
    ['max_balance', 'ledger:admin'],
  ]);
  expect(scopesOf('ReverseRequest')).toEqual([['allow_overdraft', 'ledger:admin']]);
});
