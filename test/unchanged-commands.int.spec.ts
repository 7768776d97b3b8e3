import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { WebhooksInProcess } from './support/webhooks-in-process';
import document from '../schemas/openapi.json';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;

/** One that sets something: asked for twice it changes nothing, and its key is kept all the same. */
interface Setting {
  readonly operation: string;
  readonly method: 'PUT' | 'PATCH';
  readonly path: string;
  readonly first: object;
  readonly later: object;
}

/** Those whose metadata is set: `data-subjects.int.spec` has them all. */
const ofMetadata = [
  'amendAccount',
  'updateConnectedAccount',
  'updateCustomer',
  'updateDispute',
  'updateLedgerTransfer',
  'updatePayment',
  'updatePayout',
  'updateSplit',
  'updateTransfer',
];
/** They take no key, or are no command of a journal. */
const withoutKeys = ['changeSimulator'];

describe.each(['embedded', 'distributed'] as const)('a command that changes nothing, %s', (mode) => {
  let hooks: WebhooksInProcess;
  let apiKey = '';

  const ask = (request: HttpRequest): Promise<HttpAnswer> => hooks.http.ask({ apiKey, ...request });
  const send = async (request: HttpRequest, key?: string): Promise<Json> => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const { status, json } = await ask({ ...request, headers });
    expect([Math.floor(status / 100), json]).toEqual([2, json]);
    return json;
  };

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start(mode);
    const { json } = await hooks.http.send({ path: '/v1/sandboxes', body: { name: mode } });
    apiKey = String(json['api_key']);
  });
  afterAll(async () => {
    await hooks?.dispatcher.close();
    await hooks?.parts.close();
  });

  async function settings(): Promise<readonly Setting[]> {
    const parties = [{ id: 'us', role: 'platform', account: 'platform', remainder: true }];
    const made = async (path: string, body: object): Promise<string> =>
      `${path}/${String((await send({ method: 'POST', path, body }))['id'])}`;
    const accounts = (iban: string) => ({
      bank_accounts: [{ iban, bic: 'COBADEFFXXX', currency: 'EUR', account_holder: 'Ours' }],
    });
    return [
      {
        ...{ operation: 'updateSplitRule', method: 'PATCH' },
        path: await made('/v1/split_rules', { name: 'Ours', parties }),
        ...{ first: { name: 'First' }, later: { name: 'Later' } },
      },
      {
        ...{ operation: 'changeWebhookEndpoint', method: 'PATCH' },
        path: await made('/v1/webhook_endpoints', { url: 'https://example.com/hooks', event_types: ['*'] }),
        ...{ first: { description: 'First' }, later: { description: 'Later' } },
      },
      {
        ...{ operation: 'setPayoutSchedule', method: 'PUT', path: '/v1/payout_schedule' },
        ...{ first: { interval: 'daily' }, later: { interval: 'manual' } },
      },
      {
        ...{ operation: 'putBankAccounts', method: 'PUT', path: '/v1/bank_accounts' },
        ...{ first: accounts('DE89370400440532013000'), later: accounts('FR1420041010050500013M02606') },
      },
      {
        ...{ operation: 'freezeClock', method: 'PUT', path: '/v1/clock' },
        ...{ first: { time: '2031-03-01T10:00:00.000Z' }, later: { time: '2031-03-02T10:00:00.000Z' } },
      },
    ];
  }

  it('keeps its key, so that it does not undo a later one when it is sent again', async () => {
    const all = await settings();
    const documented = Object.values(document.paths).flatMap((of) =>
      Object.entries(of).flatMap(([method, { operationId }]) =>
        method === 'patch' || method === 'put' ? [operationId as string] : [],
      ),
    );
    expect([...all.map(({ operation }) => operation), ...ofMetadata, ...withoutKeys].sort()).toEqual(
      documented.sort(),
    );
    for (const { operation, method, path, first, later } of all) {
      await send({ method, path, body: first });
      const unchanged = await send({ method, path, body: first }, operation);
      await send({ method, path, body: later });
      const shown = await send({ method: 'GET', path });
      expect([operation, await send({ method, path, body: first }, operation)]).toEqual([
        operation,
        unchanged,
      ]);
      expect([operation, await send({ method: 'GET', path })]).toEqual([operation, shown]);
    }
  });

  it('is an event of the ledger that tells nobody anything', async () => {
    const ledger = `/v1/ledgers/${String((await send({ method: 'POST', path: '/v1/ledgers', body: { name: 'Books' } }))['id'])}`;
    const path = `${ledger}/accounts`;
    await send({ method: 'POST', path, body: { address: 'a', type: 'asset', currency: 'USD' } });
    const changes = [[{ metadata: { step: '1' } }], [{}, 'nothing'], [{}], [{}, 'nothing']] as const;
    for (const [body, key] of changes) await send({ method: 'PATCH', path: `${path}/a`, body }, key);
    const types = async (of: string): Promise<readonly unknown[]> =>
      ((await send({ method: 'GET', path: of }))['data'] as readonly Json[]).map(({ type }) => type);
    expect(await types(`${ledger}/events`)).toEqual(['AccountOpened', 'AccountAmended', 'NothingChanged']);
    const told = await types('/v1/events?limit=3');
    expect(told).toEqual(['account.updated', 'account.opened', 'ledger.created']);
    await send({ method: 'PATCH', path: `${path}/a`, body: { metadata: { step: '2' } } });
    const lines = (await send({ method: 'GET', path: '/v1/audit_log?limit=3' }))['data'];
    const target = { type: 'account', id: 'a' };
    const changed = { before: { step: '1' }, after: { step: '2' } };
    expect(lines).toMatchObject([
      { action: 'account.updated', target, changes: { metadata: changed } },
      { action: 'nothing.changed', target, changes: null },
      { action: 'account.updated', target },
    ]);
    expect(await send({ method: 'GET', path: `${path}/a` })).toMatchObject({
      metadata: { step: '2' },
      version: 3,
    });
  });

  it('keeps its key when it releases a clock that runs', async () => {
    const path = '/v1/clock';
    await send({ method: 'DELETE', path });
    const running = await send({ method: 'DELETE', path }, 'runs');
    expect(running).toMatchObject({ frozen: false });
    await send({ method: 'PUT', path, body: { time: '2031-04-01T10:00:00.000Z' } });
    expect(await send({ method: 'DELETE', path }, 'runs')).toEqual(running);
    expect(await send({ method: 'GET', path })).toMatchObject({ frozen: true });
  });
});
