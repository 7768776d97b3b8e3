import type { HttpSpec } from '../http-spec';
import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import { actingAs, readyAccount } from './ready-account';

const usd = (amount: string) => [{ amount, currency: 'USD' }];

/** What is held of connected accounts. @param live of a live environment */
export function reserveCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  let account = '';
  let ledger = '';
  const advance = (to: string): Promise<Json> => sandbox.post('/v1/clock/advance', { to });
  const of = async (path: string): Promise<Json> => (await sandbox.ask(path, actingAs(account))).json;
  const has = async (asOf = ''): Promise<readonly unknown[]> => {
    const { available, pending, reserved } = await of(`/v1/balance${asOf}`);
    return [available, pending, reserved];
  };
  const lines = async (filter = ''): Promise<readonly Json[]> =>
    (await of(`/v1/balance_transactions?limit=100${filter}`))['data'] as readonly Json[];

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Reserves');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    account = await readyAccount(sandbox, { reserve: { rolling_bps: 1000, days: 7 } });
    await sandbox.pay('pm_card_visa', { connected_account: account });
    ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
  });

  it('hold a part of what was captured when it becomes available', async () => {
    expect(await has()).toEqual([usd('0'), usd('9680'), usd('0')]);
    await advance('2027-03-03T12:00:00Z');
    expect(await has()).toEqual([usd('8680'), usd('0'), usd('1000')]);
    const [hold] = await lines('&type=reserve_hold');
    expect(hold).toMatchObject({
      ...{ amount: '0', fee: '0', net: '0', moved: '1000', fee_details: [], status: 'pending' },
      ...{ available_on: '2027-03-10T00:00:00.000Z', created_at: '2027-03-03T00:00:00.000Z' },
    });
    const [payment] = await lines('&type=payment');
    expect(payment).toMatchObject({ net: '9680', status: 'available' });
    expect(payment).toMatchObject({ moved: null });
    const source = String(hold?.['source']);
    expect(await sandbox.get(`/v1/ledgers/${ledger}/transactions/${source}`)).toMatchObject({ id: source });
  });

  it('keep it from being paid out, and the account from being closed', async () => {
    const body = { amount: '8681', currency: 'USD' };
    const refused = await sandbox.ask('/v1/payouts', { method: 'POST', body, ...actingAs(account) });
    expect(refused).toMatchObject({ status: 422, json: { code: 'insufficient_available' } });
    await sandbox.refused(`/v1/connected_accounts/${account}/close`, {}, 409, 'account_not_empty');
  });

  it('are changed for later settlements alone', async () => {
    const reserve = { rolling_bps: 5000, days: 1 };
    const path = `/v1/connected_accounts/${account}`;
    expect(await sandbox.post(path, { reserve }, { method: 'PATCH' })).toMatchObject({ reserve });
    expect(await has()).toEqual([usd('8680'), usd('0'), usd('1000')]);
    await sandbox.pay('pm_card_bypassPending', { connected_account: account, amount: '1001' });
    // 1,001 less 59 is available at once, less half of 1,001, rounded down.
    expect(await has()).toEqual([usd('9122'), usd('0'), usd('1500')]);
    expect(await sandbox.post(path, { reserve: null }, { method: 'PATCH' })).toMatchObject({ reserve: null });
    await sandbox.pay('pm_card_bypassPending', { connected_account: account, amount: '1001' });
    expect(await has()).toEqual([usd('10064'), usd('0'), usd('1500')]);
  });

  it('release it at its moment, and tell clients so', async () => {
    await advance('2027-03-04T12:00:00Z');
    expect(await has()).toEqual([usd('10564'), usd('0'), usd('1000')]);
    await advance('2027-03-10T00:00:00Z');
    expect(await has()).toEqual([usd('11564'), usd('0'), usd('0')]);
    const moved = (await lines()).filter((line) => line['moved'] !== null);
    expect(moved.map(({ moved: amount, status, type }) => [type, amount, status])).toEqual([
      ['reserve_release', '1000', 'available'],
      ['reserve_release', '500', 'available'],
      ['reserve_hold', '500', 'available'],
      ['reserve_hold', '1000', 'available'],
    ]);
    const told = await sandbox.list('/v1/events?type=balance.available');
    expect(told[0]).toMatchObject({
      data: { object: { available: usd('11564'), pending: usd('0'), connected_account: account } },
    });
  });

  it('are in the balance as it was at every moment, and the nets of its lines are that', async () => {
    const all = await lines();
    const revisionOf = (line: Json): number => Number(String(line['position']).split('@')[1]);
    const last = Math.max(...all.map(revisionOf));
    for (let revision = 1; revision <= last; revision += 1) {
      const parts = (await has(`?as_of=${ledger}@${revision}`)) as readonly ReturnType<typeof usd>[];
      const sum = parts.reduce((so, part) => so + BigInt(part[0]?.amount ?? '0'), 0n);
      const nets = all
        .filter((line) => revisionOf(line) <= revision)
        .reduce((so, line) => so + BigInt(String(line['net'])), 0n);
      expect([revision, sum]).toEqual([revision, nets]);
    }
    const then = await has('?as_of=2027-03-04T12:00:00Z');
    expect(then).toEqual([usd('10564'), usd('0'), usd('1000')]);
  });
}
