import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import type { HttpSpec } from '../http-spec';

/** What leaves a balance for a bank account. @param live of a live environment */
export function payoutCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  const payout = (more: object = {}): Promise<Json> =>
    sandbox.post('/v1/payouts', { amount: '1000', currency: 'USD', ...more });
  const advance = (to: string): Promise<Json> => sandbox.post('/v1/clock/advance', { to });
  const balance = async (): Promise<readonly unknown[]> => {
    const { available, in_transit } = await sandbox.get('/v1/balance');
    return [available, in_transit].map((list) => (list as readonly Json[])[0]?.['amount']);
  };

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Payouts');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    await sandbox.pay('pm_card_bypassPending');
  });

  it('take no more than is available, and go to no bank account that there is not', async () => {
    const body = { amount: '9681', currency: 'USD' };
    const more = { param: '/amount', account: 'platform', available: '9680' };
    await sandbox.refused('/v1/payouts', body, 422, 'insufficient_available', more);
    const unknown = { ...body, amount: '1', bank_account: 'ba_none' };
    await sandbox.refused('/v1/payouts', unknown, 422, 'unknown_bank_account', { param: '/bank_account' });
    await live().when({ path: '/v1/payouts', body }).thenRefused(422, 'rail_unavailable');
    await sandbox.refused('/v1/payouts', { ...body, currency: 'ABC' }, 422, 'unknown_currency');
    expect(await sandbox.list('/v1/payouts')).toEqual([]);
    expect(await balance()).toEqual(['9680', '0']);
  });

  it('leave the balance when they are made, are sent at midnight, and are paid', async () => {
    const made = await payout({ description: 'March', metadata: { month: '3' } });
    const id = String(made['id']);
    expect(made).toMatchObject({
      object: 'payout',
      status: 'pending',
      bank_account: 'ba_sim',
      sends_at: '2027-03-02T00:00:00.000Z',
      livemode: false,
    });
    expect(await balance()).toEqual(['8680', '1000']);
    await advance('2027-03-02T00:00:00Z');
    expect(await sandbox.get(`/v1/payouts/${id}`)).toMatchObject({ status: 'paid', description: 'March' });
    expect(await balance()).toEqual(['8680', '0']);
    expect(await sandbox.get(`/v1/payouts/${id}?as_of=2027-03-01T12:00:00Z`)).toMatchObject({
      status: 'pending',
    });
    const changed = await sandbox.post(
      `/v1/payouts/${id}`,
      { metadata: { month: null, a: 'b' } },
      { method: 'PATCH' },
    );
    expect(changed).toMatchObject({ metadata: { a: 'b' }, description: 'March' });
    expect((await sandbox.list(`/v1/payouts/${id}/history`)).map(({ type }) => type)).toEqual([
      ...['payout.updated', 'payout.paid', 'payout.in_transit', 'payout.created'],
    ]);
    const listed = await sandbox.list('/v1/payouts?status=paid&currency=USD&metadata[a]=b');
    expect(listed.map((each) => each['id'])).toEqual([id]);
    expect((await sandbox.list(`/v1/events?object=${id}`)).map(({ type }) => type)).toEqual([
      ...['payout.paid', 'payout.in_transit', 'payout.created'],
    ]);
    const over = { payout: { id, status: 'paid' } };
    await sandbox.refused(`/v1/payouts/${id}/cancel`, {}, 409, 'payout_unexpected_state', over);
  });

  it('come back when they are canceled, fail, or the bank returns them after they were paid', async () => {
    const before = await balance();
    const canceled = String((await payout())['id']);
    expect(await sandbox.post(`/v1/payouts/${canceled}/cancel`)).toMatchObject({ status: 'canceled' });
    const failing = String((await payout({ bank_account: 'ba_sim_fail' }))['id']);
    const returned = String((await payout({ bank_account: 'ba_sim_returned' }))['id']);
    await advance('2027-03-03T00:00:00Z');
    expect(await sandbox.get(`/v1/payouts/${failing}`)).toMatchObject({
      status: 'failed',
      failure_code: 'account_closed',
    });
    expect(await sandbox.get(`/v1/payouts/${returned}`)).toMatchObject({ status: 'paid' });
    await advance('2027-03-04T00:00:00Z');
    expect(await sandbox.get(`/v1/payouts/${returned}`)).toMatchObject({ status: 'failed' });
    expect(await balance()).toEqual(before);
    const lines = await sandbox.list(`/v1/balance_transactions?source=${returned}`);
    expect(lines).toMatchObject([
      { type: 'payout_failure', net: '1000' },
      { type: 'payout', net: '-1000' },
    ]);
    const [cancelLine] = await sandbox.list(`/v1/balance_transactions?source=${canceled}`);
    expect(cancelLine).toMatchObject({ type: 'payout_cancel', net: '1000' });
    const ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    expect(await sandbox.get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
  });

  it('are said to have come back by who found it out, once', async () => {
    const before = await balance();
    const { id: made, sends_at: sentAt } = await payout({ bank_account: 'ba_sim_returned' });
    const id = String(made);
    const path = `/v1/payouts/${id}/resolve`;
    const said = { outcome: 'failed', failure_code: 'account_closed', failure_message: 'Seen in the bank.' };
    const unsent = { payout: { id, status: 'pending' } };
    await sandbox.refused(path, said, 409, 'call_not_open', unsent);
    await advance(String(sentAt));
    expect(await sandbox.get(`/v1/payouts/${id}`)).toMatchObject({ status: 'paid' });
    expect(await sandbox.post(path, said)).toMatchObject({
      status: 'failed',
      failure_code: 'account_closed',
    });
    expect(await balance()).toEqual(before);
    await sandbox.refused(path, { outcome: 'paid' }, 409, 'call_not_open');
    await advance(new Date(Date.parse(String(sentAt)) + 2 * 86_400_000).toISOString());
    expect(await balance()).toEqual(before);
  });
}
