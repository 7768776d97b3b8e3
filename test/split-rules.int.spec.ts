import { sameRowsInAnyBatches } from './support/any-batches';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;

describe.each(['embedded', 'distributed'] as const)('split rules of the %s product', (mode) => {
  let hooks: WebhooksInProcess;
  let apiKey = '';
  let merchant = '';
  const path = '/v1/split_rules';
  const fixed = { id: 'us', role: 'platform', account: 'platform', fixed_amount: '30' };
  const thirds = [3334, 3333, 3333].map((share_bps, i) => ({
    ...{ id: `p${i}`, role: 'partner', account: 'platform', share_bps },
  }));

  const ask = (request: HttpRequest): Promise<HttpAnswer> => hooks.http.ask({ apiKey, ...request });
  const get = async (from: string): Promise<Json> => {
    const { status, json } = await ask({ path: from });
    expect([status, json]).toEqual([200, json]);
    return json;
  };
  const send = async (method: 'POST' | 'PATCH', to: string, body: object, key?: string): Promise<Json> => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const { status, json } = await ask({ method, path: to, body, headers });
    expect([Math.floor(status / 100), json]).toEqual([2, json]);
    return json;
  };
  const refused = async (request: HttpRequest, status: number, code: string, param?: string) => {
    const answer = await ask(request);
    expect({ status: answer.status, ...answer.json }).toMatchObject({
      ...{ status, code },
      ...(param !== undefined && { param }),
    });
  };
  const account = async (): Promise<string> => {
    const body = { type: 'individual', country: 'DE', default_currency: 'EUR', capabilities: {} };
    return String((await send('POST', '/v1/connected_accounts', body))['id']);
  };
  const parties = () => [
    { id: 'merchant', role: 'merchant', account: merchant, remainder: true },
    { id: 'dev', role: 'developer', account: merchant, share_bps: 1000, min_amount: '50' },
    fixed,
  ];

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start(mode);
    const { json } = await hooks.http.send({ path: '/v1/sandboxes', body: { name: mode } });
    apiKey = String(json['api_key']);
  });
  afterAll(async () => {
    await hooks?.dispatcher.close();
    await hooks?.parts.close();
  });

  it('are no rules before there are any, and none that is only tried out is kept', async () => {
    expect(await get(path)).toMatchObject({ data: [], has_more: false });
    const body = { name: 'Thirds', parties: thirds };
    const { status, json } = await ask({ method: 'POST', path: `${path}?dry_run=true`, body });
    expect([status, json]).toMatchObject([201, { dry_run: true, version: 1 }]);
    expect((await get(path))['data']).toEqual([]);
  });

  it('have versions, each readable for ever, with as_of and history', async () => {
    merchant = await account();
    const body = { name: 'Marketplace', currency: 'USD', parties: parties() };
    const first = await send('POST', path, body, `${mode}-rule`);
    expect(await send('POST', path, body, `${mode}-rule`)).toEqual(first);
    await refused(
      { method: 'POST', path, body: { ...body, name: 'x' }, headers: { 'idempotency-key': `${mode}-rule` } },
      422,
      'idempotency_key_reused',
    );
    expect(first).toMatchObject({ object: 'split_rule', version: 1, currency: 'USD', livemode: false });
    const one = `${path}/${String(first['id'])}`;
    const second = await send('PATCH', one, { parties: thirds, currency: null });
    expect(second).toMatchObject({ version: 2, currency: null, name: 'Marketplace' });
    expect(await send('PATCH', one, { name: 'Marketplace' })).toMatchObject({ version: 2 });

    expect(await get(one)).toEqual(second);
    expect(await get(`${one}?version=2`)).toEqual(second);
    expect(await get(`${one}?version=1`)).toEqual(first);
    expect(await get(`${one}?as_of=${String(first['position'])}`)).toEqual(first);
    const none = { status: 404, code: 'split_rule_not_found' } as const;
    for (const query of ['version=3', `version=2&as_of=${String(first['position'])}`])
      await refused({ path: `${one}?${query}` }, none.status, none.code);
    await refused({ path: `${one}?version=0` }, 400, 'invalid_parameter', '/version');
    await refused({ path: `${path}/spr_none` }, none.status, none.code);
    const { data } = (await get(`${one}/history`)) as { data: readonly Json[] };
    expect(data.map((each) => each['type'])).toEqual(['split_rule.updated', 'split_rule.created']);
    expect(data[0]?.['changes']).toMatchObject({ version: 1 });

    const other = await send('POST', path, { name: 'Other', parties: thirds });
    const page = (await get(`${path}?limit=1`)) as { data: readonly Json[]; next_cursor: string };
    expect(page.data).toEqual([other]);
    expect((await get(`${path}?limit=1&cursor=${page.next_cursor}`))['data']).toEqual([second]);
  });

  it('are refused by the party, and nothing is kept then', async () => {
    const before = await get(path);
    const closed = await account();
    await send('POST', `/v1/connected_accounts/${closed}/close`, {});
    const [whole, dev, us] = parties();
    const wrong: readonly (readonly [object[], number, string, string])[] = [
      [[whole, { ...dev, id: 'merchant' }] as object[], 422, 'split_invalid', '/parties/1/id'],
      [[whole, { ...dev, share_bps: 10_001 }] as object[], 422, 'split_invalid', '/parties/1/share_bps'],
      [[us] as object[], 422, 'split_incomplete', '/parties/0/fixed_amount'],
      [thirds.slice(1), 422, 'split_incomplete', '/parties'],
      [[{ ...whole, account: closed }], 422, 'unknown_split_account', '/parties/0/account'],
      [[{ ...whole, account: 'acct_none' }], 422, 'unknown_split_account', '/parties/0/account'],
      [[{ ...us, fixed_amount: '-1' }], 400, 'invalid_amount', '/parties/0/fixed_amount'],
      [[{ ...whole, account: 'nobody' }], 400, 'invalid_value', '/parties/0/account'],
    ];
    for (const [of, status, code, param] of wrong)
      await refused({ method: 'POST', path, body: { name: 'Wrong', parties: of } }, status, code, param);
    expect((await get(path))['data']).toEqual(before['data']);
    const foreign = await hooks.http.ask({
      path: `${path}/${String((before['data'] as Json[])[0]?.['id'])}`,
    });
    expect(foreign).toMatchObject({ status: 404, json: { code: 'split_rule_not_found' } });
  });

  it('show what they make of an amount, why, and what refunds take back', async () => {
    const { id } = await send('POST', path, { name: 'Marketplace', parties: parties() });
    const preview = `${path}/${String(id)}/preview`;
    const of = await get(`${preview}?amount=400&refund_amounts=133,133,134`);
    expect(of['shares']).toMatchObject([
      { party: 'merchant', account: merchant, amount: '320' },
      { party: 'dev', floor: '40', bound: 'min_amount', amount: '50' },
      { party: 'us', account: 'platform', amount: '30' },
    ]);
    const refunds = of['refunds'] as { total: string; shares: { refunded: string }[] }[];
    expect(refunds.map(({ total }) => total)).toEqual(['133', '266', '400']);
    expect(refunds.at(-1)?.shares.map(({ refunded }) => refunded)).toEqual(['320', '50', '30']);
    await refused({ path: `${preview}?amount=79` }, 422, 'split_invalid', '/parties/1');
    await refused(
      { path: `${preview}?amount=80&refund_amounts=81` },
      422,
      'refund_exceeded',
      '/refund_amounts',
    );
    await refused({ path: preview }, 400, 'invalid_parameter', '/amount');
  });

  // The other one has the same events.
  if (mode === 'embedded')
    it('leave the same rows in every read model, wherever batches end', async () => {
      expect(await sameRowsInAnyBatches(hooks.parts.store)).toEqual(
        expect.arrayContaining(['split_rules', 'split_rule_states']),
      );
    });
});
