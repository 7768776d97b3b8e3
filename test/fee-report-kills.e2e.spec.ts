import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpSpec } from './support/http-spec';
import { PaymentsHttp } from './support/payments/payments-http';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(300_000);

const payments = 10;
/** Four lines each. */
const pages = 3;
/** FEE_REPORT_KILLS: 3, each page at another moment, or 9, each of them at all three; each takes some ten seconds. */
const kills = Number(process.env['FEE_REPORT_KILLS'] ?? pages);

describe('a process that is killed while it reads what a rail reports', () => {
  let folder: { readonly path: string; remove(): Promise<void> };
  let running: StandaloneProcess | undefined;
  let sandbox: PaymentsHttp;
  let keys: { readonly live: string; readonly sandbox: string } | undefined;

  const killedFile = (): string => path.join(folder.path, 'killed');
  const killed = async (): Promise<number> => (await readFile(killedFile(), 'utf8')).split('\n').length - 1;
  const start = async (): Promise<void> => {
    running = await startStandaloneProcess({
      dataFolder: path.join(folder.path, 'data'),
      environment: {
        FEE_REPORT_KILLED: killedFile(),
        FEE_REPORT_KILLS: String(kills),
        LEASE_TTL_MS: '2000',
        NODE_OPTIONS: `--require ${path.resolve(__dirname, 'support', 'fee-report-kill-in-process.cjs')}`,
      },
    });
    keys ??= { live: running.apiKey, sandbox: running.sandboxApiKey };
    sandbox = new PaymentsHttp(new HttpSpec(running.url, keys.live, ''), keys.sandbox);
  };

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
    await writeFile(killedFile(), '');
    await start();
  });
  afterAll(async () => {
    await running?.stop();
    await folder?.remove();
  });

  it('books each fee once, of every page, wherever it died', async () => {
    await sandbox.put('/v1/clock', { time: '2031-03-01T10:00:00.000Z' });
    const paid = await Promise.all(Array.from({ length: payments }, () => sandbox.pay('pm_card_visa')));
    for (const [n, payment] of paid.entries())
      await sandbox.post(`/v1/test_helpers/payments/${payment}/report_fee`, { fee: String(321 + n) });
    const to = '2031-03-04T00:00:00.000Z';
    // The process dies on the way: the next one goes on, and dies in its turn.
    await sandbox.ask('/v1/clock/advance', { method: 'POST', body: { to } }).catch(() => undefined);
    for (let died = await killed(); died < kills;) {
      if (died > 0) await start().catch(() => undefined);
      const before = died;
      for (let n = 0; n < 300 && died === before; n += 1) {
        await delay(100);
        died = await killed();
      }
      expect(died).toBeGreaterThan(before);
      await running?.kill();
    }
    await start();
    const lines = () => sandbox.list('/v1/balance_transactions?type=adjustment&limit=100');
    // The last process asks for the page that the one before it had asked for, as soon as it writes.
    let booked = await lines();
    for (let n = 0; n < 6 && booked.length < payments; n += 1)
      booked = await sandbox.until(lines, ({ length }) => length >= payments);
    const differences = new Map(booked.map(({ net, source }) => [source, net]));
    expect(differences).toEqual(new Map(paid.map((payment, n) => [payment, String(-1 - n)])));
    expect(booked).toHaveLength(payments);
    const ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    const read = () => sandbox.list(`/v1/ledgers/${ledger}/events?type=FeeReportRead`);
    const reports = await sandbox.until(read, ({ length }) => length >= pages);
    const last = reports.map(({ data }) => (data as { feeReport: { page: number } }).feeReport);
    expect(last.map(({ page }) => page)).toEqual([2, 3, 3]);
    expect(last.at(-1)).toMatchObject({ adjusted: payments, lines: payments, call: { state: 'ended' } });
    expect(
      await sandbox.until(
        () => sandbox.get('/v1/clock'),
        ({ time }) => time === to,
      ),
    ).toMatchObject({
      time: to,
    });
    expect(await sandbox.post('/v1/reconciliation/fee_adjustments?from=2031-03-01T00:00:00Z')).toMatchObject({
      data: [],
    });
    expect(await sandbox.get(`/v1/ledgers/${ledger}/trial-balance`)).toMatchObject({ balanced: true });
    expect(await killed()).toBe(kills);
  });
});
