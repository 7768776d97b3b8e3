import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import { PaymentsHttp } from './support/payments/payments-http';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(180_000);

describe('a dispute in one process that is killed again and again', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let keys: { readonly live: string; readonly sandbox: string };
  let sandbox: PaymentsHttp;

  const start = async (): Promise<void> => {
    standalone = await startStandaloneProcess({ dataFolder: folder.path });
    const { apiKey, sandboxApiKey } = standalone;
    keys ??= { live: apiKey, sandbox: sandboxApiKey };
    sandbox = new PaymentsHttp(new HttpSpec(standalone.url, keys.live, ''), keys.sandbox);
  };
  const killed = async (): Promise<void> => {
    await standalone.kill();
    await start();
  };

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
    await start();
  });
  afterAll(async () => {
    await standalone?.stop();
    await folder?.remove();
  });

  it('is opened, answered and won once, and its rail is told of what was answered', async () => {
    await sandbox.put('/v1/clock', { time: '2031-03-01T10:00:00.000Z' });
    const payment = await sandbox.pay('pm_card_createDispute');
    await killed();
    await sandbox.post('/v1/clock/advance', { to: '2031-03-02T10:00:00Z' });
    // The rail is asked when the clock has come to it, and answers in its own time.
    const disputes = () => sandbox.list('/v1/disputes');
    const [dispute] = await sandbox.until(disputes, ({ length }) => length > 0);
    expect(dispute).toMatchObject({ payment, amount: '10000', status: 'needs_response' });
    const id = String(dispute?.['id']);
    const owed = { account: 'platform', bucket: 'available', receivable: '11500', currency: 'USD' };
    expect(await sandbox.list('/v1/negative_balances')).toMatchObject([owed]);
    const metrics = async (): Promise<string> =>
      (
        await documentedFetch(`${standalone.url}/metrics`, {
          headers: { authorization: `Bearer ${keys.live}` },
        })
      ).text();
    const isCounted = /^ledger_negative_balances\b.* 1$/m;
    expect(await sandbox.until(metrics, (text) => isCounted.test(text))).toMatch(isCounted);

    await sandbox.post(`/v1/disputes/${id}/evidence`, { text: 'Delivered.' });
    await killed();
    const history = async () => (await sandbox.list(`/v1/disputes/${id}/history`)).map(({ type }) => type);
    expect(await sandbox.until(history, (types) => types.includes('dispute.response_taken'))).toContain(
      'dispute.response_taken',
    );
    const headers = { 'idempotency-key': 'resolve' };
    const path = `/v1/test_helpers/disputes/${id}/resolve`;
    const won = await sandbox.post(path, { outcome: 'won' }, { headers });
    await killed();
    expect(await sandbox.post(path, { outcome: 'won' }, { headers })).toEqual(won);
    await sandbox.post('/v1/clock/advance', { to: '2031-03-20T10:00:00Z' });
    // What was acknowledged before the kill is in the read models a moment after the start.
    const isSettled = (text: string): boolean => text.includes(String(10_000 - 320 - 1_500));
    await sandbox.until(async () => JSON.stringify(await sandbox.get('/v1/balance')), isSettled);
    expect(await sandbox.get('/v1/balance')).toMatchObject({
      available: [{ amount: String(10_000 - 320 - 1_500), currency: 'USD' }],
      pending: [{ amount: '0', currency: 'USD' }],
    });
    const lines = (await sandbox.list('/v1/balance_transactions')).map(({ type, net }) => [type, net]);
    expect(lines).toEqual([
      ['dispute_reversal', '10000'],
      ['dispute_fee', '-1500'],
      ['dispute', '-10000'],
      ['payment', '9680'],
    ]);
    const told = (await sandbox.list(`/v1/events?object=${id}`)).map(({ type }) => type);
    expect(told).toEqual(['dispute.won', 'dispute.updated', 'dispute.created']);
    const ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    expect(await sandbox.get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
    expect(await sandbox.list('/v1/negative_balances')).toEqual([]);
  });
});
