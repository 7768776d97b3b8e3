import { sameRowsInAnyBatches } from './support/any-batches';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;
interface Money {
  readonly amount: string;
  readonly currency: string;
}

describe.each(['embedded', 'distributed'] as const)('money between currencies of the %s product', (mode) => {
  let hooks: WebhooksInProcess;
  let sandboxKey = '';
  let ledger = '';

  const ask = (request: HttpRequest): Promise<HttpAnswer> =>
    hooks.http.ask({ apiKey: sandboxKey, ...request });
  const get = async (path: string): Promise<Json> => {
    const { status, json } = await ask({ path });
    expect([status, json]).toEqual([200, json]);
    return json;
  };
  const list = async (path: string): Promise<readonly Json[]> => (await get(path))['data'] as readonly Json[];
  const post = async (path: string, body: object, key?: string): Promise<Json> => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const { status, json } = await ask({ method: 'POST', path, body, headers });
    expect([Math.floor(status / 100), json]).toEqual([2, json]);
    return json;
  };
  const refused = async (request: HttpRequest, status: number, code: string, param?: string) => {
    const before = await get('/v1/balance');
    const answer = await ask({ method: 'POST', ...request });
    expect({ status: answer.status, ...answer.json }).toMatchObject({
      ...{ status, code },
      ...(param !== undefined && { param }),
    });
    expect(await get('/v1/balance')).toEqual(before);
  };
  const rate = (base: string, quote: string, bid: string, ask: string, more: object = {}): Promise<Json> =>
    post('/v1/fx/rates', { base, quote, bid, ask, source: 'ECB', ...more });
  const quoted = (amount: string, currency: string, to: string): Promise<Json> =>
    post('/v1/fx/quotes', { from: { amount, currency }, to });
  const convert = async (amount: string, currency: string, to: string): Promise<Json> =>
    post('/v1/fx/conversions', { quote: (await quoted(amount, currency, to))['id'] });
  const pay = (amount: string, currency: string): Promise<Json> =>
    post('/v1/payments', { amount, currency, confirm: true, payment_method: 'pm_card_bypassPending' });
  const idsOf = async (path: string) => (await list(path)).map(({ id }) => id);
  const available = async (): Promise<Readonly<Record<string, string>>> => {
    const all = (await get('/v1/balance'))['available'] as readonly Money[];
    return Object.fromEntries(all.map(({ amount, currency }) => [currency, amount]));
  };
  const setClock = (time: string): Promise<HttpAnswer> =>
    ask({ method: 'PUT', path: '/v1/clock', body: { time } });
  const start = '2031-03-01T10:00:00.000Z';

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start(mode);
    const { json } = await hooks.http.send({ path: '/v1/sandboxes', body: { name: mode } });
    sandboxKey = String(json['api_key']);
    expect((await setClock(start)).status).toBe(200);
    await ask({
      method: 'PUT',
      path: '/v1/test_helpers/simulator',
      body: { fee_bps: 0, fee_fixed: '0' },
    });
  });
  afterAll(async () => {
    await hooks?.dispatcher.close();
    await hooks?.parts.close();
  });

  it('is nothing before there is a ledger, and makes none', async () => {
    expect(await get('/v1/fx/exposure?reporting_currency=EUR')).toEqual({
      ...{ object: 'fx_exposure', as_of: start, positions: [], reporting_currency: 'EUR', livemode: false },
      value: { amount: '0', currency: 'EUR' },
      unrealized_result: { amount: '0', currency: 'EUR' },
    });
    const as_of = '2029-01-01T00:00:00.000Z';
    expect(await get(`/v1/fx/exposure?as_of=${as_of}`)).toMatchObject({ as_of, positions: [] });
    for (const kind of ['rates', 'quotes', 'conversions']) expect(await list(`/v1/fx/${kind}`)).toEqual([]);
    await refused({ path: '/v1/fx/rates', body: { base: 'EUR' } }, 400, 'missing_field', '/quote');
    const body = { base: 'EUR', quote: 'USD', bid: '1', ask: '1', source: 'ECB' };
    const tried = await ask({ method: 'POST', path: '/v1/fx/rates?dry_run=true', body });
    expect(tried).toMatchObject({ status: 201, json: { dry_run: true, valid_from: start } });
    expect(await list('/v1/ledgers')).toEqual([]);
    ledger = String((await get('/v1/payments_ledger'))['id']);
  });

  it('has rates that are kept as they were given, each with who set it, and in force at their time', async () => {
    const first = await rate('EUR', 'USD', '1.0900', '1.1100', { valid_from: '2031-03-01T11:00:00+01:00' });
    expect(first).toMatchObject({
      ...{ object: 'fx_rate', base: 'EUR', quote: 'USD', bid: '1.0900', ask: '1.1100', source: 'ECB' },
      ...{ valid_from: start, created_at: start, livemode: false },
    });
    const id = String(first['id']);
    expect(id).toMatch(/^fxr_/);
    expect(await get(`/v1/fx/rates/${id}`)).toEqual(first);
    const [set] = await list(`/v1/fx/rates/${id}/history`);
    expect(set).toMatchObject({
      type: 'fx.rate.created',
      position: first['position'],
      entries: [],
      changes: {},
    });
    expect((set?.['actor'] as Json)['type']).toBe('api_key');
    const past = await rate('EUR', 'USD', '1.5', '1.5', { valid_from: '2031-02-01T00:00:00Z' });
    const future = await rate('EUR', 'USD', '2', '2', { valid_from: '2031-04-01T00:00:00Z' });
    const of = '/v1/fx/rates?base=EUR&quote=USD';
    expect(await idsOf(of)).toEqual([future['id'], past['id'], id]);
    expect(await idsOf('/v1/fx/rates?base=USD')).toEqual([]);
    expect(await idsOf(`${of}&as_of=2031-01-31T00:00:00Z`)).toEqual([]);
    expect(await idsOf(`${of}&as_of=2031-02-01T00:00:00Z`)).toEqual([past['id']]);
    expect(await idsOf(`${of}&as_of=${start}`)).toEqual([id]);
    expect(await idsOf(`${of}&as_of=2031-04-01T00:00:00Z`)).toEqual([future['id']]);
    const again = await rate('EUR', 'USD', '1.1', '1.2', { valid_from: '2031-02-01T00:00:00Z' });
    expect(await idsOf(`${of}&as_of=2031-02-01T00:00:00Z`)).toEqual([again['id']]);
    // As it was known then: the time of the clock is that of the first rate.
    expect(await idsOf(`${of}&as_of=${String(past['position'])}`)).toEqual([id]);
    // Before the first event, which is where an empty ledger is.
    expect(await idsOf(`${of}&as_of=${ledger}@-1`)).toEqual([]);
    expect(await get(`/v1/fx/exposure?as_of=${ledger}@-1`)).toMatchObject({ positions: [] });
    const page = await get(`${of}&limit=3`);
    expect(page).toMatchObject({ has_more: true });
    expect(await idsOf(`${of}&limit=3&cursor=${String(page['next_cursor'])}`)).toEqual([id]);
  });

  it('refuses what is no rate, naming the field', async () => {
    const body = { base: 'EUR', quote: 'USD', bid: '1.09', ask: '1.11', source: 'ECB' };
    const wrong = (more: object, status: number, code: string, param: string) =>
      refused({ path: '/v1/fx/rates', body: { ...body, ...more } }, status, code, param);
    await wrong({ bid: '0' }, 422, 'rate_invalid', '/bid');
    await wrong({ bid: '0', ask: '0.00' }, 422, 'rate_invalid', '/bid');
    await wrong({ bid: '1.12' }, 422, 'rate_invalid', '/bid');
    await wrong({ ask: 1.11 }, 400, 'invalid_value', '/ask');
    for (const bid of ['-1', '1.', '.5', '01', '1e3', '1,5', '', '1234567890123', `1.${'1'.repeat(19)}`])
      await wrong({ bid }, 400, 'invalid_value', '/bid');
    await wrong({ base: 'eur' }, 400, 'invalid_currency', '/base');
    await wrong({ base: 'QQQ' }, 422, 'unknown_currency', '/base');
    await wrong({ quote: 'EUR' }, 422, 'same_currency', '/quote');
    await wrong({ source: '' }, 400, 'invalid_value', '/source');
    await wrong({ valid_from: 'tomorrow' }, 400, 'invalid_time', '/valid_from');
    await wrong({ spread: '1' }, 400, 'unknown_field', '/spread');
  });

  it('is quoted, and converted once: both balances move, and the spread is earned', async () => {
    await pay('20000', 'EUR');
    const quote = await quoted('10000', 'EUR', 'USD');
    expect(quote).toMatchObject({
      ...{ object: 'fx_quote', rate: '1.0900', rate_base: 'EUR', rate_quote: 'USD', rate_side: 'bid' },
      from: { amount: '10000', currency: 'EUR' },
      to: { amount: '10900', currency: 'USD' },
      spread: { amount: '100', currency: 'USD' },
      ...{ created_at: start, expires_at: '2031-03-01T10:01:00.000Z', conversion: null },
    });
    const id = String(quote['id']);
    const body = { quote: id };
    const tried = await ask({ method: 'POST', path: '/v1/fx/conversions?dry_run=true', body });
    expect(tried).toMatchObject({ status: 201, json: { dry_run: true, to: { amount: '10900' } } });
    expect(await available()).toEqual({ EUR: '20000' });
    const made = await post('/v1/fx/conversions', body, `convert-${mode}`);
    expect(made).toMatchObject({
      object: 'fx_conversion',
      quote: id,
      cost: { amount: '11000', currency: 'USD' },
    });
    expect(await available()).toEqual({ EUR: '10000', USD: '10900' });
    expect(await post('/v1/fx/conversions', body, `convert-${mode}`)).toEqual(made);
    await refused({ path: '/v1/fx/conversions', body }, 409, 'quote_used', '/quote');
    const again = await ask({ method: 'POST', path: '/v1/fx/conversions', body });
    expect(again.json['conversion']).toBe(made['id']);

    const { position: _at, ...before } = quote;
    expect(await get(`/v1/fx/quotes/${id}`)).toMatchObject({
      conversion: made['id'],
      position: made['position'],
    });
    expect(await get(`/v1/fx/quotes/${id}?as_of=${String(quote['position'])}`)).toMatchObject(before);
    expect(await list(`/v1/fx/quotes/${id}/history`)).toMatchObject([
      { type: 'fx.conversion.created', changes: { conversion: null } },
      { type: 'fx.quote.created', changes: {} },
    ]);
    expect(await get(`/v1/fx/conversions/${String(made['id'])}`)).toEqual(made);
    const [booked] = await list(`/v1/fx/conversions/${String(made['id'])}/history`);
    const entry = (account: string, direction: string, amount: string, currency: string) => ({
      ...{ account: `payments:${account}:${currency}`, direction, amount, currency },
    });
    expect(booked?.['entries']).toEqual([
      entry('platform:available', 'debit', '10000', 'EUR'),
      entry('positions:EUR-USD', 'credit', '10000', 'EUR'),
      entry('positions:EUR-USD', 'debit', '11000', 'USD'),
      entry('platform:available', 'credit', '10900', 'USD'),
      entry('platform:spread', 'credit', '100', 'USD'),
      entry('platform:result', 'debit', '100', 'USD'),
      entry('revenue:spread', 'credit', '100', 'USD'),
    ]);
    expect(await list(`/v1/events?object=${String(made['id'])}`)).toMatchObject([
      { type: 'fx.conversion.created', position: made['position'], data: { object: { id: made['id'] } } },
    ]);
    expect(await list(`/v1/balance_transactions?source=${String(made['id'])}`)).toMatchObject([
      { type: 'conversion', amount: '10900', net: '10900', fee: '0', currency: 'USD', status: 'available' },
      { type: 'conversion', amount: '-10000', net: '-10000', fee: '0', currency: 'EUR', status: 'available' },
    ]);
    expect(await idsOf('/v1/fx/quotes?used=true&from_currency=EUR&to_currency=USD')).toEqual([id]);
    expect(await idsOf(`/v1/fx/conversions?quote=${id}`)).toEqual([made['id']]);
    expect(await idsOf('/v1/fx/conversions?from_currency=USD')).toEqual([]);
  });

  it('is refused with what does not allow it, and nothing is booked', async () => {
    const quotes = (from: object, to: string, ...why: [number, string, string]) =>
      refused({ path: '/v1/fx/quotes', body: { from, to } }, ...why);
    const eur = (amount: unknown) => ({ amount, currency: 'EUR' });
    await quotes(eur('1'), 'JPY', 404, 'rate_not_found', '/to');
    await quotes(eur('1'), 'EUR', 422, 'same_currency', '/to');
    await quotes(eur('1'), 'QQQ', 422, 'unknown_currency', '/to');
    await quotes({ amount: '1', currency: 'XAU' }, 'EUR', 422, 'unknown_currency', '/from/currency');
    // An amount has no decimals, whatever exponent its currency has.
    for (const amount of ['100.00', '0', '-1', '1'.repeat(37)])
      await quotes(eur(amount), 'USD', 400, 'invalid_amount', '/from/amount');
    await quotes(eur(1), 'USD', 400, 'amount_not_a_string', '/from/amount');
    await quotes({ amount: '1', currency: 'USD' }, 'EUR', 422, 'amount_too_small', '/from/amount');
    await quotes(eur('9'.repeat(36)), 'USD', 422, 'amount_too_large', '/from/amount');
    const path = '/v1/fx/conversions';
    const dear = await quoted('10001', 'EUR', 'USD');
    await refused({ path, body: { quote: dear['id'] } }, 422, 'insufficient_available', '/quote');
    await refused({ path, body: { quote: 'fxq_none' } }, 404, 'quote_not_found', '/quote');
    await refused({ path, body: { quote: 'pay_1' } }, 400, 'invalid_value', '/quote');
    const live = await hooks.http.ask({ method: 'POST', path, body: { quote: dear['id'] } });
    expect([live.status, live.json['code']]).toEqual([404, 'quote_not_found']);
    const headers = { 'connected-account': 'acct_1' };
    await refused(
      { path, body: { quote: dear['id'] }, headers },
      400,
      'field_not_supported',
      '/Connected-Account',
    );
    for (const [of, code] of [
      ['rates/fxr_x', 'rate_not_found'],
      ['quotes/fxq_x', 'quote_not_found'],
      ['conversions/fxc_x', 'conversion_not_found'],
    ])
      for (const more of ['', '/history'])
        expect(await ask({ path: `/v1/fx/${of}${more}` })).toMatchObject({ status: 404, json: { code } });
    const early = `/v1/fx/quotes/${String(dear['id'])}?as_of=2031-03-01T09:59:59Z`;
    expect((await ask({ path: early })).status).toBe(404);
  });

  it('expires by the clock of the environment, at its moment', async () => {
    const [one, other] = [await quoted('100', 'EUR', 'USD'), await quoted('100', 'EUR', 'USD')];
    const path = '/v1/fx/conversions';
    await post('/v1/clock/advance', { to: '2031-03-01T10:00:59.999Z' });
    await post(path, { quote: one['id'] });
    await post('/v1/clock/advance', { to: '2031-03-01T10:01:00Z' });
    await refused({ path, body: { quote: other['id'] } }, 422, 'quote_expired', '/quote');
  });

  it('shows what is open, what it cost and what it is worth, now and then', async () => {
    const before = (await get('/v1/fx/exposure'))['as_of'];
    expect(await get('/v1/fx/exposure?reporting_currency=EUR')).toMatchObject({
      as_of: '2031-03-01T10:01:00.000Z',
      positions: [
        {
          ...{ object: 'fx_position', base: 'EUR', quote: 'USD', rate: '1.1000' },
          position: { amount: '10100', currency: 'EUR' },
          cost: { amount: '11110', currency: 'USD' },
          value: { amount: '11110', currency: 'USD' },
          unrealized_result: { amount: '0', currency: 'USD' },
          reported_value: { amount: '10100', currency: 'EUR' },
        },
      ],
      value: { amount: '10100', currency: 'EUR' },
    });
    await post('/v1/clock/advance', { to: '2031-03-02T00:00:00Z' });
    const moved = await rate('EUR', 'USD', '1.19', '1.21');
    expect((await get('/v1/fx/exposure'))['positions']).toMatchObject([
      { value: { amount: '12120', currency: 'USD' }, unrealized_result: { amount: '1010', currency: 'USD' } },
    ]);
    // There it is again: dollars are given at the ask.
    const back = await convert('6050', 'USD', 'EUR');
    expect(back).toMatchObject({ rate_side: 'ask', to: { amount: '5000' }, cost: { amount: '5041' } });
    expect((await get('/v1/fx/exposure'))['positions']).toMatchObject([
      {
        position: { amount: String(10_100 - 5_041), currency: 'EUR' },
        cost: { amount: String(11_110 - 6_050), currency: 'USD' },
        value: { amount: '6070', currency: 'USD' },
        unrealized_result: { amount: '1010', currency: 'USD' },
      },
    ]);
    const then = await get(`/v1/fx/exposure?as_of=${String(before)}`);
    expect(then['positions']).toMatchObject([{ value: { amount: '11110' }, cost: { amount: '11110' } }]);
    const at = await get(`/v1/fx/exposure?as_of=${String(moved['position'])}`);
    expect(at['positions']).toMatchObject([{ value: { amount: '12120' }, cost: { amount: '11110' } }]);
    const lost = await ask({ path: '/v1/fx/exposure?reporting_currency=JPY' });
    expect([lost.status, lost.json['code'], lost.json['param']]).toEqual([
      404,
      'rate_not_found',
      '/reporting_currency',
    ]);
    const unknown = await ask({ path: '/v1/fx/exposure?reporting_currency=eur' });
    expect([unknown.status, unknown.json['code']]).toEqual([400, 'invalid_currency']);
  });

  it('is exact for exponents 0, 2, 3 and 4 and large amounts, and all of it balances', async () => {
    await pay('9007199254740993', 'USD');
    await rate('USD', 'KWD', '1', '1');
    await rate('CLF', 'USD', '1', '1');
    await rate('USD', 'JPY', '150', '150');
    const large = '9007199254740993';
    expect((await quoted(large, 'USD', 'JPY'))['to']).toEqual({
      amount: '13510798882111489',
      currency: 'JPY',
    });
    expect((await quoted(large, 'USD', 'CLF'))['to']).toEqual({ amount: `${large}00`, currency: 'CLF' });
    expect((await convert(large, 'USD', 'KWD'))['to']).toEqual({ amount: `${large}0`, currency: 'KWD' });
    const nets = new Map<string, bigint>();
    for (let cursor = ''; ;) {
      const page = await get(`/v1/balance_transactions?limit=3${cursor}`);
      for (const line of page['data'] as readonly Json[]) {
        const currency = String(line['currency']);
        nets.set(currency, (nets.get(currency) ?? 0n) + BigInt(String(line['net'])));
      }
      if (page['has_more'] !== true) break;
      cursor = `&cursor=${String(page['next_cursor'])}`;
    }
    const has = await available();
    expect(Object.fromEntries([...nets].map(([code, net]) => [code, String(net)]))).toEqual(has);
    expect(has['KWD']).toBe(`${large}0`);
    const trial = await get(`/v1/ledgers/${ledger}/trial-balance`);
    expect(trial['balanced']).toBe(true);
    for (const { credits, debits } of trial['totals'] as readonly Json[]) expect(credits).toBe(debits);
  });

  it('needs a scope for each, and more for rates than for conversions', async () => {
    const keyOf = async (...scopes: readonly string[]): Promise<string> =>
      String((await post('/v1/api_keys', { name: scopes.join(), scopes }))['key']);
    const [reader, writer] = [await keyOf('fx:read'), await keyOf('fx:write')];
    const rateBody = { base: 'EUR', quote: 'USD', bid: '1', ask: '1', source: 'ECB' };
    const quoteBody = { from: { amount: '100', currency: 'EUR' }, to: 'USD' };
    const status = async (apiKey: string, path: string, body?: object): Promise<number> =>
      (await ask({ apiKey, path, ...(body && { method: 'POST', body }) })).status;
    expect(await status(reader, '/v1/fx/exposure')).toBe(200);
    expect(await status(reader, '/v1/fx/quotes', quoteBody)).toBe(403);
    expect(await status(writer, '/v1/fx/quotes', quoteBody)).toBe(201);
    expect(await status(writer, '/v1/fx/rates', rateBody)).toBe(403);
  });

  // The other one has the same events.
  if (mode === 'embedded')
    it('leave the same rows in every read model, wherever batches end', async () => {
      expect(await sameRowsInAnyBatches(hooks.parts.store)).toEqual(
        expect.arrayContaining(['fx_conversions', 'fx_positions', 'fx_quotes', 'fx_rates']),
      );
    });
});
