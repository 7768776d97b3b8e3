import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import type { HttpSpec } from '../http-spec';
import { newAccount, readyAccount } from './ready-account';

/** Payments that connected accounts get. @param live of a live environment */
export function chargeCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  const accounts: string[] = [];
  const as = (id: string | undefined) => ({ headers: { 'connected-account': id ?? '' } });
  const balanceOf = async (id?: string): Promise<readonly unknown[]> => {
    const { json } = await sandbox.ask('/v1/balance', id === undefined ? {} : as(id));
    return ['pending', 'available'].map(
      (list) => (json[list] as readonly Json[]).find(({ currency }) => currency === 'USD')?.['amount'],
    );
  };
  const linesOf = async (id: string): Promise<readonly Json[]> =>
    (await sandbox.ask('/v1/balance_transactions', as(id))).json['data'] as readonly Json[];
  const idsIn = async (path: string, id?: string): Promise<readonly unknown[]> =>
    ((await sandbox.ask(path, id === undefined ? {} : as(id))).json['data'] as readonly Json[]).map(
      (one) => one['id'],
    );

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Charges');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    for (let n = 0; n < 2; n += 1) accounts.push(await readyAccount(sandbox));
  });

  it('are their own by the header, or by the body: 10,000 less 320 and a fee of 1,500 leave 8,180', async () => {
    const [first, second] = accounts;
    const money = { amount: '10000', currency: 'USD', application_fee_amount: '1500' };
    const body = { ...money, confirm: true, payment_method: 'pm_card_visa' };
    const headers = { ...as(first).headers, 'idempotency-key': 'direct' };
    const made = await sandbox.post('/v1/payments', body, { headers });
    expect(made).toMatchObject({
      ...{
        status: 'succeeded',
        connected_account: first,
        application_fee_amount: '1500',
        transfer_data: null,
      },
    });
    expect(await balanceOf(first)).toEqual(['8180', '0']);
    expect(await balanceOf()).toEqual(['1500', '0']);
    const [line] = await linesOf(String(first));
    expect(line).toMatchObject({
      ...{ type: 'payment', amount: '10000', fee: '1820', net: '8180', status: 'pending' },
      fee_details: [
        { type: 'processing_fee', amount: '320' },
        { type: 'application_fee', amount: '1500' },
      ],
    });
    // Whom it acts as is a part of the request.
    const { 'connected-account': _first, ...alone } = headers;
    const method = 'POST';
    const others = [
      [{ ...headers, ...as(second).headers }, 'idempotency_key_reused'],
      // Without it the fee is of nobody, which is judged before any key is.
      [alone, 'recipient_invalid'],
    ] as const;
    for (const [other, code] of others)
      expect((await sandbox.ask('/v1/payments', { method, body, headers: other })).json).toMatchObject({
        code,
      });
    const again = await sandbox.ask('/v1/payments', { method, body, headers });
    expect(again.json).toEqual(made);
    const named = await sandbox.pay('pm_card_visa', { connected_account: second, amount: '500' });
    expect(await idsIn('/v1/payments', second)).toEqual([named]);
    expect(await idsIn('/v1/payments')).toEqual([named, made['id']]);
    expect(await idsIn(`/v1/payments?connected_account=${first}`)).toEqual([made['id']]);
  });

  it('are seen and changed by nobody else, and neither are their refunds', async () => {
    const [first, second] = accounts;
    const [payment] = await idsIn('/v1/payments', first);
    const refunding = { payment, amount: '1000', refund_application_fee: true };
    const refund = await sandbox.post('/v1/refunds', refunding, as(first));
    expect(refund).toMatchObject({ status: 'succeeded', amount: '1000', application_fee_refunded: '150' });
    // 8,180 less 1,000, and 150 again.
    expect(await balanceOf(first)).toEqual(['7330', '0']);
    expect(await idsIn('/v1/refunds', first)).toEqual([refund['id']]);
    expect(await idsIn('/v1/refunds', second)).toEqual([]);
    const [own, of] = [`/v1/payments/${String(payment)}`, `/v1/refunds/${String(refund['id'])}`];
    for (const path of [own, of, `${own}/history`, `${own}/attempts`, `${of}/history`]) {
      expect((await sandbox.ask(path, as(first))).status).toBe(200);
      expect((await sandbox.ask(path)).status).toBe(200);
      expect((await sandbox.ask(path, as(second))).status).toBe(404);
    }
    const others = [
      ['/v1/refunds', { payment }],
      [`${own}/cancel`, {}],
      [`${own}/capture`, {}],
      [`${own}/confirm`, {}],
    ] as const;
    for (const [path, body] of others)
      expect((await sandbox.ask(path, { method: 'POST', body, ...as(second) })).json).toMatchObject({
        ...{ status: 404, code: 'payment_not_found' },
      });
    for (const path of ['/v1/payments', own, '/v1/refunds', of])
      expect((await sandbox.ask(path, as('acct_none'))).json).toMatchObject({
        ...{ code: 'connected_account_not_found', param: '/Connected-Account' },
      });
  });

  it('go to them whole, less a fee, and come back with refunds: 1,500 of 2,000, and 750 of 1,000', async () => {
    const [, second] = accounts;
    const before = await balanceOf(second);
    const to = { amount: '2000', application_fee_amount: '1000', transfer_data: { destination: second } };
    const id = await sandbox.pay('pm_card_visa', to);
    const payment = await sandbox.get(`/v1/payments/${id}`);
    expect(payment).toMatchObject({
      transfer_data: { destination: second, amount: null },
      application_fee_amount: '1000',
    });
    const [transfer] = payment['transfers'] as readonly string[];
    expect(await sandbox.get(`/v1/transfers/${transfer}`)).toMatchObject({
      ...{ amount: '2000', destination: second, source_payment: id },
    });
    const flags = { refund_application_fee: true, reverse_transfer: true };
    const refund = await sandbox.post('/v1/refunds', { payment: id, amount: '1500', ...flags });
    expect(refund).toMatchObject({ application_fee_refunded: '750', transfer_reversed: '1500' });
    expect(await sandbox.get(`/v1/transfers/${transfer}`)).toMatchObject({ amount_reversed: '1500' });
    expect(Number((await balanceOf(second))[0]) - Number(before[0])).toBe(250);
    const its = (await linesOf(String(second))).slice(0, 4);
    expect(its.map(({ amount, type }) => [type, amount])).toEqual([
      ['transfer_reversal', '-1500'],
      ['application_fee_refund', '750'],
      ['application_fee', '-1000'],
      ['transfer', '2000'],
    ]);
    const told = (await sandbox.list(`/v1/events?object=${transfer}`)).map(({ type }) => type);
    expect(told).toEqual(['transfer.reversed', 'transfer.created']);
    const history = await sandbox.list(`/v1/payments/${id}/history`);
    expect(history.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['payment.succeeded', 'refund.created']),
    );
  });

  it('are refused where nobody or two get them, or who gets them may not', async () => {
    const [first] = accounts;
    const base = { amount: '1000', currency: 'USD' };
    const to = { transfer_data: { destination: first } };
    const wrong = [
      [{ connected_account: first, ...to }, '/transfer_data'],
      [{ application_fee_amount: '1' }, '/application_fee_amount'],
      [
        { application_fee_amount: '1', transfer_data: { destination: first, amount: '5' } },
        '/application_fee_amount',
      ],
    ] as const;
    for (const [more, param] of wrong)
      await sandbox.refused('/v1/payments', { ...base, ...more }, 400, 'recipient_invalid', { param });
    const other = {
      method: 'POST',
      body: { ...base, connected_account: accounts[1] },
      ...as(first),
    } as const;
    expect((await sandbox.ask('/v1/payments', other)).json).toMatchObject({ code: 'recipient_invalid' });
    const more = { ...base, ...to, application_fee_amount: '1001' };
    await sandbox.refused('/v1/payments', more, 422, 'application_fee_exceeds_amount');
    const id = await sandbox.pay('pm_card_visa');
    const reversing = { payment: id, reverse_transfer: true };
    await sandbox.refused('/v1/refunds', reversing, 400, 'refund_option_invalid', {
      param: '/reverse_transfer',
    });
    const bare = String((await sandbox.post('/v1/connected_accounts', newAccount))['id']);
    const own = { ...base, connected_account: bare };
    await sandbox.refused('/v1/payments', own, 422, 'capability_inactive', { param: '/connected_account' });
    const free = { ...base, connected_account: first, application_fee_amount: '0' };
    expect(await sandbox.post('/v1/payments', free)).toMatchObject({ application_fee_amount: null });
    const ofPlatform = { ...base, application_fee_amount: '0' };
    expect(await sandbox.post('/v1/payments', ofPlatform)).toMatchObject({ application_fee_amount: null });
    const headers = { 'connected-account': bare };
    for (const [path, body] of [
      ['/v1/payments', base],
      ['/v1/payouts', { amount: '1', currency: 'USD' }],
    ] as const) {
      const { status, json } = await sandbox.ask(path, { method: 'POST', body, headers });
      const inactive = { code: 'capability_inactive', param: '/Connected-Account' };
      expect([status, json]).toMatchObject([422, inactive]);
    }
    await sandbox.post(`/v1/connected_accounts/${bare}/suspend`);
    const suspended = { ...base, transfer_data: { destination: bare } };
    const param = '/transfer_data/destination';
    await sandbox.refused('/v1/payments', suspended, 422, 'account_suspended', { param });
    const transfer = { ...base, amount: '1', destination: bare };
    await sandbox.refused('/v1/transfers', transfer, 422, 'account_suspended', { param: '/destination' });
  });

  it('are settled for each of them, and the nets of their lines are their balance', async () => {
    await sandbox.post('/v1/clock/advance', { to: '2027-03-04T10:00:00.000Z' });
    for (const id of accounts) {
      const lines = await linesOf(id);
      const [pending, available] = await balanceOf(id);
      expect([id, pending, lines.filter(({ status }) => status === 'pending')]).toEqual([id, '0', []]);
      expect(String(lines.reduce((sum, { net }) => sum + Number(net), 0))).toBe(available);
    }
  });
}
