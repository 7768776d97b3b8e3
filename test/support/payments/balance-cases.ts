import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import type { HttpSpec } from '../http-spec';

type Money = readonly { readonly amount: string; readonly currency: string }[];
const amountIn = (money: unknown, currency: string): bigint =>
  BigInt((money as Money).find((each) => each.currency === currency)?.amount ?? '0');

/** Balances and the lines that they consist of. @param live of a live environment */
export function balanceCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  let ledger = '';
  let lines: readonly Json[] = [];
  let first = '';

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Balances');
    const zero = [{ amount: '0', currency: 'USD' }];
    const none = { object: 'balance', available: zero, pending: zero, reserved: zero, in_transit: zero };
    expect(await sandbox.get('/v1/balance')).toEqual({ ...none, livemode: false });
    expect(await sandbox.list('/v1/balance_transactions')).toEqual([]);
    expect(await sandbox.list('/v1/ledgers')).toEqual([]);
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    first = await sandbox.pay('pm_card_visa');
    await sandbox.pay('pm_card_bypassPending', { amount: '5000' });
    await sandbox.pay('pm_card_visa', { amount: '900', currency: 'EUR' });
    const failing = await sandbox.pay('pm_card_refundFail', { amount: '700' });
    await sandbox.post('/v1/refunds', { payment: first, amount: '3333' });
    await sandbox.post('/v1/refunds', { payment: failing });
    // What comes to nothing is no pending line for ever.
    const jpy = await sandbox.pay('pm_card_visa', { amount: '1000', currency: 'JPY' });
    await sandbox.post('/v1/refunds', { payment: jpy, amount: '941' });
    await sandbox.post('/v1/clock/advance', { to: '2027-03-04T10:00:00.000Z' });
    await sandbox.post('/v1/refunds', { payment: first });
    lines = await sandbox.list('/v1/balance_transactions?limit=100');
    ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
  });

  it('have lines whose nets are the balance at every moment', async () => {
    const last = Number(
      (await sandbox.ask('/v1/balance')).headers['ledger-position']?.toString().split('@')[1],
    );
    const revisionOf = (line: Json): number => Number(String(line['position']).split('@')[1]);
    const seen = new Set<string>();
    for (let revision = 0; revision <= last; revision += 1) {
      const balance = await sandbox.get(`/v1/balance?as_of=${ledger}@${revision}`);
      for (const currency of ['USD', 'EUR', 'JPY']) {
        const until = lines.filter((line) => revisionOf(line) <= revision && line['currency'] === currency);
        const nets = until.reduce((all, line) => all + BigInt(String(line['net'])), 0n);
        const { available, pending, reserved } = balance;
        const has = [available, pending, reserved].reduce<bigint>(
          (all, each) => all + amountIn(each, currency),
          0n,
        );
        expect([revision, currency, has]).toEqual([revision, currency, nets]);
        seen.add(`${has}`);
      }
    }
    expect(seen.size).toBeGreaterThan(8);
    const now = await sandbox.get('/v1/balance');
    expect(now['available']).toEqual([
      { amount: '844', currency: 'EUR' },
      { amount: '0', currency: 'JPY' },
      { amount: String(9_680 - 10_000 + 4_825 + 650), currency: 'USD' },
    ]);
    expect(amountIn(now['pending'], 'USD')).toBe(0n);
  });

  it('show what a payment and its refunds did, pending until all of it is available', async () => {
    const [payment] = lines.filter(({ source }) => source === first);
    expect(payment).toMatchObject({
      object: 'balance_transaction',
      type: 'payment',
      ...{ amount: '10000', fee: '320', net: '9680', currency: 'USD', status: 'available' },
      fee_details: [{ type: 'processing_fee', amount: '320', currency: 'USD' }],
      ...{
        available_on: '2027-03-03T00:00:00.000Z',
        created_at: '2027-03-01T10:00:00.000Z',
        livemode: false,
      },
    });
    const path = `/v1/balance_transactions/${String(payment?.['id'])}`;
    expect(await sandbox.get(path)).toEqual(payment);
    expect(await sandbox.get(`${path}?as_of=2027-03-02T23:59:59Z`)).toMatchObject({ status: 'pending' });
    expect(await sandbox.get(`${path}?as_of=2027-03-03T00:00:00Z`)).toMatchObject({ status: 'available' });
    expect(await sandbox.ask(`${path}?as_of=2027-03-01T09:00:00Z`)).toMatchObject({
      status: 404,
      json: { code: 'balance_transaction_not_found' },
    });
    expect(lines.filter(({ status }) => status === 'pending')).toEqual([]);
  });

  it('are what they were by the clock of the sandbox', async () => {
    const early = await sandbox.get('/v1/balance?as_of=2027-03-02T00:00:00Z');
    expect([amountIn(early['pending'], 'USD'), amountIn(early['available'], 'USD')]).toEqual([
      9_680n - 3_333n + 650n,
      4_825n,
    ]);
    const before = await sandbox.get('/v1/balance?as_of=2027-02-01T00:00:00Z');
    expect(before['available']).toEqual([{ amount: '0', currency: 'USD' }]);
    expect(await sandbox.get(`/v1/payments/${first}?as_of=2027-03-02T00:00:00Z`)).toMatchObject({
      amount_refunded: '3333',
    });
    const [refunded] = await sandbox.list(`/v1/payments/${first}/history`);
    expect(refunded).toMatchObject({ type: 'refund.succeeded', created_at: '2027-03-04T10:00:00.000Z' });
  });

  it('are listed by what is asked for, in pages that skip and repeat nothing', async () => {
    const typesOf = async (query: string): Promise<readonly unknown[]> =>
      (await sandbox.list(`/v1/balance_transactions?${query}`)).map(({ type }) => type);
    expect(await typesOf('type=refund_failure')).toEqual(['refund_failure']);
    expect(await typesOf('currency=EUR')).toEqual(['payment']);
    expect(await typesOf(`source=${first}`)).toEqual(['payment']);
    expect(await typesOf('status=pending')).toEqual([]);
    expect(await typesOf('from=2027-03-04T10:00:00Z')).toEqual(['refund']);
    expect((await typesOf('to=2027-03-04T10:00:00Z')).length).toBe(lines.length - 1);
    const ids: unknown[] = [];
    for (let cursor = ''; ;) {
      const page = await sandbox.get(`/v1/balance_transactions?limit=3${cursor}`);
      ids.push(...(page['data'] as readonly Json[]).map(({ id }) => id));
      if (page['has_more'] !== true) break;
      cursor = `&cursor=${String(page['next_cursor'])}`;
    }
    expect(ids).toEqual(lines.map(({ id }) => id));
  });

  it('tell when something became available', async () => {
    const told = await sandbox.list('/v1/events?type=balance.available');
    expect(told.map(({ data }) => (data as { object: Json }).object)).toContainEqual({
      object: 'balance',
      available: [{ amount: '844', currency: 'EUR' }],
      pending: [{ amount: '0', currency: 'EUR' }],
    });
  });
}
