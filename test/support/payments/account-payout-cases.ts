import type { HttpSpec } from '../http-spec';
import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import { actingAs, newAccount, readyAccount } from './ready-account';

/** What leaves the balances of connected accounts for their bank accounts. @param live of a live environment */
export function accountPayoutCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  let account = '';
  let other = '';
  const body = { amount: '5000', currency: 'USD' };
  const get = async (path: string, id: string): Promise<Json> => {
    const { status, json } = await sandbox.ask(path, actingAs(id));
    expect([path, status, json]).toEqual([path, 200, json]);
    return json;
  };
  const list = async (path: string, id: string): Promise<readonly Json[]> =>
    (await get(path, id))['data'] as readonly Json[];
  const payout = (more: object = {}): Promise<Json> =>
    sandbox.post('/v1/payouts', { ...body, ...more }, actingAs(account));
  const balance = async (asOf = ''): Promise<readonly unknown[]> => {
    const { available, in_transit } = await get(`/v1/balance${asOf}`, account);
    return [available, in_transit].map((of) => (of as readonly Json[])[0]?.['amount']);
  };
  const advance = (to: string): Promise<Json> => sandbox.post('/v1/clock/advance', { to });

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Payouts of accounts');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    account = await readyAccount(sandbox);
    other = await readyAccount(sandbox);
    await sandbox.pay('pm_card_bypassPending', { connected_account: account });
    await sandbox.pay('pm_card_bypassPending');
  });

  it('take no more than the account has, and need the capability and a bank account of its own', async () => {
    const refused = async (more: object, id: string): Promise<Json> =>
      (await sandbox.ask('/v1/payouts', { method: 'POST', body: { ...body, ...more }, ...actingAs(id) }))
        .json;
    expect(await refused({ amount: '9681' }, account)).toMatchObject({
      ...{ status: 422, code: 'insufficient_available', param: '/amount', account, available: '9680' },
    });
    expect(await refused({}, other)).toMatchObject({ code: 'insufficient_available', account: other });
    expect(await refused({ bank_account: 'ba_none' }, account)).toMatchObject({
      ...{ status: 422, code: 'unknown_bank_account', param: '/bank_account' },
    });
    expect(await refused({}, 'acct_none')).toMatchObject({
      status: 404,
      code: 'connected_account_not_found',
    });
    const bare = String((await sandbox.post('/v1/connected_accounts', newAccount))['id']);
    expect(await refused({}, bare)).toMatchObject({ status: 422, code: 'capability_inactive' });
    await sandbox.post(`/v1/connected_accounts/${account}/suspend`);
    expect(await refused({}, account)).toMatchObject({ status: 422, code: 'capability_inactive' });
    await sandbox.post(`/v1/connected_accounts/${account}/reinstate`);
    expect(await list('/v1/payouts', account)).toEqual([]);
  });

  it('leave its balance when they are made, are paid, and are seen by nobody else', async () => {
    const made = await payout({ description: 'March', metadata: { month: '3' } });
    const id = String(made['id']);
    const [bank] = await sandbox.list(`/v1/connected_accounts/${account}/bank_accounts`);
    expect(made).toMatchObject({ status: 'pending', connected_account: account, bank_account: bank?.['id'] });
    expect(await balance()).toEqual(['4680', '5000']);
    await advance('2027-03-02T00:00:00Z');
    expect(await get(`/v1/payouts/${id}`, account)).toMatchObject({ status: 'paid', description: 'March' });
    expect(await get(`/v1/payouts/${id}?as_of=2027-03-01T12:00:00Z`, account)).toMatchObject({
      status: 'pending',
    });
    expect(await balance()).toEqual(['4680', '0']);
    expect(await balance('?as_of=2027-03-01T12:00:00Z')).toEqual(['4680', '5000']);
    const history = await list(`/v1/payouts/${id}/history`, account);
    expect(history.map(({ type }) => type)).toEqual(['payout.paid', 'payout.in_transit', 'payout.created']);
    for (const path of [`/v1/payouts/${id}`, `/v1/payouts/${id}/history`]) {
      expect((await sandbox.ask(path)).status).toBe(404);
      expect((await sandbox.ask(path, actingAs(other))).status).toBe(404);
    }
    expect(await sandbox.list('/v1/payouts')).toEqual([]);
    expect(await list('/v1/payouts', other)).toEqual([]);
    expect((await list('/v1/payouts?status=paid', account)).map((one) => one['id'])).toEqual([id]);
    const lines = await list(`/v1/balance_transactions?source=${id}`, account);
    expect(lines).toMatchObject([{ type: 'payout', net: '-5000', status: 'available' }]);
    const told = await sandbox.list(`/v1/events?object=${account}&type=payout.paid`);
    expect(told).toMatchObject([{ data: { object: { id, connected_account: account } } }]);
  });

  it('come back when they are canceled, fail or are returned, also to an account that is suspended', async () => {
    const before = await balance();
    const canceled = String((await payout({ amount: '1000' }))['id']);
    const path = `/v1/payouts/${canceled}/cancel`;
    expect((await sandbox.ask(path, { method: 'POST', body: {} })).status).toBe(404);
    expect((await sandbox.ask(path, { method: 'POST', body: {}, ...actingAs(other) })).status).toBe(404);
    expect(await sandbox.post(path, {}, actingAs(account))).toMatchObject({ status: 'canceled' });
    const failing = await payout({ amount: '1000', bank_account: 'ba_sim_fail' });
    const returned = await payout({ amount: '1000', bank_account: 'ba_sim_returned' });
    await sandbox.post(`/v1/connected_accounts/${account}/suspend`);
    await advance('2027-03-03T00:00:00Z');
    expect(await get(`/v1/payouts/${String(failing['id'])}`, account)).toMatchObject({ status: 'failed' });
    expect(await get(`/v1/payouts/${String(returned['id'])}`, account)).toMatchObject({ status: 'paid' });
    await advance('2027-03-04T00:00:00Z');
    expect(await get(`/v1/payouts/${String(returned['id'])}`, account)).toMatchObject({ status: 'failed' });
    expect(await balance()).toEqual(before);
    await sandbox.post(`/v1/connected_accounts/${account}/reinstate`);
    const lines = await list('/v1/balance_transactions?limit=100', account);
    expect(String(lines.reduce((sum, { net }) => sum + Number(net), 0))).toBe(before[0]);
  });

  it('keep the account from being closed', async () => {
    const all = await payout({ amount: String((await balance())[0]) });
    const closing = { path: `/v1/connected_accounts/${account}/close`, method: 'POST', body: {} } as const;
    expect((await sandbox.ask(closing.path, closing)).json).toMatchObject({ code: 'account_not_empty' });
    await advance(String(all['sends_at']));
    await sandbox.post(closing.path);
    const ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    expect(await sandbox.get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
  });
}
