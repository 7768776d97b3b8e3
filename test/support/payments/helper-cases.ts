import { documentedFetch } from '../documented-fetch';
import { PaymentsHttp } from './payments-http';
import type { HttpSpec } from '../http-spec';

interface Action {
  readonly type: string;
  readonly redirect_to_url: { readonly url: string; readonly return_url: string | null };
}

/** What tests may ask of a sandbox's rail. @param live of a live environment @param url of the API */
export function helperCases(live: () => HttpSpec, url: () => string): void {
  let sandbox: PaymentsHttp;
  const simulator = '/v1/test_helpers/simulator';
  const threeD = 'pm_card_threeDSecure2Required';
  const complete = (id: string): string => `/v1/test_helpers/payments/${id}/complete_action`;

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Helpers');
  });

  it('change how the simulator behaves, of this sandbox alone', async () => {
    const other = await PaymentsHttp.sandbox(live(), 'Other');
    const defaults = {
      object: 'simulator',
      fee_bps: 290,
      fee_fixed: '30',
      settlement_days: 2,
      dispute_fee: '1500',
    };
    expect(await sandbox.get(simulator)).toEqual(defaults);
    const changed = await sandbox.put(simulator, { fee_bps: 100, settlement_days: 0 });
    expect(changed).toEqual({ ...defaults, fee_bps: 100, settlement_days: 0 });
    expect(await other.get(simulator)).toEqual(defaults);
    await sandbox.pay('pm_card_visa');
    const [line] = await sandbox.list('/v1/balance_transactions');
    expect(line).toMatchObject({ fee: '130', net: '9870', status: 'available' });
    expect(await sandbox.put(simulator, { fee_bps: 290, settlement_days: 2 })).toEqual(defaults);
    for (const [body, param] of [
      [{ fee_bps: 10_001 }, '/fee_bps'],
      [{ fee_fixed: '-1' }, '/fee_fixed'],
      [{ settlement_days: 366 }, '/settlement_days'],
      [{ dispute_fee: 5 }, '/dispute_fee'],
    ] as const)
      await live().when({ path: simulator, method: 'PUT', body }).thenRefused(400, codeOf(param), { param });
    await live().when({ path: simulator, method: 'GET' }).thenRefused(403, 'sandbox_key_required');
  });

  it('act as the payer who has to, once', async () => {
    const id = await sandbox.pay(threeD, { return_url: 'https://shop.example/done' });
    const body = { outcome: 'succeeded' };
    const tried = await sandbox.post(`${complete(id)}?dry_run=true`, body);
    expect(tried).toMatchObject({ status: 'succeeded', dry_run: true });
    expect(await sandbox.get(`/v1/payments/${id}`)).toMatchObject({ status: 'requires_action' });
    const headers = { 'idempotency-key': `act-${id}` };
    const done = await sandbox.post(complete(id), body, { headers });
    expect(done).toMatchObject({ id, status: 'succeeded', amount_received: '10000', next_action: null });
    expect(await sandbox.post(complete(id), body, { headers })).toEqual(done);
    expect(await sandbox.list(`/v1/payments/${id}/attempts`)).toMatchObject([{ status: 'succeeded' }]);
    const over = { payment: { id, status: 'succeeded' } };
    await sandbox.refused(complete(id), body, 409, 'payment_unexpected_state', over);
    await sandbox.refused(complete('pay_none'), body, 404, 'payment_not_found');
    await sandbox.refused(complete(id), { outcome: 'maybe' }, 400, 'invalid_value', { param: '/outcome' });
    await live()
      .when({ path: complete(id), body })
      .thenRefused(403, 'sandbox_key_required');
  });

  it('decline a payer who is not authenticated; the payment may be confirmed again', async () => {
    const id = await sandbox.pay(threeD, { capture_method: 'manual' });
    const failed = await sandbox.post(complete(id), { outcome: 'failed' });
    expect(failed).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'authentication_failed' },
    });
    const again = await sandbox.post(`/v1/payments/${id}/confirm`, { payment_method: threeD });
    expect(again).toMatchObject({ status: 'requires_action' });
    expect(await sandbox.post(complete(id), { outcome: 'succeeded' })).toMatchObject({
      status: 'requires_capture',
      amount_capturable: '10000',
    });
  });

  it('say what became of a payment whose rail does not tell', async () => {
    const frozen = await PaymentsHttp.sandbox(live(), 'Silent');
    // So it is not asked meanwhile.
    await frozen.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    const id = await frozen.pay('pm_sim_timeoutApproved');
    expect(await frozen.get(`/v1/payments/${id}`)).toMatchObject({ status: 'processing' });
    const path = `/v1/payments/${id}/resolve`;
    const outcome = { outcome: 'captured', rail_reference: 'ch_1', fee: '320' };
    await frozen.refused(path, outcome, 422, 'outcome_not_possible', { param: '/available_on' });
    await frozen.refused(path, { outcome: 'voided' }, 422, 'outcome_not_possible', { param: '/outcome' });
    const resolved = await frozen.post(path, { ...outcome, available_on: '2027-03-03T00:00:00Z' });
    expect(resolved).toMatchObject({ id, status: 'succeeded', amount_received: '10000' });
    await frozen.refused(path, { outcome: 'declined' }, 409, 'call_not_open', {
      payment: { status: 'succeeded' },
    });
    const [last] = await frozen.list(`/v1/payments/${id}/history`);
    expect(last).toMatchObject({ type: 'payment.succeeded', actor: { type: 'api_key' } });
    const body = { name: 'writes', scopes: ['payments:write'] };
    const { key: apiKey } = await frozen.post('/v1/api_keys', body);
    await live()
      .when({ path, body: { outcome: 'declined' }, apiKey: String(apiKey) })
      .thenRefused(403, 'missing_scope');
  });

  it('send the payer to a page, and back', async () => {
    const id = await sandbox.pay(threeD, { return_url: 'https://shop.example/done?cart=7' });
    const action = (await sandbox.get(`/v1/payments/${id}`))['next_action'] as Action;
    const page = new URL(action.redirect_to_url.url);
    expect([action.type, action.redirect_to_url.return_url]).toEqual([
      'redirect_to_url',
      'https://shop.example/done?cart=7',
    ]);
    const shown = await documentedFetch(new URL(page.pathname, url()).href);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await shown.text()).toContain('100.00 USD');
    const script = await documentedFetch(new URL('/simulator/actions.js', url()).href);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    const press = { path: page.pathname, body: { outcome: 'succeeded' }, apiKey: null };
    const { json } = await live().when(press).thenAccepted();
    const return_url = `https://shop.example/done?cart=7&payment=${id}&redirect_status=succeeded`;
    expect(json).toEqual({ object: 'payer_action', payment: id, outcome: 'succeeded', return_url });
    expect(await sandbox.get(`/v1/payments/${id}`)).toMatchObject({ status: 'succeeded' });
    // The first time counts.
    const late = { ...press, body: { outcome: 'failed' } };
    expect((await live().when(late).thenAccepted()).json).toEqual(json);
    const again = await documentedFetch(new URL(page.pathname, url()).href);
    expect(await again.text()).toContain('nothing to do here');
    const other = { ...press, path: '/simulator/actions/unknown' };
    await live().when(other).thenRefused(404, 'action_not_found');
    expect((await documentedFetch(new URL('/simulator/actions/unknown', url()).href)).status).toBe(404);
  });
}

const codeOf = (param: string): string =>
  param === '/fee_fixed'
    ? 'invalid_amount'
    : param === '/dispute_fee'
      ? 'amount_not_a_string'
      : 'invalid_value';
