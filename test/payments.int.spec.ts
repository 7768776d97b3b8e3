import { setTimeout as delay } from 'node:timers/promises';
import { sameRowsInAnyBatches } from './support/any-batches';
import { HttpSpec } from './support/http-spec';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { accountPayoutCases } from './support/payments/account-payout-cases';
import { closedAccountCases } from './support/payments/closed-account-cases';
import { balanceCases } from './support/payments/balance-cases';
import { chargeCases } from './support/payments/charge-cases';
import { disputeCases } from './support/payments/dispute-cases';
import { feeAdjustmentCases } from './support/payments/fee-adjustment-cases';
import { feeReportCases } from './support/payments/fee-report-cases';
import { reportedLineCases } from './support/payments/reported-line-cases';
import { helperCases } from './support/payments/helper-cases';
import { payoutCases } from './support/payments/payout-cases';
import { splitCases } from './support/payments/split-cases';
import { reserveCases } from './support/payments/reserve-cases';
import { scheduleCases } from './support/payments/schedule-cases';
import { startParts } from './support/parts-in-process';
import { verifiedAfter } from './support/verified-after';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;

describe.each(['embedded', 'distributed'] as const)('payments of the %s product', (mode) => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let ledger = '';
  let sandboxKey = '';

  const ask = (request: HttpRequest): Promise<HttpAnswer> => http.ask(request);
  const get = async (path: string, more: Partial<HttpRequest> = {}): Promise<Json> => {
    const { status, json } = await ask({ path, ...more });
    expect([status, json]).toEqual([200, json]);
    return json;
  };
  const list = async (path: string, more: Partial<HttpRequest> = {}): Promise<readonly Json[]> =>
    (await get(path, more))['data'] as readonly Json[];
  const post = async (path: string, body: object = {}, more: Partial<HttpRequest> = {}): Promise<Json> =>
    (await http.when({ path, body, ...more }).thenAccepted()).json;
  const create = (more: object = {}): Promise<Json> =>
    post('/v1/payments', { amount: '10000', currency: 'USD', ...more });

  beforeAll(async () => {
    parts = await startParts(mode);
    http = new HttpSpec(parts.url, parts.apiKey, '');
    const made = await get('/v1/payments_ledger');
    ledger = String(made['id']);
    expect(made['managed']).toBe('payments');
    sandboxKey = String((await post('/v1/sandboxes', { name: mode }))['api_key']);
  });
  afterAll(() => parts?.close());

  it('have one ledger, made when it is asked for first', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => get('/v1/payments_ledger')));
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set([ledger]));
    expect(await get(`/v1/ledgers/${ledger}`)).toMatchObject({ id: ledger, managed: 'payments' });
    const { headers } = await http.send({ method: 'GET', path: '/v1/payments_ledger' });
    expect(headers['ledger-position']).toMatch(/^org_.+@\d+$/);
    const ofLedger = { headers: { 'ledger-min-position': `${ledger}@0` } };
    const passedOn = await http.send({ method: 'GET', path: '/v1/payments_ledger', ...ofLedger });
    expect(passedOn.status).toBe(200);
  });

  it('take a position of before there was a ledger', async () => {
    const { api_key: apiKey } = await post('/v1/sandboxes', { name: 'New' });
    const by = { apiKey: String(apiKey) };
    const empty = await http.ask({ ...by, path: '/v1/balance' });
    const { headers } = empty;
    const position = String(headers['ledger-position']);
    expect(position).toMatch(/^(?:org|sbx)_.+@[0-9]+$/);
    const body = { amount: '10000', currency: 'USD' };
    const { json: payment } = await http.when({ ...by, path: '/v1/payments', body }).thenAccepted();
    const later = await http.ask({
      ...by,
      path: '/v1/payments',
      headers: { 'ledger-min-position': position },
    });
    expect([later.status, later.json]).toMatchObject([200, { data: [{ amount: '10000' }] }]);
    // Once there is one, nothing of the organization is read.
    const [owner = ''] = position.split('@');
    const after = { 'ledger-min-position': `${owner}@999999` };
    const read = await http.ask({ ...by, path: '/v1/payments', headers: after });
    expect([read.status, read.json['data']]).toEqual([200, later.json['data']]);
    // As of a position of before there was one the answer is what it was.
    const asOf = await http.ask({ ...by, path: `/v1/balance?as_of=${position}` });
    expect([asOf.status, asOf.json, asOf.headers['ledger-position']]).toEqual([200, empty.json, position]);
    const rates = await http.ask({ ...by, path: `/v1/fx/rates?as_of=${position}` });
    expect([rates.status, rates.json['data']]).toEqual([200, []]);
    const exposure = await http.ask({ ...by, path: `/v1/fx/exposure?as_of=${position}` });
    expect([exposure.status, exposure.json['positions']]).toEqual([200, []]);
    const path = `/v1/payments/${String(payment['id'])}?as_of=${position}`;
    await http.when({ ...by, method: 'GET', path }).thenRefused(404, 'payment_not_found');
    const line = `/v1/balance_transactions/bt_1?as_of=${position}`;
    await http.when({ ...by, method: 'GET', path: line }).thenRefused(404, 'balance_transaction_not_found');
    const late = `/v1/balance?as_of=${owner}@999999`;
    await http.when({ ...by, method: 'GET', path: late }).thenRefused(400, 'invalid_position');
  });

  it('wait for a position of the organization where there is no ledger', async () => {
    const { api_key: apiKey } = await post('/v1/sandboxes', { name: 'Empty' });
    const at = { apiKey: String(apiKey), path: '/v1/payments', method: 'GET' } as const;
    const [owner = '', revision] = String((await http.ask(at)).headers['ledger-position']).split('@');
    const headers = { 'ledger-min-position': `${owner}@${Number(revision) + 1}` };
    const reading = http.send({ ...at, headers });
    await delay(200);
    await http.when({ apiKey: at.apiKey, path: '/v1/ledgers', body: { name: 'own' } }).thenAccepted();
    const read = await reading;
    expect([read.status, read.headers['ledger-position']]).toEqual([200, headers['ledger-min-position']]);
    const ahead = { 'ledger-min-position': `${owner}@999999` };
    await http.when({ ...at, headers: ahead }).thenRefused(503, 'read_model_behind');
  });

  it('make no ledger by what is refused or tried out, and are looked for where there is none', async () => {
    const by = { apiKey: sandboxKey };
    const body = { amount: '10000', currency: 'USD' };
    await http
      .when({ ...by, path: '/v1/payments', body: { ...body, currency: 'ABC' } })
      .thenRefused(422, 'unknown_currency', { param: '/currency' });
    await http
      .when({ ...by, path: '/v1/refunds', body: { payment: 'pay_1' } })
      .thenRefused(404, 'payment_not_found');
    const tried = await http.when({ ...by, path: '/v1/payments?dry_run=true', body }).thenAccepted();
    expect(tried.json).toMatchObject({ dry_run: true, amount: '10000', status: 'requires_payment_method' });
    expect(tried.json['position']).toMatch(/^(?:org|sbx)_.+@[0-9]+$/);
    const confirmed = { ...body, confirm: true, payment_method: 'pm_card_chargeDeclined' };
    const intent = await http
      .when({ ...by, path: '/v1/payments?dry_run=true', body: confirmed })
      .thenAccepted();
    // No rail is called, and no attempt is made.
    expect(intent.json).toMatchObject({ dry_run: true, last_payment_error: null, latest_attempt: null });
    expect(await list('/v1/payments', by)).toEqual([]);
    expect(await list('/v1/refunds', by)).toEqual([]);
    for (const path of ['/v1/payments/pay_1', '/v1/payments/pay_1/history', '/v1/payments/pay_1/attempts'])
      expect(await ask({ ...by, path })).toMatchObject({ status: 404, json: { code: 'payment_not_found' } });
    expect(await list('/v1/ledgers', by)).toEqual([]);
    const { id } = await post('/v1/payments', body, by);
    expect(await list('/v1/ledgers', by)).toMatchObject([{ managed: 'payments' }]);
    const path = `/v1/payments/${String(id)}`;
    const method = { payment_method: 'pm_card_visa' };
    expect(await post(`${path}/confirm?dry_run=true`, method, by)).toMatchObject({ latest_attempt: null });
    expect(await list(`${path}/attempts`, by)).toEqual([]);
    // No rail is to be called for it.
    expect(await post(`${path}/cancel?dry_run=true`, {}, by)).toMatchObject({ status: 'canceled' });
    expect((await ask({ ...by, path })).json).toMatchObject({ status: 'requires_payment_method' });
  });

  it('act for a connected account that there is, and see its own alone', async () => {
    const more = { headers: { 'connected-account': 'acct_1' } };
    const path = '/v1/payments';
    const id = String((await create())['id']);
    const none = 'connected_account_not_found';
    const requests: readonly (readonly [HttpRequest, string])[] = [
      [{ path, body: { amount: '1', currency: 'USD' } }, none],
      [{ path: `/v1/payments/${id}/cancel` }, 'payment_not_found'],
      [{ path: '/v1/refunds', body: { payment: id } }, 'payment_not_found'],
      [{ path, method: 'GET' }, none],
      [{ path: `/v1/payments/${id}/history`, method: 'GET' }, none],
    ];
    for (const [request, code] of requests) await http.when({ ...request, ...more }).thenRefused(404, code);
    await http
      .when({ path: '/v1/refunds', body: { payment: 'pay_none' } })
      .thenRefused(404, 'payment_not_found', { param: '/payment' });
  });

  it('are created, changed, canceled and listed, and are what they were as of each moment', async () => {
    const body = {
      description: 'order 1001',
      metadata: { order: '1001' },
      transfer_group: `{ORDER 10} ${mode}`,
    };
    const created = await create(body);
    const id = String(created['id']);
    expect(created).toMatchObject({
      object: 'payment',
      status: 'requires_payment_method',
      amount: '10000',
      amount_received: '0',
      capture_method: 'automatic',
      customer: null,
      livemode: true,
      metadata: { order: '1001' },
      position: `${ledger}@${String(created['position']).split('@')[1]}`,
    });
    const changed = await post(
      `/v1/payments/${id}`,
      { amount: '500', metadata: { order: null, cart: '7' } },
      {
        method: 'PATCH',
      },
    );
    expect(changed).toMatchObject({ amount: '500', metadata: { cart: '7' }, description: 'order 1001' });
    const canceled = await post(`/v1/payments/${id}/cancel`, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expect(await get(`/v1/payments/${id}`)).toEqual(canceled);
    const { position, ...first } = created;
    expect(await get(`/v1/payments/${id}?as_of=${String(position)}`)).toMatchObject(first);
    expect((await ask({ path: `/v1/payments/${id}?as_of=2020-01-01T00:00:00Z` })).status).toBe(404);
    const [now, before, start] = await list(`/v1/payments/${id}/history`);
    expect(now).toMatchObject({ type: 'payment.canceled', changes: { status: 'requires_payment_method' } });
    expect(before).toMatchObject({
      type: 'payment.updated',
      changes: { amount: '10000', metadata: { order: '1001' } },
      entries: [],
      actor: { type: 'api_key' },
    });
    expect(start).toMatchObject({ type: 'payment.created', changes: {}, position });
    for (const query of [
      `transfer_group=${encodeURIComponent(`{ORDER 10} ${mode}`)}`,
      'status=canceled&metadata[cart]=7',
    ])
      expect((await list(`/v1/payments?${query}`)).map((each) => each['id'])).toEqual([id]);
    expect(await list('/v1/payments?status=succeeded')).toEqual([]);
  });

  it('are listed in pages that skip and repeat nothing', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift(String((await create())['id']));
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const page = await get(`/v1/payments?limit=2${cursor}`);
      seen.push(...(page['data'] as readonly Json[]).map((each) => String(each['id'])));
      if (page['has_more'] !== true) break;
      cursor = `&cursor=${String(page['next_cursor'])}`;
    }
    expect(seen.slice(0, 5)).toEqual(ids);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('are answered again under their key, and not with another body', async () => {
    const headers = { 'idempotency-key': `order-${mode}` };
    const body = { amount: '700', currency: 'EUR' };
    const first = await post('/v1/payments', body, { headers });
    const again = await http.send({ path: '/v1/payments', body, headers });
    expect([again.json, again.headers['idempotency-replayed']]).toEqual([first, 'true']);
    await http
      .when({ path: '/v1/payments', body: { ...body, amount: '701' }, headers })
      .thenRefused(422, 'idempotency_key_reused');
  });

  it.each<[string, object, number, string, string]>([
    [
      'a payment method that there is not',
      { payment_method: 'pm_none' },
      422,
      'unknown_payment_method',
      '/payment_method',
    ],
    [
      'a text that is no id of a payment method',
      { payment_method: 'My Visa, ends in 4242' },
      422,
      'unknown_payment_method',
      '/payment_method',
    ],
    ['a test method', { payment_method: 'pm_card_visa' }, 422, 'test_method_in_live_mode', '/payment_method'],
    [
      'the number of a card',
      { payment_method: '4242 4242 4242 4242' },
      400,
      'card_number_refused',
      '/payment_method',
    ],
    [
      'the number of a card with expiry and CVC behind it',
      { payment_method: '4242424242424242 12/34 123' },
      400,
      'card_number_refused',
      '/payment_method',
    ],
    ['a rail of sandboxes', { rail: 'simulator' }, 422, 'rail_unavailable', '/rail'],
    ['a unit of a ledger', { currency: 'POINTS' }, 400, 'invalid_currency', '/currency'],
    ['no currency', { currency: 'ABC' }, 422, 'unknown_currency', '/currency'],
    ['no method to confirm with', { confirm: true }, 422, 'payment_method_required', '/payment_method'],
    ['a withdrawn currency', { currency: 'HRK' }, 422, 'withdrawn_currency', '/currency'],
    ['an amount that is a number', { amount: 100 }, 400, 'amount_not_a_string', '/amount'],
    ['an amount of zero', { amount: '0' }, 400, 'invalid_amount', '/amount'],
    ['a fee of nobody', { application_fee_amount: '1' }, 400, 'recipient_invalid', '/application_fee_amount'],
    ['a customer that there is not', { customer: 'cus_1' }, 422, 'unknown_customer', '/customer'],
    ['another one', { customer: 'cus_does-not_exist' }, 422, 'unknown_customer', '/customer'],
    [
      'a connected account that there is not',
      { connected_account: 'acct_1' },
      422,
      'unknown_connected_account',
      '/connected_account',
    ],
    ['parties that are none', { splits: [] }, 400, 'invalid_value', '/splits'],
    ['a field that is not known', { card: '1' }, 400, 'unknown_field', '/card'],
  ])('are refused with %s in a live environment', async (_what, more, status, code, param) => {
    const body = { amount: '10000', currency: 'USD', ...more };
    await http.when({ path: '/v1/payments', body }).thenRefused(status, code, { param });
  });

  it('are refused in a status that does not allow it, with the payment', async () => {
    const id = String((await create())['id']);
    const canceled = await post(`/v1/payments/${id}/cancel`);
    // Where the command was judged, which is behind this one.
    const { position } = await create();
    expect(position).not.toBe(canceled['position']);
    const refusals: readonly HttpRequest[] = [
      { path: `/v1/payments/${id}/cancel` },
      { path: `/v1/payments/${id}`, method: 'PATCH', body: { amount: '5' } },
    ];
    for (const request of refusals)
      await http
        .when(request)
        .thenRefused(409, 'payment_unexpected_state', { payment: { id, status: 'canceled', position } });
    await http.when({ path: '/v1/payments/pay_none/cancel' }).thenRefused(404, 'payment_not_found');
  });

  it('are confirmed with their own method where null is named', async () => {
    const by = { apiKey: sandboxKey };
    const method = { payment_method: 'pm_card_visa', capture_method: 'manual' };
    const { id } = await post('/v1/payments', { amount: '10000', currency: 'USD', ...method }, by);
    const nulls = { payment_method: null, return_url: null };
    const confirmed = await post(`/v1/payments/${String(id)}/confirm`, nulls, by);
    expect(confirmed).toMatchObject({ status: 'requires_capture', payment_method: 'pm_card_visa' });
  });

  it('book what their rail has done, and show attempts, refunds and history of it', async () => {
    const by = { apiKey: sandboxKey };
    const body = { amount: '10000', currency: 'USD', confirm: true };
    const method = { payment_method: 'pm_card_chargeDeclinedExpiredCard' };
    const declined = await http.send({ ...by, path: '/v1/payments', body: { ...body, ...method } });
    const { id } = declined.json['payment'] as { readonly id: string };
    expect(await get(`/v1/payments/${id}`, by)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_declined', decline_code: 'expired_card' },
    });
    const paid = await post(`/v1/payments/${id}/confirm`, { payment_method: 'pm_card_mastercard' }, by);
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
    const refund = await post('/v1/refunds', { payment: id, amount: '3333', reason: 'duplicate' }, by);
    const refundId = String(refund['id']);
    expect(refund).toMatchObject({ object: 'refund', status: 'succeeded', amount: '3333' });
    expect(await get(`/v1/payments/${id}`, by)).toMatchObject({
      status: 'succeeded',
      amount_received: '10000',
      amount_refunded: '3333',
      livemode: false,
      rail: 'simulator',
    });
    expect(await list(`/v1/payments/${id}/attempts`, by)).toMatchObject([
      { status: 'succeeded', card: { brand: 'mastercard', last4: '4444' } },
      { status: 'failed', decline_code: 'expired_card' },
    ]);
    expect(await list(`/v1/payments/${id}/attempts?limit=1`, by)).toMatchObject([{ status: 'succeeded' }]);
    expect(await list(`/v1/refunds?payment=${id}&status=succeeded`, by)).toMatchObject([{ id: refundId }]);
    const ofRefund = await list(`/v1/refunds/${refundId}/history`, by);
    expect(ofRefund.map(({ type }) => type)).toEqual(['refund.succeeded', 'refund.created']);
    const history = await list(`/v1/payments/${id}/history`, by);
    expect(history.map(({ type }) => type)).toEqual([
      ...['refund.succeeded', 'refund.created', 'payment.succeeded', 'payment.confirmed'],
      ...['payment.failed', 'payment.created'],
    ]);
    const pending = 'payments:platform:pending:USD';
    expect(history[2]).toMatchObject({
      actor: { type: 'system', id: null },
      entries: expect.arrayContaining([
        { account: pending, direction: 'credit', amount: '9680', currency: 'USD' },
      ]) as unknown,
    });
    const told = await list(`/v1/events?object=${id}`, by);
    expect(told.map(({ type }) => type)).toEqual([
      ...['refund.succeeded', 'refund.created', 'payment.succeeded', 'payment.failed', 'payment.created'],
    ]);
    const { id: books } = await get('/v1/payments_ledger', by);
    const balance = await get(`/v1/ledgers/${String(books)}/accounts/${pending}/balance`, by);
    expect(balance).toMatchObject({ posted: { balance: '6347' } });
    expect(await get(`/v1/ledgers/${String(books)}/trial-balance`, by)).toMatchObject({ balanced: true });
    // Of another environment there is nothing.
    expect((await ask({ path: `/v1/payments/${id}` })).status).toBe(404);
  });

  it('are declined by their rail: 402, with the payment, for ever', async () => {
    const request = {
      path: '/v1/payments',
      apiKey: sandboxKey,
      headers: { 'idempotency-key': 'declined' },
      body: {
        ...{ amount: '10000', currency: 'USD', confirm: true },
        payment_method: 'pm_card_chargeDeclinedInsufficientFunds',
      },
    };
    const declined = await http.send(request);
    expect([declined.status, declined.json]).toMatchObject([
      402,
      {
        code: 'payment_declined',
        decline_code: 'insufficient_funds',
        payment: {
          ...{ status: 'requires_payment_method', livemode: false },
          position: declined.headers['ledger-position'],
        },
      },
    ]);
    expect((await http.send(request)).json).toEqual(declined.json);
  });

  describe('have balances, which', () => balanceCases(() => http));

  describe('have payouts, which', () => payoutCases(() => http));

  describe('of connected accounts', () => chargeCases(() => http));
  describe('that are split', () => splitCases(() => http));

  describe('of connected accounts have payouts, which', () => accountPayoutCases(() => http));

  describe('of connected accounts that are closed:', () => closedAccountCases(() => http));

  describe('have payout schedules, which', () => scheduleCases(() => http));

  describe('of connected accounts have reserves, which', () => reserveCases(() => http));

  describe('have disputes, which', () => disputeCases(() => http));

  describe('have fees that a rail reports otherwise, which', () => feeAdjustmentCases(() => http));
  describe('have fees that a rail reports otherwise, which by themselves', () => feeReportCases(() => http));
  describe('have reports of their rails, whose day', () =>
    reportedLineCases(
      () => http,
      () => parts.database,
    ));

  describe('have helpers in sandboxes, which', () =>
    helperCases(
      () => http,
      () => parts.url,
    ));

  it('let nobody else touch their accounts', async () => {
    const [debit_account, credit_account] = ['payments:bank:USD', 'payments:platform:available:USD'];
    const transfer = { debit_account, credit_account, amount: '1', currency: 'USD' };
    const body = { address: 'payments:mine', type: 'asset', currency: 'USD' };
    for (const [path, sent] of [
      ['transfers', transfer],
      ['accounts', body],
      ['accounts/payments:platform:pending:USD/freeze', {}],
      ['accounts/payments:platform:pending:USD/close', {}],
    ] as const)
      await http
        .when({ path: `/v1/ledgers/${ledger}/${path}`, body: sent })
        .thenRefused(422, 'account_managed');
  });

  it('are in the database what they are in events, its checkpoints included', async () => {
    const heads = `select from writer.heads where is_live and revision > 50 and folds like '%payments:2%'`;
    expect((await parts.database.query(heads)).rowCount).toBeGreaterThan(0);
    expect(await verifiedAfter(parts)).toBeUndefined();
  });

  // The other one has the same events.
  if (mode === 'embedded')
    it('leave the same rows in every read model, wherever batches end', async () => {
      expect(await sameRowsInAnyBatches(parts.store)).toEqual(
        expect.arrayContaining([
          'balance_transactions',
          'disputes',
          'fee_adjustments',
          'payouts',
          'splits',
          'transfers',
        ]),
      );
    });
});
