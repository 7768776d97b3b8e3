import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import type { HttpSpec } from '../http-spec';

/** Payments whose money is shared among several. @param live of a live environment */
export function splitCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  const accounts: string[] = [];
  const as = (id: string) => ({ headers: { 'connected-account': id } });
  const party = (id: string, account: string | undefined, more: object) => ({
    ...{ id, role: 'partner', account: account ?? 'platform' },
    ...more,
  });
  /** Of two accounts and the platform. */
  const shares = (...bps: readonly number[]) =>
    bps.map((share_bps, i) => party(`p${i}`, accounts[i], { share_bps }));
  const thirds = () => shares(3334, 3333, 3333);
  const balanceOf = async (id?: string, bucket = 'pending'): Promise<unknown> => {
    const { json } = await sandbox.ask('/v1/balance', id === undefined ? {} : as(id));
    return (json[bucket] as readonly Json[]).find(({ currency }) => currency === 'USD')?.['amount'] ?? '0';
  };
  const all = () => Promise.all([balanceOf(), ...accounts.map((id) => balanceOf(id))]);
  const splitOf = async (payment: string): Promise<Json & { readonly shares: readonly Json[] }> => {
    const { split } = await sandbox.get(`/v1/payments/${payment}`);
    return (await sandbox.get(`/v1/splits/${String(split)}`)) as never;
  };
  const amountsOf = async (payment: string) => (await splitOf(payment)).shares.map(({ amount }) => amount);
  const leftOf = async (payment: string) =>
    (await splitOf(payment)).shares.map(({ amount, refunded }) => Number(amount) - Number(refunded));
  const pay = (more: object) => sandbox.pay('pm_card_visa', more);
  const newAccount = async (): Promise<string> => {
    const body = { type: 'individual', country: 'DE', default_currency: 'USD', capabilities: {} };
    return String((await sandbox.post('/v1/connected_accounts', body))['id']);
  };
  const ruleOf = async (parties: object, more: object = {}): Promise<string> =>
    String((await sandbox.post('/v1/split_rules', { name: 'Rule', parties, ...more }))['id']);

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Splits');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    for (let n = 0; n < 2; n += 1) accounts.push(await newAccount());
  });

  it.each([
    ['100', [3334, 3333, 3333], ['34', '33', '33']],
    ['101', [7000, 2000, 1000], ['71', '20', '10']],
    ['9007199254740993', [7000, 2000, 1000], ['6305039478318695', '1801439850948199', '900719925474099']],
  ] as const)(
    'share %s to the unit, with the payment and by a rule after it',
    async (amount, bps, expected) => {
      expect(await amountsOf(await pay({ amount, currency: 'EUR', splits: shares(...bps) }))).toEqual(
        expected,
      );
      const payment = await pay({ amount, currency: 'EUR' });
      await sandbox.post('/v1/splits', { payment, split_rule: await ruleOf(shares(...bps)) });
      expect(await amountsOf(payment)).toEqual(expected);
    },
  );

  it('are booked with their capture, told, explained line by line, and settled', async () => {
    const splits = [
      party('merchant', accounts[0], { remainder: true }),
      party('dev', accounts[1], { share_bps: 1000, min_amount: '50' }),
      party('us', undefined, { fixed_amount: '30' }),
    ];
    const rule = await ruleOf(splits, { currency: 'USD' });
    const payment = await pay({ amount: '400', split_rule: rule });
    const paid = await sandbox.get(`/v1/payments/${payment}`);
    const { split } = paid;
    expect(paid).toMatchObject({ split_rule: rule, status: 'succeeded', transfers: [] });
    const one = `/v1/splits/${String(split)}`;
    const made = await sandbox.get(one);
    expect(made).toMatchObject({
      ...{
        id: split,
        object: 'split',
        payment,
        split_rule: rule,
        version: 1,
        amount: '400',
        currency: 'USD',
      },
      parties: [
        { id: 'merchant', remainder: true },
        { share_bps: 1000, min_amount: '50' },
        { account: 'platform' },
      ],
      shares: [
        { party: 'merchant', role: 'partner', account: accounts[0], amount: '320', refunded: '0' },
        { party: 'dev', account: accounts[1], amount: '50', refunded: '0' },
        { party: 'us', account: 'platform', amount: '30', refunded: '0' },
      ],
    });
    expect(await sandbox.get(`${one}/explain`)).toMatchObject({
      ...{ object: 'split_explanation', split, version: 1 },
      shares: [
        { party: 'merchant', exact: { numerator: '320', denominator: '1' }, bound: null, amount: '320' },
        { party: 'dev', exact: { numerator: '40', denominator: '1' }, floor: '40', bound: 'min_amount' },
        { party: 'us', remainder_rank: null, amount: '30' },
      ],
    });
    // Each account that has a share finds it, once, also beside others; the header shows its own payments alone.
    for (const account of accounts) {
      const found = await sandbox.list(`/v1/payments?connected_account=${account}&limit=1`);
      expect(found.map(({ id }) => id)).toEqual([payment]);
      expect((await sandbox.ask('/v1/payments', as(account))).json['data']).toEqual([]);
    }
    expect(await sandbox.list('/v1/payments?connected_account=acct_none')).toEqual([]);
    // 400 less the rail's 42, and what others got.
    expect(await all()).toEqual(['-12', '320', '50']);
    const lines = async (id?: string) =>
      (await sandbox.ask(`/v1/balance_transactions?source=${String(split)}`, id ? as(id) : {})).json['data'];
    expect(await lines(accounts[0])).toMatchObject([{ type: 'transfer', amount: '320', status: 'pending' }]);
    expect(await lines()).toMatchObject([{ amount: '-50' }, { amount: '-320' }]);
    expect(await sandbox.list(`/v1/events?object=${String(split)}`)).toMatchObject([
      { type: 'split.created', data: { object: { id: split, payment } } },
    ]);
    const patched = await sandbox.post(
      one,
      { description: 'January', metadata: { a: '1' } },
      { method: 'PATCH' },
    );
    expect(patched).toMatchObject({ description: 'January', metadata: { a: '1' } });
    expect(await sandbox.get(`${one}?as_of=${String(made['position'])}`)).toEqual(made);
    const history = await sandbox.list(`${one}/history`);
    expect(history.map(({ type }) => type)).toEqual(['split.updated', 'payment.succeeded']);
    expect(history[0]?.['changes']).toMatchObject({ description: null, metadata: {} });
    for (const query of [`payment=${payment}`, `split_rule=${rule}`, 'metadata[a]=1', 'limit=1'])
      expect((await sandbox.list(`/v1/splits?${query}`)).map(({ id }) => id)).toEqual([split]);
    expect(await sandbox.list('/v1/splits?payment=pay_none')).toEqual([]);
    await sandbox.post('/v1/clock/advance', { to: '2027-03-03T00:00:00Z' });
    const settled = await Promise.all([undefined, ...accounts].map((id) => balanceOf(id, 'available')));
    expect([await all(), settled]).toEqual([
      ['0', '0', '0'],
      ['-12', '320', '50'],
    ]);
    expect(await lines(accounts[0])).toMatchObject([{ status: 'available' }]);
  });

  it('are by the version of the rule at the payment’s creation, whatever time it is', async () => {
    const rule = await ruleOf(thirds());
    const payment = await pay({ amount: '100' });
    await sandbox.post(`/v1/split_rules/${rule}`, { parties: shares(0, 0, 10_000) }, { method: 'PATCH' });
    const body = { payment, split_rule: rule };
    const key = { headers: { 'idempotency-key': 'split-once' } };
    expect(await sandbox.post('/v1/splits?dry_run=true', body)).toMatchObject({ dry_run: true, version: 1 });
    const made = await sandbox.post('/v1/splits', body, key);
    expect(made).toMatchObject({ version: 1, split_rule: rule });
    expect(await sandbox.post('/v1/splits', body, key)).toEqual(made);
    expect(await splitOf(await pay({ amount: '100', split_rule: rule }))).toMatchObject({ version: 2 });
  });

  it('leave every party at zero after refunds of 3,333, 3,333 and 3,334, and at what it was after a failed one', async () => {
    const before = await all();
    const payment = await pay({ splits: thirds() });
    for (const amount of ['3333', '3333', '3334']) await sandbox.post('/v1/refunds', { payment, amount });
    expect(await leftOf(payment)).toEqual([0, 0, 0]);
    const after = await all();
    // The rail's fee is what the platform has less, of what it has available.
    expect(after).toEqual(before);
    const failing = await sandbox.pay('pm_card_refundFail', { amount: '700', splits: thirds() });
    const refund = String((await sandbox.post('/v1/refunds', { payment: failing, amount: '300' }))['id']);
    const has = await sandbox.until(
      () => sandbox.get(`/v1/refunds/${refund}`),
      ({ status }) => status === 'failed',
    );
    expect(has).toMatchObject({ status: 'failed' });
    expect(await leftOf(failing)).toEqual([234, 233, 233]);
    expect((await sandbox.list(`/v1/balance_transactions?source=${refund}`)).map(({ type }) => type)).toEqual(
      [...['transfer', 'transfer', 'refund_failure', 'transfer_reversal', 'transfer_reversal', 'refund']],
    );
  });

  it('are refused by the field, and nothing is booked', async () => {
    const paid = await pay({ amount: '100' });
    const closed = await newAccount();
    await sandbox.post(`/v1/connected_accounts/${closed}/close`);
    const before = [await all(), await sandbox.list('/v1/splits')];
    const wrong: readonly (readonly [object[], string, string])[] = [
      [thirds().slice(1), 'split_incomplete', ''],
      [[...thirds(), party('p0', undefined, { share_bps: 0 })], 'split_invalid', '/3/id'],
      [
        [party('a', undefined, { remainder: true }), party('b', accounts[0], { fixed_amount: '101' })],
        ...(['split_invalid', '/1'] as const),
      ],
      [[party('a', closed, { remainder: true })], 'unknown_split_account', '/0/account'],
      [[party('a', 'acct_none', { remainder: true })], 'unknown_split_account', '/0/account'],
    ];
    const create = { amount: '100', currency: 'USD', confirm: true, payment_method: 'pm_card_visa' };
    for (const [of, code, at] of wrong) {
      await sandbox.refused('/v1/splits', { payment: paid, parties: of }, 422, code, {
        param: `/parties${at}`,
      });
      await sandbox.refused('/v1/payments', { ...create, splits: of }, 422, code, { param: `/splits${at}` });
    }
    const eur = await ruleOf(thirds(), { currency: 'EUR' });
    const none = { split_rule: 'spr_none' };
    for (const [path, body] of [
      ['/v1/splits', { payment: paid }],
      ['/v1/payments', create],
    ] as const) {
      const param = '/split_rule';
      await sandbox.refused(path, { ...body, ...none }, 404, 'split_rule_not_found', { param });
      await sandbox.refused(path, { ...body, split_rule: eur }, 422, 'split_currency_mismatch', { param });
    }
    const [first] = accounts;
    for (const [more, param] of [
      [{ split_rule: eur, splits: thirds() }, '/splits'],
      [{ splits: thirds(), connected_account: first }, '/splits'],
      [{ split_rule: eur, transfer_data: { destination: first } }, '/split_rule'],
      [{ splits: thirds(), application_fee_amount: '1' }, '/application_fee_amount'],
    ] as const)
      await sandbox.refused('/v1/payments', { ...create, ...more }, 400, 'recipient_invalid', { param });
    for (const body of [{ payment: paid }, { payment: paid, split_rule: eur, parties: thirds() }])
      await sandbox.refused('/v1/splits', body, 400, 'split_parties_invalid', { param: '/parties' });
    expect([await all(), await sandbox.list('/v1/splits')]).toEqual(before);
    for (const path of ['/v1/splits/spl_none', '/v1/splits/spl_none/explain', '/v1/splits/spl_none/history'])
      expect(await sandbox.ask(path)).toMatchObject({ status: 404, json: { code: 'split_not_found' } });
  });

  it('are refused of a payment that has one, was refunded, transferred from or disputed', async () => {
    const split = async (payment: string, code = 'payment_unexpected_state') => {
      const more = { param: '/payment', payment: { id: payment } };
      await sandbox.refused('/v1/splits', { payment, parties: thirds() }, 409, code, more);
    };
    await split(await pay({ amount: '100', splits: thirds() }));
    const [destination] = accounts;
    await split(await pay({ amount: '100', transfer_data: { destination } }));
    await split(String((await sandbox.post('/v1/payments', { amount: '100', currency: 'USD' }))['id']));
    const source_payment = await pay({ amount: '100' });
    await sandbox.post('/v1/transfers', { amount: '1', currency: 'USD', destination, source_payment });
    await split(source_payment);
    const refunded = await pay({ amount: '100' });
    await sandbox.post('/v1/refunds', { payment: refunded, amount: '1' });
    await split(refunded, 'payment_refunded');
    const { json } = await sandbox.ask('/v1/splits', {
      ...{ method: 'POST', body: { payment: 'pay_none', parties: thirds() } },
    });
    expect(json).toMatchObject({ status: 404, code: 'payment_not_found', param: '/payment' });
  });

  it('leave disputes to the platform, and refunds what is not disputed', async () => {
    const payment = await sandbox.pay('pm_card_createDispute', { splits: thirds() });
    await sandbox.post('/v1/refunds', { payment, amount: '1000' });
    const left = await leftOf(payment);
    expect(left).toEqual([3000, 3000, 3000]);
    const { time } = await sandbox.get('/v1/clock');
    await sandbox.post('/v1/clock/advance', {
      to: new Date(Date.parse(String(time)) + 86_400_000).toISOString(),
    });
    const [dispute] = await sandbox.until(
      () => sandbox.list(`/v1/disputes?payment=${payment}`),
      ({ length }) => length > 0,
    );
    expect(dispute).toMatchObject({ amount: '9000' });
    expect(await leftOf(payment)).toEqual(left);
    await sandbox.refused('/v1/refunds', { payment }, 409, 'payment_disputed', { param: '/amount' });
    await sandbox.post(`/v1/test_helpers/disputes/${String(dispute?.['id'])}/resolve`, { outcome: 'won' });
    await sandbox.post('/v1/refunds', { payment });
    expect(await leftOf(payment)).toEqual([0, 0, 0]);
  });

  it('take back from the parties what a lost dispute took, and show it', async () => {
    const payment = await sandbox.pay('pm_card_createDispute', { splits: thirds() });
    const { time } = await sandbox.get('/v1/clock');
    await sandbox.post('/v1/clock/advance', {
      to: new Date(Date.parse(String(time)) + 86_400_000).toISOString(),
    });
    const [opened] = await sandbox.until(
      () => sandbox.list(`/v1/disputes?payment=${payment}`),
      ({ length }) => length > 0,
    );
    const dispute = String(opened?.['id']);
    const { id } = await splitOf(payment);
    const path = `/v1/splits/${String(id)}/reversals`;
    const atDispute = { param: '/dispute' };
    await sandbox.refused(path, { dispute }, 409, 'dispute_unexpected_state', atDispute);
    await sandbox.refused(path, { dispute: 'dp_none' }, 404, 'dispute_not_found', atDispute);
    await sandbox.post(`/v1/disputes/${dispute}/accept`, {});
    const reversed = await sandbox.post(path, { dispute, amount: '3000' });
    expect(reversed).toMatchObject({ id, object: 'split' });
    expect(await leftOf(payment)).toEqual([2334, 2333, 2333]);
    await sandbox.refused(path, { dispute, amount: '7001' }, 422, 'reversal_exceeds_dispute', {
      param: '/amount',
    });
    await sandbox.post(path, { dispute });
    expect(await leftOf(payment)).toEqual([0, 0, 0]);
    const explained = await sandbox.get(`/v1/splits/${String(id)}/explain`);
    expect(explained['shares']).toMatchObject([
      { refunded: '3334' },
      { refunded: '3333' },
      { refunded: '3333' },
    ]);
    const history = await sandbox.list(`/v1/splits/${String(id)}/history`);
    expect(history.map(({ type }) => type).slice(0, 2)).toEqual(['split.reversed', 'split.reversed']);
    const lines = `/v1/balance_transactions?source=${String(id)}`;
    const ofParty = (await sandbox.ask(lines, as(accounts[0] ?? ''))).json['data'] as readonly Json[];
    expect(ofParty.map(({ amount, type }) => [type, amount])).toEqual([
      ['transfer_reversal', '-2334'],
      ['transfer_reversal', '-1000'],
      ['transfer', '3334'],
    ]);
    await sandbox.refused('/v1/refunds', { payment }, 409, 'payment_disputed', { param: '/amount' });
  });
}
