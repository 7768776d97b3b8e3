import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';
import { documentedFetch } from './support/documented-fetch';

jest.setTimeout(180_000);

interface Write {
  readonly what: string;
  readonly path: string;
  readonly body: unknown;
  readonly contentType?: string;
  /** The query that has to see it. */
  readonly query: string;
  readonly isSeen: (answer: string) => boolean;
}

const account = (address: string) => ({ address, type: 'asset', currency: 'USD' });
const transfer = (reference: string) => ({
  debit_account: 'a',
  credit_account: 'b',
  amount: '1',
  currency: 'USD',
  reference,
});
const transaction = (reference: string) => ({
  entries: [
    { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
    { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
  ],
  reference,
});
const includes = (text: string) => (answer: string) => answer.includes(`"${text}"`);
const csv =
  'txn,date,account,amount,unit\nn1,2026-01-02,assets:x,10.00,USD\nn1,2026-01-02,equity:y,-10.00,USD\n';
const columns = 'transaction=txn,date=date,account=account,amount=amount,unit=unit';

const writesTo = (ledger: string): readonly Write[] => {
  const within = `/v1/ledgers/${ledger}`;
  const byReference = (reference: string) => `${within}/transactions?reference=${reference}`;
  return [
    {
      what: 'an account',
      path: `${within}/accounts`,
      body: account('new'),
      query: `${within}/accounts/new/balance`,
      isSeen: includes('posted'),
    },
    {
      what: 'a transfer',
      path: `${within}/transfers`,
      body: transfer('single'),
      query: byReference('single'),
      isSeen: includes('single'),
    },
    {
      what: 'a bulk',
      path: `${within}/transactions/bulk`,
      body: { atomic: true, transactions: [transaction('bulk-1'), transaction('bulk-2')] },
      query: byReference('bulk-2'),
      isSeen: includes('bulk-2'),
    },
    {
      what: 'a stream of lines',
      path: `${within}/transactions/bulk`,
      body: `${JSON.stringify(transaction('line-1'))}\n${JSON.stringify(transaction('line-2'))}\n`,
      contentType: 'application/x-ndjson',
      query: byReference('line-2'),
      isSeen: includes('line-2'),
    },
    {
      what: 'an import',
      path: `${within}/imports?columns=${encodeURIComponent(columns)}`,
      body: csv,
      contentType: 'text/csv',
      query: `${within}/accounts?prefix=assets:`,
      isSeen: includes('assets:x'),
    },
    {
      what: 'a ledger',
      path: '/v1/ledgers',
      body: { name: 'a new ledger' },
      query: '/v1/ledgers',
      isSeen: includes('a new ledger'),
    },
    {
      what: 'a unit',
      path: '/v1/units',
      body: { code: 'POINT', exponent: 0, name: 'Points' },
      query: '/v1/units',
      isSeen: includes('POINT'),
    },
  ];
};

describe.each(['embedded', 'distributed'] as const)('a query of the %s product', (mode) => {
  let parts: PartsInProcess;
  let ledger = '';

  const send = async (
    method: 'GET' | 'POST',
    path: string,
    { body, contentType = 'application/json', headers = {}, key = parts.apiKey }: SendOptions = {},
  ) => {
    const answer = await documentedFetch(`${parts.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': contentType }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const accepted = async (path: string, body: unknown): Promise<{ id: string; key: string }> => {
    const { status, text } = await send('POST', path, { body });
    if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text) as { id: string; key: string };
  };
  const eventual = { headers: { 'ledger-consistency': 'eventual' } };

  beforeAll(async () => {
    parts = await startParts(mode);
    ledger = (await accepted('/v1/ledgers', { name: 'books' })).id;
    for (const address of ['a', 'b']) await accepted(`/v1/ledgers/${ledger}/accounts`, account(address));
    expect(await send('GET', `/v1/ledgers/${ledger}/accounts/b`)).toMatchObject({ status: 200 });
  });

  afterAll(() => parts?.close());

  it.each(writesTo('').map(({ what }) => what))(
    'sees %s that its process acknowledged before',
    async (named) => {
      const write = writesTo(ledger).find(({ what }) => what === named);
      if (write === undefined) throw new Error(named);
      await parts.stopProjector();
      const { status, text } = await send('POST', write.path, write);
      expect([status < 300, text]).toEqual([true, text]);
      const stale = await send('GET', write.query, eventual);
      expect(write.isSeen(stale.text)).toBe(false);
      expect(stale.status).toBeLessThan(500);
      const reading = send('GET', write.query);
      parts.startProjector();
      // A busy machine may need more than the second that a query waits, and then it is told to come again.
      let read = await reading;
      for (let n = 0; read.status === 503 && n < 30; n += 1) read = await send('GET', write.query);
      expect([read.status, write.isSeen(read.text)]).toEqual([200, true]);
    },
  );

  it('is told that the read models are behind, and never what was before, while they are halted', async () => {
    await parts.stopProjector();
    await accepted(`/v1/ledgers/${ledger}/accounts`, account('waiting'));
    const made = await accepted('/v1/ledgers', { name: 'another' });
    for (const path of [`/v1/ledgers/${ledger}/accounts/waiting`, '/v1/ledgers']) {
      const { status, text } = await send('GET', path);
      expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({
        status: 503,
        code: 'read_model_behind',
      });
    }
    expect(await send('GET', `/v1/ledgers/${ledger}/accounts/waiting`, eventual)).toMatchObject({
      status: 404,
    });
    // What is read from the journal itself is never behind.
    expect(await send('GET', `/v1/ledgers/${made.id}/events`)).toMatchObject({ status: 200 });
    parts.startProjector();
  });

  it('takes a key that was just made, and none that was just revoked, however far the read models are', async () => {
    await parts.stopProjector();
    const { id, key } = await accepted('/v1/api_keys', { name: 'new', scopes: ['ledger:read'] });
    const early = await send('GET', '/v1/ledgers', { key });
    expect(early.status).toBe(503);
    parts.startProjector();
    let first = await send('GET', '/v1/ledgers', { key });
    for (let n = 0; first.status === 503 && n < 30; n += 1) first = await send('GET', '/v1/ledgers', { key });
    expect(first.status).toBe(200);
    await parts.stopProjector();
    expect(await send('POST', `/v1/api_keys/${id}/revoke`)).toMatchObject({ status: 200 });
    expect(await send('GET', '/v1/ledgers', { key })).toMatchObject({ status: 401 });
    parts.startProjector();
  });

  it('is refused with another consistency than there is', async () => {
    const headers = { 'ledger-consistency': 'strong' };
    for (const path of ['/v1/ledgers', `/v1/ledgers/${ledger}/accounts`, `/v1/ledgers/${ledger}/export`]) {
      const { status, text } = await send('GET', path, { headers });
      expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({
        status: 400,
        code: 'invalid_header',
        param: '/Ledger-Consistency',
      });
      expect(text).toContain('Ledger-Consistency');
    }
  });
});

interface SendOptions {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string;
}
