import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import type { HttpSpec } from '../http-spec';
import { readyAccount } from './ready-account';

/** What payers ask their bank to give back. @param live of a live environment */
export function disputeCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  const method = 'pm_card_createDispute';
  const advance = (to: string): Promise<Json> => sandbox.post('/v1/clock/advance', { to });
  const balance = async (): Promise<readonly unknown[]> => {
    const { available, pending } = await sandbox.get('/v1/balance');
    return [available, pending].map(
      (list) => (list as readonly Json[]).find(({ currency }) => currency === 'USD')?.['amount'],
    );
  };
  const disputeOf = async (payment: string): Promise<Json> => {
    // The rail is asked when the clock has come to it, and answers in its own time.
    const disputes = () => sandbox.list(`/v1/disputes?payment=${payment}`);
    const [dispute] = await sandbox.until(disputes, ({ length }) => length > 0);
    return dispute ?? {};
  };
  const resolve = (id: string): string => `/v1/test_helpers/disputes/${id}/resolve`;
  let [first, second, third, partly] = ['', '', '', ''];

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Disputes');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    first = await sandbox.pay(method);
    second = await sandbox.pay(method);
    third = await sandbox.pay(method, { amount: '4000' });
    partly = await sandbox.pay(method);
    await sandbox.post('/v1/refunds', { payment: partly, amount: '2500' });
    const whole = await sandbox.pay(method, { amount: '700', currency: 'EUR' });
    await sandbox.post('/v1/refunds', { payment: whole });
    await advance('2027-03-02T10:00:00Z');
    expect(await disputeOf(whole)).toEqual({});
  });

  it('are opened by the rail a day later: the amount and a fee leave the balance', async () => {
    const dispute = await disputeOf(first);
    expect(dispute).toMatchObject({
      object: 'dispute',
      ...{ payment: first, status: 'needs_response', amount: '10000', fee: '1500', currency: 'USD' },
      ...{ reason: 'fraudulent', evidence: null, livemode: false, rail: 'simulator', closed_at: null },
      ...{ created_at: '2027-03-02T10:00:00.000Z', evidence_due_by: '2027-03-09T10:00:00.000Z' },
    });
    const lines = await sandbox.list(`/v1/balance_transactions?source=${String(dispute['id'])}`);
    expect(lines).toMatchObject([
      { type: 'dispute_fee', amount: '-1500', fee: '0', net: '-1500', status: 'available' },
      { type: 'dispute', amount: '-10000', net: '-10000', status: 'available' },
    ]);
    expect(await sandbox.get(`/v1/payments/${first}`)).toMatchObject({ disputed: true, status: 'succeeded' });
    expect(await sandbox.get(`/v1/payments/${first}?as_of=2027-03-02T09:59:59Z`)).toMatchObject({
      disputed: false,
    });
    // What was refunded is not disputed.
    expect(await disputeOf(partly)).toMatchObject({ amount: '7500' });
    const owed = { object: 'negative_balance', account: 'platform', bucket: 'available', livemode: false };
    expect(await sandbox.list('/v1/negative_balances')).toEqual([
      { ...owed, amount: '-50', receivable: '50', currency: 'EUR' },
      { ...owed, amount: '-37500', receivable: '37500', currency: 'USD' },
    ]);
    expect(await balance()).toEqual([String(-10_000 - 10_000 - 4_000 - 7_500 - 4 * 1_500), '30394']);
  });

  it('refuse refunds, are answered with evidence, and give the amount back when they are won', async () => {
    const id = String((await disputeOf(first))['id']);
    await sandbox.refused('/v1/refunds', { payment: first }, 409, 'payment_disputed', {
      param: '/amount',
      amount_left: '0',
      payment: { id: first, disputed: true },
    });
    const path = `/v1/disputes/${id}/evidence`;
    const text = 'Delivered on 1 March, signed for.';
    const files = [{ name: 'receipt.pdf', sha256: 'ab'.repeat(32) }];
    expect(await sandbox.post(path, { text, submit: false })).toMatchObject({
      status: 'needs_response',
      evidence: { text, files: [], submitted_at: null },
    });
    expect(await sandbox.post(`${path}?dry_run=true`, { text })).toMatchObject({
      status: 'under_review',
      dry_run: true,
    });
    const headers = { 'idempotency-key': `evidence-${id}` };
    const given = await sandbox.post(path, { text, files }, { headers });
    const submitted_at = '2027-03-02T10:00:00.000Z';
    expect(given).toMatchObject({ status: 'under_review', evidence: { text, files, submitted_at } });
    expect(await sandbox.post(path, { text, files }, { headers })).toEqual(given);
    const over = { dispute: { id, status: 'under_review' } };
    await sandbox.refused(path, { text }, 409, 'dispute_unexpected_state', over);
    await sandbox.refused(`/v1/disputes/${id}/accept`, {}, 409, 'dispute_unexpected_state', over);
    const typesOf = async () => (await sandbox.list(`/v1/disputes/${id}/history`)).map(({ type }) => type);
    await sandbox.until(typesOf, (types) => types.includes('dispute.response_taken'));
    const before = await balance();
    expect(await sandbox.post(`${resolve(id)}?dry_run=true`, { outcome: 'lost' })).toMatchObject({
      status: 'lost',
    });
    const won = await sandbox.post(resolve(id), { outcome: 'won' });
    expect(won).toMatchObject({ id, status: 'won', closed_because: 'decided', evidence: { text } });
    expect(BigInt(String((await balance())[0])) - BigInt(String(before[0]))).toBe(10_000n);
    const [line] = await sandbox.list('/v1/balance_transactions?type=dispute_reversal');
    expect(line).toMatchObject({ source: id, net: '10000' });
    await sandbox.refused(resolve(id), { outcome: 'lost' }, 409, 'dispute_unexpected_state', {
      dispute: { status: 'won' },
    });
    expect(await sandbox.post('/v1/refunds', { payment: first, amount: '1000' })).toMatchObject({
      status: 'succeeded',
    });
    expect(await typesOf()).toEqual([
      // The second of them before the simulator decides.
      ...['dispute.won', 'dispute.response_taken', 'dispute.response_taken'],
      ...['dispute.updated', 'dispute.updated', 'dispute.created'],
    ]);
    const told = (await sandbox.list(`/v1/events?object=${id}`)).map(({ type }) => type);
    expect(told).toEqual(['dispute.won', 'dispute.updated', 'dispute.updated', 'dispute.created']);
  });

  it('are lost when they are accepted, and are not decided again', async () => {
    const id = String((await disputeOf(second))['id']);
    const before = await balance();
    const accepted = await sandbox.post(`/v1/disputes/${id}/accept`);
    expect(accepted).toMatchObject({ status: 'lost', closed_because: 'accepted' });
    expect(await balance()).toEqual(before);
    await sandbox.refused('/v1/refunds', { payment: second, amount: '1' }, 409, 'payment_disputed');
    await sandbox.refused(resolve(id), { outcome: 'won' }, 409, 'dispute_unexpected_state');
    expect((await sandbox.list(`/v1/events?object=${id}`)).map(({ type }) => type)).toEqual([
      ...['dispute.lost', 'dispute.created'],
    ]);
  });

  it('are described, listed by what is asked for, and found as of each moment', async () => {
    const id = String((await disputeOf(third))['id']);
    const changes = { description: 'order 7', metadata: { order: '7' } };
    const changed = await sandbox.post(`/v1/disputes/${id}`, changes, { method: 'PATCH' });
    expect(changed).toMatchObject({ ...changes, status: 'needs_response' });
    expect(await sandbox.get(`/v1/disputes/${id}`)).toEqual(changed);
    const idsOf = async (query: string): Promise<readonly unknown[]> =>
      (await sandbox.list(`/v1/disputes?${query}`)).map((each) => each['id']);
    expect(await idsOf('metadata[order]=7')).toEqual([id]);
    expect(await idsOf('status=needs_response')).toHaveLength(2);
    expect(await idsOf('status=won')).toEqual([(await disputeOf(first))['id']]);
    expect(await idsOf('to=2027-03-02T10:00:00Z')).toEqual([]);
    expect(await idsOf('from=2027-03-02T10:00:00Z')).toHaveLength(4);
    const seen: unknown[] = [];
    for (let cursor = ''; ;) {
      const page = await sandbox.get(`/v1/disputes?limit=3${cursor}`);
      seen.push(...(page['data'] as readonly Json[]).map((each) => each['id']));
      if (page['has_more'] !== true) break;
      cursor = `&cursor=${String(page['next_cursor'])}`;
    }
    expect(seen).toEqual(await idsOf('limit=100'));
    expect(await sandbox.ask(`/v1/disputes/${id}?as_of=2027-03-02T09:00:00Z`)).toMatchObject({
      status: 404,
      json: { code: 'dispute_not_found' },
    });
  });

  it('are lost without evidence in time, and what is only kept is none', async () => {
    const id = String((await disputeOf(third))['id']);
    await sandbox.post(`/v1/disputes/${id}/evidence`, { text: 'A draft.', submit: false });
    await advance('2027-03-09T09:59:59Z');
    expect(await disputeOf(third)).toMatchObject({ status: 'needs_response' });
    await advance('2027-03-09T10:00:00Z');
    const lost = { status: 'lost', closed_because: 'no_response', closed_at: '2027-03-09T10:00:00.000Z' };
    // The rail is asked before they are lost, and answers in its own time.
    const answered = (payment: string): Promise<Json> =>
      sandbox.until(
        () => disputeOf(payment),
        ({ status }) => status === 'lost',
      );
    expect(await answered(third)).toMatchObject({ ...lost, evidence: { text: 'A draft.' } });
    expect(await answered(partly)).toMatchObject(lost);
    const captured = 3 * 10_000 + 4_000 - (3 * 320 + 146);
    const lostOnes = 10_000 + 4_000 + 7_500;
    expect(await balance()).toEqual([String(captured - 2_500 - 1_000 - lostOnes - 4 * 1_500), '0']);
    const ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    expect(await sandbox.get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
    const nets = (await sandbox.list('/v1/balance_transactions?limit=100&currency=USD')).map(({ net }) =>
      Number(net),
    );
    expect(String(nets.reduce((all, net) => all + net, 0))).toBe((await balance())[0]);
  });

  it('are refused what is malformed, of another environment, or without the scope', async () => {
    const id = String((await disputeOf(third))['id']);
    const path = `/v1/disputes/${id}/evidence`;
    for (const [body, code, param] of [
      [{}, 'missing_field', '/text'],
      [{ text: '' }, 'invalid_value', '/text'],
      [{ text: 'x', files: [{ name: 'a', sha256: 'x' }] }, 'invalid_value', '/files/0/sha256'],
      [{ text: 'x', submit: 'yes' }, 'invalid_type', '/submit'],
      [{ text: 'x', file: 1 }, 'unknown_field', '/file'],
    ] as const)
      await sandbox.refused(path, body, 400, code, { param });
    await sandbox.refused(resolve(id), { outcome: 'maybe' }, 400, 'invalid_value', { param: '/outcome' });
    await sandbox.refused('/v1/disputes/dp_none/accept', {}, 404, 'dispute_not_found');
    await live()
      .when({ path: `/v1/disputes/${id}/accept` })
      .thenRefused(404, 'dispute_not_found');
    await live()
      .when({ path: resolve(id), body: { outcome: 'won' } })
      .thenRefused(403, 'sandbox_key_required');
    const { key } = await sandbox.post('/v1/api_keys', { name: 'reads', scopes: ['payments:read'] });
    await live()
      .when({ path, body: { text: 'x' }, apiKey: String(key) })
      .thenRefused(403, 'missing_scope');
  });

  it('of payments of connected accounts are seen by the account, and by no other one', async () => {
    const accounts = [await readyAccount(sandbox), await readyAccount(sandbox)] as const;
    const as = (id: string) => ({ headers: { 'connected-account': id } });
    const payment = await sandbox.pay(method, { connected_account: accounts[0] });
    const { time } = await sandbox.get('/v1/clock');
    await advance(new Date(Date.parse(String(time)) + 86_400_000).toISOString());
    const id = String((await disputeOf(payment))['id']);
    const seenBy = async (account: string): Promise<readonly unknown[]> =>
      ((await sandbox.ask('/v1/disputes', as(account))).json['data'] as readonly Json[]).map(
        (one) => one['id'],
      );
    expect([await seenBy(accounts[0]), await seenBy(accounts[1])]).toEqual([[id], []]);
    const statuses = async (path: string): Promise<readonly number[]> =>
      Promise.all(accounts.map(async (account) => (await sandbox.ask(path, as(account))).status));
    for (const path of [`/v1/disputes/${id}`, `/v1/disputes/${id}/history`])
      expect(await statuses(path)).toEqual([200, 404]);
    expect((await sandbox.ask('/v1/disputes', as('acct_none'))).json).toMatchObject({
      ...{ status: 404, code: 'connected_account_not_found', param: '/Connected-Account' },
    });
    // They are answered by the platform.
    const accepting = await sandbox.ask(`/v1/disputes/${id}/accept`, { method: 'POST', ...as(accounts[0]) });
    expect(accepting.json).toMatchObject({ status: 400, code: 'field_not_supported' });
  });
}
