import type { HttpSpec } from '../http-spec';
import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import { actingAs, readyAccount } from './ready-account';

/** Payouts that schedules make. @param live of a live environment */
export function scheduleCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  let account = '';
  const advance = (to: string): Promise<Json> => sandbox.post('/v1/clock/advance', { to });
  const payoutsOf = async (id?: string): Promise<readonly (readonly unknown[])[]> => {
    const { json } = await sandbox.ask('/v1/payouts', id === undefined ? {} : actingAs(id));
    return (json['data'] as readonly Json[]).map((one) => [
      one['amount'],
      one['created_at'],
      one['status'],
      one['automatic'],
    ]);
  };

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Schedules');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    account = await readyAccount(sandbox, { payout_schedule: { interval: 'daily', delay_days: 0 } });
  });

  it('pay an account out each day that it has something, each day once', async () => {
    await sandbox.pay('pm_card_bypassPending', { connected_account: account });
    await sandbox.pay('pm_card_visa', { connected_account: account, amount: '1000' });
    await advance('2027-03-10T12:00:00Z');
    expect(await payoutsOf(account)).toEqual([
      ['941', '2027-03-03T00:00:00.000Z', 'paid', true],
      ['9680', '2027-03-02T00:00:00.000Z', 'paid', true],
    ]);
    await advance('2027-03-10T13:00:00Z');
    expect(await payoutsOf(account)).toHaveLength(2);
    const { json } = await sandbox.ask('/v1/balance', actingAs(account));
    expect(json['available']).toEqual([{ amount: '0', currency: 'USD' }]);
    expect(await payoutsOf()).toEqual([]);
  });

  it('wait for the delay and the minimum, and pay what fails again', async () => {
    const payout_schedule = {
      interval: 'weekly',
      weekly_anchor: 'friday',
      delay_days: 3,
      minimum_amount: '1000',
    };
    const path = `/v1/connected_accounts/${account}`;
    expect(await sandbox.post(path, { payout_schedule }, { method: 'PATCH' })).toMatchObject({
      payout_schedule,
    });
    // A Wednesday: on Friday it is too young.
    await sandbox.pay('pm_card_bypassPending', { connected_account: account, amount: '2000' });
    await advance('2027-03-13T00:00:00Z');
    expect(await payoutsOf(account)).toHaveLength(2);
    await advance('2027-03-19T00:00:00Z');
    expect((await payoutsOf(account))[0]).toEqual(['1912', '2027-03-19T00:00:00.000Z', 'paid', true]);
    await sandbox.pay('pm_card_bypassPending', { connected_account: account, amount: '1000' });
    await advance('2027-03-27T00:00:00Z');
    expect(await payoutsOf(account)).toHaveLength(3);
  });

  it('of the platform are its own, and are what they were as of each moment', async () => {
    const path = '/v1/payout_schedule';
    const manual = { interval: 'manual', delay_days: 2, next_run_at: null, livemode: false };
    expect(await sandbox.get(path)).toMatchObject({ object: 'payout_schedule', ...manual });
    await sandbox.pay('pm_card_bypassPending');
    const set = await sandbox.put(path, { interval: 'monthly', monthly_anchor: 31, delay_days: 0 });
    const next = { interval: 'monthly', monthly_anchor: 31, next_run_at: '2027-03-31T00:00:00.000Z' };
    expect(set).toMatchObject(next);
    expect(await sandbox.get(path)).toMatchObject({ ...next, position: set['position'] });
    await advance('2027-04-30T12:00:00Z');
    expect(await payoutsOf()).toEqual([['9680', '2027-03-31T00:00:00.000Z', 'paid', true]]);
    expect(await sandbox.get(path)).toMatchObject({ next_run_at: '2027-05-31T00:00:00.000Z' });
    expect(await sandbox.get(`${path}?as_of=2027-03-01T00:00:00Z`)).toMatchObject(manual);
    const other = await PaymentsHttp.sandbox(live(), 'No schedule');
    expect(await other.put(`${path}?dry_run=true`, { interval: 'manual' })).toMatchObject({
      ...{ object: 'payout_schedule', interval: 'manual', next_run_at: null, dry_run: true },
    });
    const more = { method: 'PUT', body: { interval: 'daily', weekly_anchor: 'friday' } } as const;
    expect((await sandbox.ask(path, more)).json).toMatchObject({
      ...{ status: 422, code: 'payout_schedule_invalid', param: '/weekly_anchor' },
    });
  });

  it('go on when an account may be paid out that was suspended', async () => {
    const path = `/v1/connected_accounts/${account}`;
    await sandbox.post(`${path}/suspend`);
    const daily = { payout_schedule: { interval: 'daily', delay_days: 0 } };
    await sandbox.post(path, daily, { method: 'PATCH' });
    await advance('2027-05-04T00:00:00Z');
    expect(await payoutsOf(account)).toHaveLength(3);
    await sandbox.post(`${path}/reinstate`);
    await advance('2027-05-05T00:00:00Z');
    expect((await payoutsOf(account))[0]).toEqual(['941', '2027-05-05T00:00:00.000Z', 'paid', true]);
    const ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    expect(await sandbox.get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
  });
}
