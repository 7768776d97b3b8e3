import { statementXml } from '../bank-statement';
import type { HttpSpec } from '../http-spec';
import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import { actingAs, readyAccount } from './ready-account';

/** What becomes of money that comes to accounts, or leaves them, after they were closed. @param live of a live environment */
export function closedAccountCases(live: () => HttpSpec): void {
  const iban = 'DE89370400440532013000';
  const paidOut = { amount: '9680', currency: 'USD' };
  let sandbox: PaymentsHttp;
  let ours = '';
  let statements = 0;
  let atBank = 0;
  const advance = (to: string): Promise<Json> => sandbox.post('/v1/clock/advance', { to });
  const balance = async (account: string): Promise<readonly unknown[]> => {
    const { json } = await sandbox.ask('/v1/balance', actingAs(account));
    return ['available', 'pending', 'in_transit'].map((of) => (json[of] as readonly Json[])[0]?.['amount']);
  };
  const payout = (account: string, more: object = {}): Promise<Json> =>
    sandbox.post('/v1/payouts', { ...paidOut, ...more }, actingAs(account));
  const close = (account: string): Promise<Json> => sandbox.post(`/v1/connected_accounts/${account}/close`);
  /** A statement has what left for a payout, or came back of it. */
  const line = async (amount: number, { id }: Json): Promise<void> => {
    const of = { iban, currency: 'USD', id: `C-${(statements += 1)}`, opening: atBank };
    atBank += amount;
    const body = statementXml({ ...of, entries: [{ amount, endToEndId: String(id) }] });
    const headers = { 'content-type': 'application/xml' };
    await sandbox.post('/v1/bank_statements', {}, { body, headers });
  };
  const isBalanced = async (): Promise<void> => {
    const ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    expect(await sandbox.get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
  };

  beforeAll(async () => {
    sandbox = await PaymentsHttp.sandbox(live(), 'Closed accounts');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    await sandbox.put('/v1/test_helpers/simulator', { settlement_days: 0 });
    const own = { account_holder: 'Us', iban };
    const payee = { ...own, iban: 'DE02120300000000202051', purpose: 'payout' };
    const said = await sandbox.put('/v1/bank_accounts', { bank_accounts: [own, payee] });
    ours = String((said['bank_accounts'] as readonly Json[])[1]?.['id']);
    await sandbox.pay('pm_card_visa', { amount: '20000' });
  });

  it('a dispute of one is paid by a transfer, and no more than it owes', async () => {
    const account = await readyAccount(sandbox);
    const payment = await sandbox.pay('pm_card_createDispute', { connected_account: account });
    await payout(account, { bank_account: 'ba_sim' });
    await advance('2027-03-02T00:00:00Z');
    await close(account);
    await advance('2027-03-02T10:00:00Z');
    const disputes = (): Promise<readonly Json[]> => sandbox.list('/v1/disputes');
    expect(await sandbox.until(disputes, ({ length }) => length > 0)).toMatchObject([{ payment }]);
    expect(await balance(account)).toEqual(['-11500', '0', '0']);
    expect(await sandbox.list('/v1/negative_balances')).toMatchObject([{ account, receivable: '11500' }]);
    const transfer = { currency: 'USD', destination: account };
    const at = { param: '/destination' };
    await sandbox.refused('/v1/transfers', { ...transfer, amount: '11501' }, 422, 'unknown_destination', at);
    expect(await sandbox.post('/v1/transfers', { ...transfer, amount: '11500' })).toMatchObject({
      ...{ amount: '11500', destination: account },
    });
    expect(await balance(account)).toEqual(['0', '0', '0']);
    expect(await sandbox.list('/v1/negative_balances')).toEqual([]);
    await sandbox.refused('/v1/transfers', { ...transfer, amount: '1' }, 422, 'unknown_destination', at);
    await isBalanced();
  });

  it('a payout of one that comes back is paid out again, or to the platform', async () => {
    const account = await readyAccount(sandbox);
    await sandbox.pay('pm_card_visa', { connected_account: account });
    const first = await payout(account);
    expect(first).toMatchObject({ rail: 'bank_transfer' });
    await advance('2027-03-03T00:00:00Z');
    await line(-9680, first);
    await close(account);
    await line(9680, first);
    expect(await balance(account)).toEqual(['9680', '0', '0']);
    const again = await payout(account, { amount: '5000' });
    expect(again).toMatchObject({ bank_account: first['bank_account'], connected_account: account });
    await advance('2027-03-04T00:00:00Z');
    await line(-5000, again);
    await sandbox.post(`/v1/connected_accounts/${account}/erase`);
    const rest = { amount: '4680', currency: 'USD' };
    const refused = await sandbox.ask('/v1/payouts', { method: 'POST', body: rest, ...actingAs(account) });
    expect(refused.json).toMatchObject({ status: 422, code: 'capability_inactive' });
    const last = await payout(account, { ...rest, bank_account: ours });
    await advance('2027-03-05T00:00:00Z');
    expect(await balance(account)).toEqual(['0', '0', '4680']);
    // It needs no number of who is erased.
    expect((await sandbox.ask('/v1/payout_batches/pob_20270305USD/file')).status).toBe(200);
    await line(-4680, last);
    expect(await balance(account)).toEqual(['0', '0', '0']);
    await isBalanced();
  });

  it('a refund of what one has a share of is made, and its part is paid by a transfer', async () => {
    const account = await readyAccount(sandbox);
    const splits = [
      { id: 'partner', role: 'partner', account, share_bps: 3_000 },
      { id: 'us', role: 'platform', account: 'platform', share_bps: 7_000 },
    ];
    const payment = await sandbox.pay('pm_card_visa', { splits });
    await payout(account, { amount: '3000', bank_account: 'ba_sim' });
    await advance('2027-03-06T00:00:00Z');
    await close(account);
    await sandbox.post('/v1/refunds', { payment });
    expect(await balance(account)).toEqual(['-3000', '0', '0']);
    expect(await sandbox.list('/v1/negative_balances')).toMatchObject([{ account, receivable: '3000' }]);
    await sandbox.post('/v1/transfers', { amount: '3000', currency: 'USD', destination: account });
    expect(await balance(account)).toEqual(['0', '0', '0']);
    await isBalanced();
  });
}
