import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import type { HttpAnswer } from './support/http-spec';
import { positionedQueries, sampleQuery, whatIsRead } from './support/fuzz/sample-query';
import { apiOperations } from './support/fuzz/api-operations';
import type { Operation } from './support/fuzz/api-operations';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(180_000);

let parts: PartsInProcess;
let http: HttpSpec;
let organization = '';
let ledger = '';
let other = '';
let payments = '';
/** Of a sandbox, which is another organization. */
let foreign: readonly string[] = [];

// The stream of events never ends: what comes before its first event is asked for with HEAD, below.
const queries = positionedQueries.filter(({ operationId }) => operationId !== 'streamEvents');
const byName = queries.map((operation) => [operation.operationId, operation] as const);
const ahead = 999_999_999_999;

const ask = (operation: Operation, position?: string): Promise<HttpAnswer> =>
  http.send(
    sampleQuery(operation, ledger, position === undefined ? {} : { 'ledger-min-position': position }),
  );
const positionOf = ({ headers }: HttpAnswer): string => String(headers['ledger-position']);
/** Without what differs from one request to the next. */
const said = ({ status, json }: HttpAnswer): object => ({
  status,
  code: json['code'],
  detail: json['detail'],
});

beforeAll(async () => {
  parts = await startParts('embedded');
  http = new HttpSpec(parts.url, parts.apiKey, '');
  const made = (path: string, body: object, apiKey = parts.apiKey) =>
    http.when({ path, body, apiKey }).thenAccepted();
  const account = { address: 'equity', type: 'equity', currency: 'USD' };
  const first = await made('/v1/ledgers', { name: 'books' });
  [organization = ''] = positionOf(first).split('@');
  ledger = String(first.json['id']);
  other = String((await made('/v1/ledgers', { name: 'other books' })).json['id']);
  for (const one of [ledger, other]) await made(`/v1/ledgers/${one}/accounts`, account);
  payments = String((await http.ask({ path: '/v1/payments_ledger' })).json['id']);
  const { json } = await made('/v1/sandboxes', { name: 'another organization' });
  const theirs = await made('/v1/ledgers', { name: 'theirs' }, String(json['api_key']));
  // The process knows from now on whose it is.
  await made(`/v1/ledgers/${String(theirs.json['id'])}/accounts`, account, String(json['api_key']));
  const [owner] = positionOf(theirs).split('@');
  foreign = [String(owner), String(theirs.json['id']), 'led_none', 'org_none', 'acct_1'];
});
afterAll(() => parts?.close());

describe('a position that a client hands back', () => {
  it.each(byName)(
    'is passed over by %s where it is not of the organization, at any revision',
    async (_, operation) => {
      const without = said(await ask(operation));
      expect(without).not.toMatchObject({ code: 'invalid_position' });
      for (const owner of foreign)
        for (const revision of [-1, 0, ahead])
          expect([owner, said(await ask(operation, `${owner}@${revision}`))]).toEqual([owner, without]);
    },
  );

  it.each(byName)('is taken by %s where it is the last one of anything', async (_, operation) => {
    const without = said(await ask(operation));
    const last = [
      positionOf(await http.ask({ path: '/v1/ledgers' })),
      ...(await Promise.all(
        [ledger, other, payments].map((one) => http.ask({ path: `/v1/ledgers/${one}/accounts` })),
      ).then((answers) => answers.map(positionOf))),
    ];
    expect(last.map((position) => position.split('@')[0])).toEqual([organization, ledger, other, payments]);
    for (const position of last) {
      const answer = await ask(operation, position);
      expect([position, said(answer)]).toEqual([position, without]);
      if (answer.status === 200) expect(positionOf(answer)).toMatch(/^(org|led)_\w+@(-1|[0-9]+)$/);
    }
  });

  it.each(byName.filter(([, operation]) => whatIsRead(operation) !== 'all'))(
    'is passed over by %s where it is of a ledger that is not read',
    async (_, operation) => {
      const without = said(await ask(operation));
      const unread = {
        ledger: [other, payments],
        payments: [ledger, other],
        organization: [ledger, payments],
      };
      const read = whatIsRead(operation) as keyof typeof unread;
      for (const owner of unread[read])
        expect([owner, said(await ask(operation, `${owner}@${ahead}`))]).toEqual([owner, without]);
    },
  );

  it.each(byName)('is refused by %s where it is none', async (_, operation) => {
    for (const text of [
      'x',
      ledger,
      `${ledger}@`,
      `${ledger}@1.5`,
      `${ledger}@01`,
      `@1`,
      `${ledger}@1, ${ledger}@2`,
    ])
      expect([text, (await ask(operation, text)).json]).toMatchObject([
        text,
        { status: 400, code: 'invalid_position', param: '/Ledger-Min-Position' },
      ]);
  });

  it('is waited for where it is of the organization and a ledger of it is read', async () => {
    const ofLedger = queries.filter((operation) => whatIsRead(operation) === 'ledger');
    expect(ofLedger.length).toBeGreaterThan(15);
    const since = performance.now();
    const answers = await Promise.all(ofLedger.map((one) => ask(one, `${organization}@${ahead}`)));
    expect(performance.now() - since).toBeGreaterThan(4_500);
    for (const [at, answer] of answers.entries()) {
      expect([ofLedger[at]?.operationId, said(answer)]).toMatchObject([
        ofLedger[at]?.operationId,
        { status: 503, code: 'read_model_behind' },
      ]);
      expect(answer.headers['retry-after']).toBe('1');
    }
  });

  it('does not tell somebody else’s ledger from none, nor does a path, while the read models are behind', async () => {
    await parts.stopProjector();
    await http.when({ path: '/v1/ledgers', body: { name: 'not read yet' } }).thenAccepted();
    const answers = await Promise.all(
      [foreign[1], 'led_none'].flatMap((one) => [
        http.send({ method: 'GET', path: `/v1/ledgers/${one}/accounts` }),
        http.send({ method: 'GET', path: '/v1/events', headers: { 'ledger-min-position': `${one}@0` } }),
      ]),
    );
    parts.startProjector();
    const behind = { status: 503, code: 'read_model_behind' };
    expect(answers.map(said)).toMatchObject([behind, behind, behind, behind]);
    expect(answers.slice(0, 2).map(said)).toEqual(answers.slice(2).map(said));
  });

  it('of the organization finds a ledger that another process made, once it can be read', async () => {
    await parts.stopProjector();
    const made = await http.when({ path: '/v1/ledgers', body: { name: 'late' } }).thenAccepted();
    const headers = { 'ledger-min-position': positionOf(made), 'ledger-consistency': 'eventual' };
    const path = `/v1/ledgers/${String(made.json['id'])}/accounts`;
    const reading = http.send({ method: 'GET', path, headers });
    await delay(300);
    parts.startProjector();
    expect(await reading).toMatchObject({ status: 200, json: { data: [] } });
  });
});

describe('a query', () => {
  // What the installation has in common, and what a sandbox's rail is told, is no organization's at any position.
  const withoutPosition = [
    ...[
      'listProjections',
      'listRebuilds',
      'getRebuild',
      'listParkedEvents',
      'getParkedEvent',
      'listAuditKeys',
    ],
    ...['getLiveness', 'getReadiness', 'getMetrics', 'getSimulator'],
  ];

  it('has a position, unless it reads what has none', () => {
    const gets = apiOperations.filter(({ method }) => method === 'GET');
    const names = (all: readonly Operation[]) => all.map(({ operationId }) => operationId).sort();
    const positioned = gets.filter(({ responses }) => 'Ledger-Position' in (responses['200']?.headers ?? {}));
    expect(names(positionedQueries)).toEqual(names(positioned));
    expect(names(gets.filter((one) => !positionedQueries.includes(one)))).toEqual(
      [...withoutPosition].sort(),
    );
  });

  it('of a delivery or of a replay says the one that endpoints were read at', async () => {
    const endpoint = { url: 'https://shop.example/webhooks', event_types: ['*'] };
    const made = await http.when({ path: '/v1/webhook_endpoints', body: endpoint }).thenAccepted();
    const of = `/v1/webhook_endpoints/${String(made.json['id'])}`;
    const body = { type: 'transaction.posted' };
    const delivery = await http.when({ path: `${of}/test`, body }).thenAccepted();
    const replay = await http
      .when({ path: `${of}/replays`, body: { from: '2020-01-01T00:00:00Z' } })
      .thenAccepted();
    for (const path of [
      `/v1/deliveries/${String(delivery.json['id'])}`,
      `/v1/replays/${String(replay.json['id'])}`,
    ]) {
      const answer = await http.ask({ path, headers: { 'ledger-min-position': positionOf(made) } });
      expect([answer.status, positionOf(answer)]).toEqual([200, positionOf(made)]);
      const later = { 'ledger-min-position': `${organization}@${ahead}` };
      await http.when({ method: 'GET', path, headers: later }).thenRefused(503, 'read_model_behind');
    }
    const paths = [
      `/v1/deliveries/${String(delivery.json['id'])}`,
      `/v1/replays/${String(replay.json['id'])}`,
    ];
    const read = () => Promise.all(paths.map((path) => http.send({ method: 'GET', path })));
    await parts.stopProjector();
    const deleted = await http.when({ method: 'DELETE', path: of }).thenAccepted();
    const behind = { status: 503, json: { code: 'read_model_behind' } };
    expect(await http.send({ method: 'GET', path: '/v1/webhook_endpoints' })).toMatchObject(behind);
    // What the outbox has waits for nothing that is not asked for.
    const answers = await read();
    expect(answers.map((one) => [one.status, positionOf(one)])).toEqual(
      paths.map(() => [200, positionOf(made)]),
    );
    parts.startProjector();
    for (const path of paths) {
      const answer = await http.ask({ path, headers: { 'ledger-min-position': positionOf(deleted) } });
      expect([answer.status, positionOf(answer)]).toEqual([200, positionOf(deleted)]);
    }

    await parts.database.query(
      `insert into read.halted_streams (projection, stream, revision, reason, attempts, retry_at)
       values ('webhook_endpoints', $1, 0, 'a test', 1, 'infinity')`,
      [`org-${organization}`],
    );
    // It is looked at once a second.
    await delay(1_100);
    const halted = { status: 503, json: { code: 'read_model_halted' } };
    expect(await http.send({ method: 'GET', path: '/v1/webhook_endpoints' })).toMatchObject(halted);
    expect((await read()).map(({ status }) => status)).toEqual([200, 200]);
    const path = paths[0] ?? '';
    const reached = { 'ledger-min-position': positionOf(deleted) };
    expect((await http.send({ method: 'GET', path, headers: reached })).status).toBe(200);
    const later = { 'ledger-min-position': `${organization}@${ahead}` };
    expect(await http.send({ method: 'GET', path, headers: later })).toMatchObject(halted);
    await parts.database.query(`delete from read.halted_streams where stream = $1`, [`org-${organization}`]);
    await delay(1_100);
  });
});

describe('a position that is ahead of the journal', () => {
  const within = (path: string): string => `/v1/ledgers/${ledger}${path}`;
  const journalReads = ['/events', '/events?account=equity', '/accounts/equity/balance?source=journal'];
  const next = async (): Promise<string> => {
    const [owner, revision] = positionOf(await http.ask({ path: within('/events') })).split('@');
    return `${owner}@${Number(revision) + 1}`;
  };
  const post = (address: string) =>
    http
      .when({ path: within('/accounts'), body: { address, type: 'asset', currency: 'USD' } })
      .thenAccepted();

  it.each(journalReads)('is waited for by %s, and answered once it is there', async (path) => {
    const position = await next();
    const reading = http.send({
      method: 'GET',
      path: within(path),
      headers: { 'ledger-min-position': position },
    });
    await delay(200);
    await post(`later:${journalReads.indexOf(path)}`);
    const answer = await reading;
    expect([answer.status, positionOf(answer)]).toEqual([200, position]);
  });

  it('is waited for by a balance from the journal of an account that it opens', async () => {
    const headers = { 'ledger-min-position': await next() };
    const path = within('/accounts/not:yet/balance?source=journal');
    const reading = http.send({ method: 'GET', path, headers });
    await delay(200);
    await post('not:yet');
    expect(await reading).toMatchObject({ status: 200, json: { position: headers['ledger-min-position'] } });
  });

  it('is waited for by a stream of events, whose answer says where the journal was', async () => {
    const headers = { authorization: `Bearer ${parts.apiKey}`, 'ledger-min-position': await next() };
    const url = `${parts.url}${within('/events/stream')}`;
    const opening = documentedFetch(url, { headers });
    await delay(200);
    await post('streamed');
    const { status, headers: answered, body } = await opening;
    await body?.cancel();
    expect([status, answered.get('ledger-position')]).toEqual([200, headers['ledger-min-position']]);
    const head = await documentedFetch(url, { method: 'HEAD', headers });
    expect([head.status, head.headers.get('ledger-position')]).toEqual([200, headers['ledger-min-position']]);
  });

  it('is 503 after five seconds where it does not come', async () => {
    const headers = { 'ledger-min-position': `${ledger}@${ahead}` };
    const paths = [
      ...journalReads,
      '/events/stream',
      '/export',
      '/accounts/equity/replay',
      '/period_closes/pcl_x',
    ];
    const since = performance.now();
    const answers = await Promise.all(
      paths.map((path) => http.send({ method: 'GET', path: within(path), headers })),
    );
    expect(performance.now() - since).toBeGreaterThan(4_500);
    for (const [at, answer] of answers.entries()) {
      expect([paths[at], said(answer)]).toMatchObject([
        paths[at],
        { status: 503, code: 'read_model_behind' },
      ]);
      expect(answer.headers['retry-after']).toBe('1');
    }
  });

  it.each(['/v1/payments_ledger', '/v1/ledgers'])('of the organization is waited for by %s', async (path) => {
    const [owner, revision] = positionOf(await http.ask({ path: '/v1/payments_ledger' })).split('@');
    const headers = { 'ledger-min-position': `${owner}@${Number(revision) + 1}` };
    const reading = http.send({ method: 'GET', path, headers });
    await delay(200);
    await http.when({ path: '/v1/ledgers', body: { name: 'later' } }).thenAccepted();
    expect(await reading).toMatchObject({ status: 200 });
  });
});
