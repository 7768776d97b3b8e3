import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { documentedFetch } from './support/documented-fetch';
import { LedgerOverHttp } from './support/ledger-over-http';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

describe('ledgerctl', () => {
  let server: RunningStandalone;
  let folder: string;
  let ledger: LedgerOverHttp;

  const ledgerctl = (parameters: readonly string[], input = '', key = server.apiKey): Promise<Ended> =>
    new Promise((resolve) => {
      const script = path.resolve(__dirname, '../scripts/ledgerctl.mjs');
      const env = { ...process.env, LEDGER_URL: server.url, LEDGER_API_KEY: key };
      const child = spawn(process.execPath, [script, ...parameters], { cwd: folder, env });
      let output = '';
      let errors = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      child.stdin.on('error', () => undefined).end(input);
      child.once('close', (exitCode) => resolve({ exitCode, output, errors }));
    });
  const file = (name: string): string => path.join(folder, name);

  const csv =
    'transaction,date,account,amount,unit\na,2024-01-01,assets:x,12.50,EUR\na,2024-01-01,income:y,-12.50,EUR\n';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-ctl-'));
    server = await runStandalone();
    ledger = await LedgerOverHttp.create(server, 'by command line');
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('imports a file, or what comes in, once', async () => {
    await writeFile(file('books.csv'), csv);
    const first = await ledgerctl(['import', 'books.csv', '--ledger', ledger.id]);
    expect(first).toMatchObject({ exitCode: 0, output: expect.stringContaining('imported 1, skipped 0') });
    const second = await ledgerctl(['import', '-', '--ledger', ledger.id, '--format', 'csv'], csv);
    expect(second).toMatchObject({ exitCode: 0, output: expect.stringContaining('imported 0, skipped 1') });
  });

  it('creates a sandbox, whose key opens its books alone, and lists it', async () => {
    const { output } = await ledgerctl(['sandboxes', '--create', 'Staging']);
    const [id, key] = output.trim().split('\t');
    expect([id, key]).toEqual([expect.stringMatching(/^sbx_/), expect.stringMatching(/^sk_test_/)]);
    expect((await ledgerctl(['sandboxes'])).output).toMatch(new RegExp(`^${id}\t.*\tStaging\n`));
    expect(await ledgerctl(['ledgers'], '', key)).toMatchObject({ exitCode: 0, output: '' });
  });

  it('charges, refunds and pays out in a sandbox, and explains the balance', async () => {
    const key = (await ledgerctl(['sandboxes', '--create', 'Shop'])).output.trim().split('\t')[1] ?? '';
    const ctl = (...parameters: readonly string[]) => ledgerctl(parameters, '', key);
    const paying = ['--amount', '10000', '--currency', 'USD', '--payment-method', 'pm_card_bypassPending'];
    const order = ['--metadata', 'order=1001', '--idempotency-key', 'order-1001'];
    const paid = await ctl('payments', 'create', ...paying, ...order);
    expect(paid).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/\tpay_\w+\tsucceeded\t100\.00 USD\t/),
    });
    const payment = paid.output.split('\t')[1] ?? '';
    // The same request again pays nothing twice.
    expect(await ctl('payments', 'create', ...paying, ...order)).toEqual(paid);
    expect(await ctl('payments', 'refund', payment, '--amount', '2500')).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/\tre_\w+\tsucceeded\t25\.00 USD\n$/),
    });
    expect((await ctl('payments', 'list', '--status', 'succeeded')).output).toMatch(
      new RegExp(`\t${payment}\tsucceeded\t100\\.00 USD\t25\\.00 USD refunded\t\n$`),
    );
    expect(JSON.parse((await ctl('payments', 'show', payment)).output)).toMatchObject({
      metadata: { order: '1001' },
    });
    expect((await ctl('payments', 'history', payment)).output).toMatch(/\n {4}credit 320 USD {2}payments:/);
    expect(await ctl('payments', 'capture', payment)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('payment_unexpected_state'),
    });
    const held = await ctl('payments', 'create', ...paying, '--manual-capture');
    const toCapture = held.output.split('\t')[1] ?? '';
    expect(held.output).toContain('\trequires_capture\t');
    expect((await ctl('payments', 'capture', toCapture, '--amount', '1000')).output).toContain(
      '\tsucceeded\t',
    );
    const made = await ctl('payments', 'create', ...paying, '--unconfirmed');
    const unconfirmed = made.output.split('\t')[1] ?? '';
    expect((await ctl('payments', 'confirm', unconfirmed)).output).toContain('\tsucceeded\t');
    const sent = await ctl('payouts', 'create', '--amount', '5000', '--currency', 'USD');
    expect(sent.output).toMatch(/\tpo_\w+\t(?:pending|in_transit)\t50\.00 USD\n$/);
    const payout = sent.output.split('\t')[1] ?? '';
    expect((await ctl('payouts', 'list')).output).toContain(`\t${payout}\t`);
    expect((await ctl('payouts', 'history', payout)).output).toContain('\tpayout.created\t');
    expect(JSON.parse((await ctl('payouts', 'show', payout)).output)).toMatchObject({ amount: '5000' });
    const lines = (await ctl('balance-transactions', '--source', payment)).output;
    expect(lines).toMatch(/\tpayment\t100\.00 USD\tnet 96\.80 USD\tavailable\tpay_/);
    expect((await ctl('balance')).output).toMatch(/^available +\S+ USD\n/);
    expect(await ctl('payouts', 'cancel', 'po_none')).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('payout_not_found'),
    });
    expect(await ctl('payments', 'create', ...paying, '--metadata', 'order')).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('--metadata takes key=value'),
    });
  }, 120_000);

  it('acts as a connected account', async () => {
    const key = (await ledgerctl(['sandboxes', '--create', 'Platform'])).output.trim().split('\t')[1] ?? '';
    const ctl = (...parameters: readonly string[]) => ledgerctl(parameters, '', key);
    const made = await documentedFetch(`${server.url}/v1/connected_accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'individual', country: 'DE', default_currency: 'EUR', capabilities: {} }),
    });
    const { id } = (await made.json()) as { id: string };
    const acting = ['--connected-account', id];
    const paying = ['--amount', '10000', '--currency', 'USD', '--payment-method', 'pm_card_bypassPending'];
    const own = (await ctl('payments', 'create', ...paying)).output.split('\t')[1] ?? '';
    expect((await ctl('balance', ...acting)).output).toMatch(/^available +0\.00 EUR\n/);
    expect((await ctl('balance')).output).toMatch(/^available +96\.80 USD\n/);
    for (const list of ['balance-transactions', 'payments list', 'payouts list'])
      expect(await ctl(...list.split(' '), ...acting)).toMatchObject({ exitCode: 0, output: '' });
    expect((await ctl('payments', 'list')).output).toContain(own);
    // Its own payments alone are there for it; and it may take none yet.
    expect(await ctl('payments', 'show', own, ...acting)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('payment_not_found'),
    });
    expect(await ctl('payments', ...acting, 'create', ...paying)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('capability_inactive'),
    });
    expect(await ctl('payouts', 'list', '--connected-account', 'acct_none')).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('connected_account_not_found'),
    });
    expect(await ctl('balance', '--connected-account', 'a\nb')).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('--connected-account takes the id'),
    });
  }, 120_000);

  it('says with which key a request may be tried again whose outcome is not known', async () => {
    const parameters = ['--url', 'http://127.0.0.1:1', 'payments', 'cancel', 'pay_1'];
    expect(await ledgerctl(parameters)).toMatchObject({
      exitCode: 2,
      errors: expect.stringMatching(/--idempotency-key [0-9a-f-]{36}\./),
    });
  });

  it('takes what a file does not say from its options', async () => {
    const other = await LedgerOverHttp.create(server, 'in German');
    const german =
      'transaction;date;account;amount;unit\n1;03.04.2024;Aktiva:x;1.000;TOK\n1;03.04.2024;Passiva:y;-1.000;TOK\n';
    const import_ = ['import', '-', '--ledger', other.id, '--format', 'csv'];
    const options = [
      '--types',
      'Aktiva=asset,Passiva=liability',
      '--date-order',
      'dmy',
      '--decimal-mark',
      ',',
      '--units',
      'TOK=TOK/12',
    ];
    expect(await ledgerctl(import_, german)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('date_order=dmy'),
    });
    const { exitCode, output } = await ledgerctl([...import_, ...options], german);
    expect({ exitCode, output }).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('declared TOK'),
    });
    expect(await other.all('/v1/units', false)).toMatchObject([{ code: 'TOK', exponent: 12 }]);
    expect(await other.balances()).toMatchObject({ 'Aktiva:x TOK': '1000' });
  });

  it('names the line of an error and ends with 1', async () => {
    const bad = `${csv}b,2024-01-01,assets:x,1,EUR\n`;
    const { exitCode, errors } = await ledgerctl(
      ['import', '-', '--ledger', ledger.id, '--format', 'csv'],
      bad,
    );
    expect({ exitCode, errors }).toEqual({
      exitCode: 1,
      errors: expect.stringMatching(/line 4: .*EUR.*unbalanced/),
    });
  });

  it('lists ledgers and balances', async () => {
    expect((await ledgerctl(['ledgers'])).output).toContain(`${ledger.id}\t`);
    await ledger.balances();
    const { output } = await ledgerctl(['balances', '--ledger', ledger.id]);
    expect(output.replace(/ +/g, ' ').trim()).toBe('12.50 EUR assets:x\n -12.50 EUR income:y');
  });

  it('exports to a file, which can be imported', async () => {
    expect(await ledgerctl(['export', '--ledger', ledger.id, '-o', 'all.ndjson'])).toMatchObject({
      exitCode: 0,
      output: '',
    });
    const copy = await LedgerOverHttp.create(server, 'copy');
    expect((await ledgerctl(['import', 'all.ndjson', '--ledger', copy.id])).exitCode).toBe(0);
    expect(await copy.balances()).toEqual(await ledger.balances());
    expect((await ledgerctl(['import', 'all.ndjson', '--ledger', ledger.id])).exitCode).toBe(1);
    const { output } = await ledgerctl(['export', '--ledger', ledger.id, '--format', 'hledger']);
    expect(output).toContain('    assets:x  12.50 EUR\n');
  });

  it('verifies all events, and names the first that was altered', async () => {
    const online = await ledgerctl(['verify', '--ledger', ledger.id]);
    expect(online).toMatchObject({ exitCode: 0, output: expect.stringContaining('3 events hold') });
    const events = await ledger.all<object>(`/v1/ledgers/${ledger.id}/events`);
    const lines = events.map((event) => JSON.stringify(event));
    await writeFile(file('events.ndjson'), lines.join('\n'));
    const offline = await ledgerctl(['verify', '--events', 'events.ndjson'], '', '');
    expect(offline.output).toBe(online.output);
    const altered = (await readFile(file('events.ndjson'), 'utf8')).replaceAll(
      '"amount":"1250"',
      '"amount":"1251"',
    );
    const broken = await ledgerctl(['verify', '--events', '-'], altered);
    expect(broken).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('revision 2 does not hold'),
    });
    for (const [input, said] of [
      ['nowhere.ndjson', /nowhere\.ndjson can't be read: ENOENT/],
      ['.', /can't be read: EISDIR/],
      ['-', /no events to verify: the input is empty/],
    ] as const) {
      const nothing = await ledgerctl(['verify', '--events', input], '\n', '');
      expect(nothing).toMatchObject({ exitCode: 2, output: '', errors: expect.stringMatching(said) });
    }
    const head = await ledgerctl(['verify', '--ledger', ledger.id, '--expect-head', '0'.repeat(64)]);
    expect(head.exitCode).toBe(1);
  });

  it.each([
    [['nonsense']],
    [['import', 'nowhere.csv', '--ledger', 'led_1']],
    [['import', '-', '--ledger', 'led_1']],
    [['export', '--ledger', 'led_1', '--format', 'xls']],
    [['verify', '--ledger', 'led_1', '--expect-head', '7']],
    [['verify', '--expect-head', '0'.repeat(64)]],
    [['ledgers', '--url', 'http://127.0.0.1:1']],
    [['ledgers', '--api-key', 'sk_wrong']],
  ])('ends with 2 when it can not try: %j', async (parameters) => {
    const { exitCode, errors } = await ledgerctl(parameters);
    expect(errors).not.toBe('');
    expect(exitCode).toBe(2);
  });
});
