import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import type { HttpAnswer } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

// A key is one of its ledger, whatever kind of request has it: a command, a bulk, lines, a file.
jest.setTimeout(120_000);

const entries = (amount: string) => [
  { account: 'cash', direction: 'debit', amount, currency: 'USD' },
  { account: 'equity', direction: 'credit', amount, currency: 'USD' },
];
const transaction = { entries: entries('5') };
const head = 'transaction,date,account,type,amount,unit\n';
const file = (amount: string): string =>
  `${head}1,2024-01-01,cash,asset,${amount},USD\n1,2024-01-01,equity,equity,-${amount},USD\n`;

describe('an idempotency key', () => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let ledger = '';

  beforeAll(async () => {
    parts = await startParts('embedded');
    http = new HttpSpec(parts.url, parts.apiKey, '');
  });
  afterAll(() => parts?.close());
  beforeEach(async () => {
    const { json } = await http.send({ path: '/v1/ledgers', body: { name: 'keys' } });
    ledger = `/v1/ledgers/${String(json['id'])}`;
    for (const [address, type] of [
      ['cash', 'asset'],
      ['equity', 'equity'],
    ])
      await http.send({ path: `${ledger}/accounts`, body: { address, type, currency: 'USD' } });
  });

  const post = (path: string, key: string, body: unknown, type = 'application/json'): Promise<HttpAnswer> =>
    http.send({
      ...{ path: `${ledger}${path}`, method: 'POST', body },
      headers: { 'idempotency-key': key, 'content-type': type },
    });
  const requests: Readonly<Record<string, (key: string) => Promise<HttpAnswer>>> = {
    post: (key) => post('/transactions', key, transaction),
    bulk: (key) => post('/transactions/bulk', key, { atomic: true, transactions: [transaction] }),
    lines: (key) =>
      post('/transactions/bulk', key, `${JSON.stringify(transaction)}\n`, 'application/x-ndjson'),
    import: (key) => post('/imports', key, file('5.00'), 'text/csv'),
  };
  const events = async (): Promise<readonly string[]> => {
    const { json } = await http.send({ path: `${ledger}/events?limit=100`, method: 'GET' });
    return (json['data'] as readonly { readonly type: string }[]).map(({ type }) => type);
  };
  const names = Object.keys(requests);
  const pairs = names.flatMap((one) => names.filter((other) => other !== one).map((other) => [one, other]));

  it.each(pairs)('that %s has is refused to %s, which books nothing', async (one = '', other = '') => {
    const first = await requests[one]?.('key');
    expect(Math.floor((first?.status ?? 0) / 100)).toBe(2);
    const before = await events();
    const second = await requests[other]?.('key');
    expect([second?.status, second?.json['code']]).toEqual([422, 'idempotency_key_reused']);
    expect(await events()).toEqual(before);
    // Its own request is answered as before.
    const again = await requests[one]?.('key');
    expect([again?.status, again?.json]).toEqual([first?.status, first?.json]);
    expect([first, again].map((answer) => answer?.headers['idempotency-replayed'])).toEqual([
      undefined,
      'true',
    ]);
    expect(await events()).toEqual(before);
  });

  it('is kept once for a request of many commands, and by none that is a dry run', async () => {
    await requests['lines']?.('lines');
    await post(
      '/transactions/bulk',
      'lines',
      `${JSON.stringify(transaction)}\n`.repeat(2),
      'application/x-ndjson',
    );
    await post('/imports?dry_run=true', 'free', file('7.00'), 'text/csv');
    const all = await events();
    expect(all.filter((type) => type === 'NothingChanged')).toHaveLength(1);
    expect(all.filter((type) => type === 'TransactionPosted')).toHaveLength(2);
    expect((await requests['post']?.('free'))?.status).toBe(201);
  });

  it('marks lines that go on after the first request as a replay, and other lines not', async () => {
    const lines = async (...amounts: readonly string[]): Promise<readonly unknown[]> => {
      const body = amounts.map((amount) => `${JSON.stringify({ entries: entries(amount) })}\n`).join('');
      const answer = await documentedFetch(`${parts.url}${ledger}/transactions/bulk`, {
        ...{ method: 'POST', body },
        headers: {
          authorization: `Bearer ${parts.apiKey}`,
          'content-type': 'application/x-ndjson',
          'idempotency-key': 'key',
        },
      });
      const results = (await answer.text()).trim().split('\n');
      const codes = results.map((each) => (JSON.parse(each) as { readonly code?: string }).code ?? 'posted');
      return [answer.headers.get('idempotency-replayed'), ...codes];
    };
    expect(await lines('5')).toEqual([null, 'posted']);
    expect(await lines('5', '6')).toEqual(['true', 'posted', 'posted']);
    expect(await lines('7', '6')).toEqual([null, 'idempotency_key_reused', 'posted']);
  });

  it('is free where nothing of a file could be booked', async () => {
    const refused = await post('/imports', 'key', `${head}1,2024-01-01,cash,asset,x,USD\n`, 'text/csv');
    expect(refused.status).toBe(422);
    expect((await requests['post']?.('key'))?.status).toBe(201);
  });
});
