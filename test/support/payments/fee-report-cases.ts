import type { HttpSpec } from '../http-spec';
import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';

const path = '/v1/reconciliation/fee_adjustments';

/** Fees that a rail reports otherwise than expected, where nobody asks for it. @param live of a live environment */
export function feeReportCases(live: () => HttpSpec): void {
  let sandbox: PaymentsHttp;
  const report = (payment: string, fee: string): Promise<Json> =>
    sandbox.post(`/v1/test_helpers/payments/${payment}/report_fee`, { fee });
  const advance = (to: string): Promise<Json> => sandbox.post('/v1/clock/advance', { to });
  const adjustments = (count: number): Promise<readonly (readonly unknown[])[]> =>
    sandbox.until(
      async () => {
        const lines = await sandbox.list('/v1/balance_transactions?type=adjustment');
        return lines.map(({ net, source }) => [source, net]).reverse();
      },
      ({ length }) => length >= count,
    );

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Fees on their own');
    await sandbox.put('/v1/clock', { time: '2028-03-01T10:00:00.000Z' });
  });

  it('are booked when the day is over on which their rail has settled, in each currency', async () => {
    const [usd, eur] = [
      await sandbox.pay('pm_card_visa'),
      await sandbox.pay('pm_card_visa', { currency: 'EUR' }),
    ];
    await report(usd, '350');
    await report(eur, '1');
    await advance('2028-03-03T23:59:59Z');
    expect(await adjustments(0)).toEqual([]);
    await advance('2028-03-04T00:00:00Z');
    expect(new Map((await adjustments(2)) as never)).toEqual(
      new Map([
        [usd, '-30'],
        [eur, '319'],
      ]),
    );
    // Nobody has to ask, and who does finds nothing more.
    expect(await sandbox.post(`${path}?from=2028-03-01T00:00:00Z`)).toMatchObject({ data: [] });
    const [first] = await sandbox.list('/v1/reconciliation?from=2028-03-01T00:00:00Z');
    expect(first).toMatchObject({ adjustments_total: 1, differences: [] });
  });

  it('are booked of what is available at once too, which no settlement follows', async () => {
    const alone = await PaymentsHttp.sandbox(live(), 'At once');
    await alone.put('/v1/clock', { time: '2028-03-01T10:00:00.000Z' });
    const payment = await alone.pay('pm_card_bypassPending');
    await alone.post(`/v1/test_helpers/payments/${payment}/report_fee`, { fee: '350' });
    await alone.post('/v1/clock/advance', { to: '2028-03-08T10:00:00Z' });
    const [line] = await alone.until(
      () => alone.list('/v1/balance_transactions?type=adjustment'),
      ({ length }) => length > 0,
    );
    expect(line).toMatchObject({ source: payment, net: '-30' });
    expect(await alone.get('/v1/balance')).toMatchObject({ available: [{ amount: '9650' }] });
    // The rail takes it of what it settles next, and then the bank has what it paid.
    await alone.pay('pm_card_visa');
    await alone.post('/v1/clock/advance', { to: '2028-03-15T10:00:00Z' });
    const ledger = String((await alone.get('/v1/payments_ledger'))['id']);
    const { posted } = await alone.get(`/v1/ledgers/${ledger}/accounts/payments:bank:USD/balance`);
    expect(posted).toMatchObject({ balance: '19330' });
    expect(await alone.list('/v1/reconciliation?to=0001-01-01T00:00:00Z')).toEqual([]);
    expect((await alone.list('/v1/reconciliation?from=2028-03-01T00:00:00Z'))[0]).toMatchObject({
      differences: [],
    });
  });

  it('are booked of refunds and disputes too, and of what was reported otherwise a day later', async () => {
    const disputed = await sandbox.pay('pm_card_createDispute');
    await report(disputed, '321');
    await advance('2028-03-07T00:00:00Z');
    expect((await adjustments(3)).at(-1)).toEqual([disputed, '-1']);
    await report(disputed, '322');
    const refunded = await sandbox.pay('pm_card_visa');
    await sandbox.post('/v1/refunds', { payment: refunded, amount: '1000' });
    await sandbox.post(`/v1/test_helpers/payments/${refunded}/report_fee`, { fee: '7', kind: 'refund' });
    await advance('2028-03-08T00:00:00Z');
    const more = (await adjustments(5)).slice(3);
    expect(more.map(([, net]) => net).sort()).toEqual(['-1', '-7']);
    // However long nothing settles: there is nothing to be read, and nothing more is booked.
    await advance('2028-06-01T00:00:00Z');
    expect(await adjustments(5)).toHaveLength(5);
    const ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    const of = `/v1/ledgers/${ledger}/events?type=FeeReportRead&limit=100`;
    const read = (await sandbox.list(of)).length;
    await advance('2028-08-01T00:00:00Z');
    expect((await sandbox.list(of)).length).toBe(read);
    expect(await sandbox.get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
  });
}
