import type { HttpSpec } from '../http-spec';
import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import { actingAs, readyAccount } from './ready-account';

const path = '/v1/reconciliation/fee_adjustments';
const adjusts = '?from=2027-03-01T00:00:00Z';

/** Fees that a rail reports otherwise than expected. @param live of a live environment */
export function feeAdjustmentCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  let [account, own, direct, disputed, ledger] = ['', '', '', '', ''];
  const report = (payment: string, body: object): Promise<Json> =>
    sandbox.post(`/v1/test_helpers/payments/${payment}/report_fee`, body);
  const adjust = (): Promise<Json> => sandbox.post(`${path}${adjusts}`);
  const available = async (of: object = {}): Promise<unknown> => {
    const { json } = await sandbox.ask('/v1/balance', of);
    return (json['available'] as readonly Json[])[0]?.['amount'];
  };
  const reconciled = async (): Promise<Json> => {
    const all = await sandbox.list(`/v1/reconciliation${adjusts}`);
    return all.find(({ rail }) => rail === 'simulator') ?? {};
  };
  /** What an account of the ledger has, on its own side. */
  const booked = async (name: string): Promise<unknown> => {
    const { posted } = await sandbox.get(`/v1/ledgers/${ledger}/accounts/payments:${name}:USD/balance`);
    return (posted as Json)['balance'];
  };

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Reported fees');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    account = await readyAccount(sandbox);
    own = await sandbox.pay('pm_card_visa');
    direct = await sandbox.pay('pm_card_visa', { connected_account: account });
    disputed = await sandbox.pay('pm_card_createDispute');
    ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    await sandbox.post('/v1/clock/advance', { to: '2027-03-03T12:00:00Z' });
    await sandbox.post('/v1/refunds', { payment: own, amount: '1000' });
    await sandbox.post('/v1/clock/advance', { to: '2027-03-03T13:00:00Z' });
  });

  it('are as they were booked, where the rail reports nothing else', async () => {
    expect(await adjust()).toMatchObject({ object: 'fee_adjustments', data: [], has_more: false });
    expect(await reconciled()).toMatchObject({ differences_total: 0, adjustments_total: 0, adjustments: [] });
  });

  it('are booked as lines of who bears them, and are the explanation of what differed', async () => {
    expect(await report(own, { fee: '350' })).toEqual({
      ...{ object: 'reported_fee', payment: own, kind: 'payment', fee: '350', lines: 1 },
    });
    await report(direct, { fee: '300' });
    await report(own, { fee: '7', kind: 'refund' });
    await report(disputed, { fee: '2000', kind: 'dispute_fee' });
    expect(await reconciled()).toMatchObject({ differences_total: 4, difference: '-517', adjustments: [] });
    const before = [await available(), await available(actingAs(account))];
    expect(before).toEqual(['6860', '9680']);

    // Tried out, all of them are told, and none is booked.
    const tried = await sandbox.post(`${path}${adjusts}&dry_run=true`);
    expect(tried).toMatchObject({ dry_run: true, has_more: false });
    expect([await available(), await available(actingAs(account))]).toEqual(before);

    const { data, ...done } = await adjust();
    expect(done).not.toHaveProperty('dry_run');
    const amounts = (all: unknown) => (all as readonly Json[]).map(({ object, amount }) => [object, amount]);
    expect(amounts(tried['data'])).toEqual(amounts(data));
    const byKind = [...(data as readonly Json[])].sort((a, b) =>
      String(a['amount']) < String(b['amount']) ? -1 : 1,
    );
    expect(byKind).toMatchObject([
      { kind: 'payment', object: direct, expected: '320', reported: '300', amount: '-20' },
      { kind: 'payment', object: own, expected: '320', reported: '350', amount: '30' },
      { kind: 'dispute_fee', expected: '1500', reported: '2000', amount: '500' },
      { kind: 'refund', expected: '0', reported: '7', amount: '7' },
    ]);
    expect([await available(), await available(actingAs(account))]).toEqual(['6323', '9700']);
    const lines = await sandbox.list('/v1/balance_transactions?type=adjustment');
    expect(lines.map(({ net }) => net).sort()).toEqual(['-30', '-500', '-7']);
    const id = String(byKind[1]?.['balance_transaction']);
    expect(await sandbox.get(`/v1/balance_transactions/${id}`)).toMatchObject({
      ...{ type: 'adjustment', amount: '-30', fee: '0', net: '-30', source: own, status: 'available' },
    });

    expect(await reconciled()).toMatchObject({ differences: [], difference: '0', adjustments_total: 4 });
    const explained = (await reconciled())['adjustments'] as readonly Json[];
    expect(explained.find(({ object, kind }) => object === own && kind === 'payment')).toMatchObject({
      ...{ expected: '320', fee: '350', balance_transactions: [id] },
    });
  });

  it('are booked once, however often and by how many the report is read', async () => {
    const { position } = await sandbox.get(`/v1/reconciliation${adjusts}`);
    const again = await Promise.all([adjust(), adjust(), adjust()]);
    for (const { data } of again) expect(data).toEqual([]);
    expect(await sandbox.get(`/v1/reconciliation${adjusts}`)).toMatchObject({ position });
    await report(own, { fee: '351' });
    const both = await Promise.all([adjust(), adjust()]);
    expect(both.flatMap(({ data }) => data as readonly Json[])).toMatchObject([
      { object: own, expected: '320', reported: '351', amount: '1' },
    ]);
  });

  it('agree with what is booked of rail and expenses, to the cent, once the rail has settled again', async () => {
    expect(await booked('expenses:fee_adjustments')).toBe('538');
    await sandbox.pay('pm_card_visa');
    await sandbox.post('/v1/clock/advance', { to: '2027-03-06T00:00:00Z' });
    expect([await booked('rails:simulator:clearing'), await booked('bank')]).toEqual(['0', '25702']);
    const [platform, connected] = [await available(), await available(actingAs(account))];
    expect(Number(platform) + Number(connected)).toBe(25_702);
    expect(await reconciled()).toMatchObject({
      difference: '0',
      differences: [],
      reported: { net: '25702' },
    });
    expect(await sandbox.get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
  });

  it('are facts: a closed period keeps nothing of them back', async () => {
    const close = { through: '2027-03-05T00:00:00Z', reason: 'Month end' };
    await sandbox.post(`/v1/ledgers/${ledger}/period_closes`, close);
    await report(own, { fee: '352' });
    expect((await adjust())['data']).toMatchObject([{ object: own, amount: '1' }]);
  });

  it('are told the same under an idempotency key, whatever is reported or asked for since', async () => {
    const keyed = async (key: string, query = adjusts): Promise<Json & { readonly isReplay: boolean }> => {
      const headers = { 'idempotency-key': key };
      const answer = await sandbox.ask(`${path}${query}`, { method: 'POST', headers });
      expect([answer.status, answer.json]).toEqual([200, answer.json]);
      return { ...answer.json, isReplay: answer.headers['idempotency-replayed'] === 'true' };
    };
    const nothing = await keyed('nothing');
    expect(nothing).toMatchObject({ data: [], isReplay: false });
    await report(own, { fee: '360' });
    expect(await keyed('some', `${adjusts}&dry_run=true`)).toMatchObject({ dry_run: true, isReplay: false });
    const some = await keyed('some');
    expect(some).toMatchObject({ data: [{ object: own, amount: '8', reported: '360' }], isReplay: false });
    await report(own, { fee: '361' });
    // The time that `to` stands for is longer than one request may compare by now.
    await sandbox.post('/v1/clock/advance', { to: '2027-06-30T10:00:00Z' });
    await report(own, { fee: '362' });
    for (const query of [adjusts, `${adjusts}&dry_run=true`]) {
      expect(await keyed('nothing', query)).toEqual({ ...nothing, isReplay: true });
      expect(await keyed('some', query)).toEqual({ ...some, isReplay: true });
    }
    const headers = { 'idempotency-key': 'some' };
    for (const query of ['', '?from=2027-03-02T00:00:00Z', `${adjusts}&to=2027-03-04T00:00:00Z`]) {
      const { status, json } = await sandbox.ask(`${path}${query}`, { method: 'POST', headers });
      expect([status, json['code']]).toEqual([422, 'idempotency_key_reused']);
    }
    const differing = await sandbox.post(`${path}${adjusts}&to=2027-04-01T00:00:00Z`);
    expect(differing['data']).toMatchObject([{ object: own, reported: '362' }]);
  });

  it('are not those of payments that are not there, and are nobody’s but the environment’s', async () => {
    const other = await PaymentsHttp.sandbox(live(), 'Other fees');
    const helper = `/v1/test_helpers/payments/${own}/report_fee`;
    await other.refused(helper, { fee: '1' }, 404, 'payment_not_found');
    await sandbox.refused(helper, { fee: '1', kind: 'dispute_fee' }, 404, 'payment_not_found');
    await sandbox.refused(helper, { fee: '-1' }, 400, 'invalid_amount', { param: '/fee' });
    await sandbox.refused(helper, { fee: '1', kind: 'payout' }, 400, 'invalid_value', { param: '/kind' });
    await live()
      .when({ path: helper, body: { fee: '1' } })
      .thenRefused(403, 'sandbox_key_required');
    const { status, json } = await sandbox.ask(path, { method: 'POST', ...actingAs(account) });
    expect([status, json['code']]).toEqual([400, 'field_not_supported']);
    const long = `${path}?from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z`;
    const refused = await sandbox.ask(long, { method: 'POST' });
    expect([refused.status, refused.json['param']]).toEqual([400, '/from']);
    // Nothing was paid there: there is no ledger, and none is made for this.
    const nothing = { object: 'fee_adjustments', data: [], has_more: false, livemode: false };
    expect(await other.post(`${path}?dry_run=true`)).toMatchObject({ ...nothing, dry_run: true });
    const { position, ...said } = await other.post(path);
    expect([said, position]).toMatchObject([nothing, expect.not.stringMatching(/^led_/)]);
    expect(said).not.toHaveProperty('dry_run');
  });
}
