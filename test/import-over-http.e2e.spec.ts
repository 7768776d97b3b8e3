import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ImportSummary } from '@fintech-ledger/books/formats';
import { ensureDebianPackages, run } from './support/book-tools';
import { documentedFetch } from './support/documented-fetch';
import { LedgerOverHttp } from './support/ledger-over-http';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';

const head = 'transaction,date,account,amount,unit\n';
const lines = (unit: string, amount = '5.00', day = '2024-01-01', index = 1): string =>
  `${index},${day},assets:a,"${amount}",${unit}\n${index},${day},equity:b,"-${amount}",${unit}\n`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('an import over HTTP', () => {
  let server: RunningStandalone;

  const newLedger = (name: string): Promise<LedgerOverHttp> => LedgerOverHttp.create(server, name);
  const post = async (
    ledger: LedgerOverHttp,
    csv: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<ImportSummary> => {
    const answer = await ledger.post(`/imports?${new URLSearchParams(query)}`, csv, 'text/csv');
    expect([answer.status, answer.status === 200 ? '' : await answer.clone().text()]).toEqual([200, '']);
    return (await answer.json()) as ImportSummary;
  };

  beforeAll(async () => {
    ensureDebianPackages('hledger');
    server = await runStandalone();
  }, 300_000);
  afterAll(async () => {
    await server?.stop();
  }, 60_000);

  it('answers a position from which its bookings are seen', async () => {
    const ledger = await newLedger('position');
    const answer = await ledger.post('/imports', head + lines('USD'), 'text/csv');
    const { position } = (await answer.json()) as ImportSummary;
    expect(position).toBe(`${ledger.id}@2`);
    expect(answer.headers.get('ledger-position')).toBe(position);
    const headers = { 'ledger-min-position': position };
    const balance = await ledger.fetch(`/v1/ledgers/${ledger.id}/accounts/assets:a/balance`, { headers });
    expect(await balance.json()).toMatchObject({ posted: { balance: '500' } });

    const nothing = await ledger.post('/imports', `${head}1,2024-01-01,assets:a,1,USD\n`, 'text/csv');
    expect(nothing.status).toBe(422);
    expect(nothing.headers.get('ledger-position')).toBe(position);
    const progress = await ledger.post('/imports', head + lines('USD'), 'text/csv', 'application/x-ndjson');
    expect((await progress.text()).trim().split('\n').at(-1)).toContain(`"position":"${position}"`);
  });

  it('answers as the first time under the same key, and is refused for another file or another reading', async () => {
    const ledger = await newLedger('keys');
    const send = (body: string, key: string, query = ''): Promise<Response> =>
      ledger.fetch(`/v1/ledgers/${ledger.id}/imports${query}`, {
        ...{ method: 'POST', body },
        headers: { 'content-type': 'text/csv', 'idempotency-key': key },
      });
    const file = head + lines('USD');
    const tried = await send(file, 'march', '?dry_run=true');
    expect(tried.headers.get('idempotency-replayed')).toBeNull();
    const wrong = await send(`${head}1,2024-01-01,assets:a,1,USD\n`, 'march');
    expect(wrong.status).toBe(422);

    const first = await send(file, 'march');
    const text = await first.text();
    expect(JSON.parse(text)).toMatchObject({ transactions: { imported: 1, skipped: 0 } });
    await post(ledger, head + lines('EUR'));
    const again = await send(file, 'march');
    expect(await again.text()).toBe(text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('ledger-position')).toBe(first.headers.get('ledger-position'));

    for (const other of [
      () => send(head + lines('GBP'), 'march'),
      () => send(file, 'march', '?units=USD=US'),
    ]) {
      const refused = await other();
      expect([refused.status, await refused.json()]).toMatchObject([422, { code: 'idempotency_key_reused' }]);
    }
    // Not even whether somebody has used a key is said to others.
    const strangers = await ledger.fetch('/v1/sandboxes', {
      ...{ method: 'POST', body: JSON.stringify({ name: 'strangers' }) },
      headers: { 'content-type': 'application/json' },
    });
    const { api_key: strange } = (await strangers.json()) as { api_key: string };
    for (const key of ['march', 'may']) {
      const asked = await documentedFetch(`${server.url}/v1/ledgers/${ledger.id}/imports`, {
        ...{ method: 'POST', body: file },
        headers: { authorization: `Bearer ${strange}`, 'content-type': 'text/csv', 'idempotency-key': key },
      });
      expect([asked.status, await asked.json()]).toMatchObject([404, { code: 'ledger_not_found' }]);
    }
    expect(await (await send(file, 'april')).json()).toMatchObject({
      transactions: { imported: 0, skipped: 1 },
    });
  });

  it('waits with an export for the position that is asked for, and answers 503 where it is not reached', async () => {
    const ledger = await newLedger('export from a position');
    const { position } = await post(ledger, head + lines('USD'));
    const at = (minimum: string): Promise<Response> =>
      ledger.fetch(`/v1/ledgers/${ledger.id}/export`, { headers: { 'ledger-min-position': minimum } });
    const answer = await at(String(position));
    expect([answer.status, answer.headers.get('ledger-position')]).toEqual([200, position]);
    const behind = await at(`${ledger.id}@1000000`);
    expect(behind.status).toBe(503);
    expect(await behind.json()).toMatchObject({ code: 'read_model_behind' });
    expect(behind.headers.get('retry-after')).toBe('1');
  });

  it('takes what the file does not say from its parameters', async () => {
    const ledger = await newLedger('parameters');
    const text =
      `${head}1;03.04.2024;Aktiva:Bank;1.000;TOK\n1;03.04.2024;Passiva:Kredit;-1.000;TOK\n`.replaceAll(
        ',',
        ';',
      );
    const query = {
      types: 'Aktiva=asset,Passiva=liability',
      date_order: 'dmy',
      decimal_mark: ',',
      units: 'TOK=TOK.P/18',
    };
    expect(await post(ledger, text, query)).toMatchObject({ errors: [], units_declared: ['TOK.P'] });
    expect(await ledger.balances()).toEqual({ 'Aktiva:Bank TOK': '1000', 'Passiva:Kredit TOK': '-1000' });
    const unsure = await ledger.post('/imports?types=Aktiva=asset,Passiva=liability', text, 'text/csv');
    expect(await unsure.json()).toMatchObject({
      code: 'nothing_imported',
      errors: [
        { code: 'ambiguous_date', line: 2, column: 'date' },
        { code: 'ambiguous_date', line: 3, column: 'date' },
      ],
    });
  });

  it.each([
    ['types=x', 'invalid_types'],
    ['date_order=ydm', 'invalid_parameter'],
    ['units=TOK%3DTOK/19', 'ambiguous_unit'],
  ])('refuses %s', async (query, code) => {
    const ledger = await newLedger('refused');
    const answer = await ledger.post(`/imports?${query}`, head + lines('USD'), 'text/csv');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code });
  });

  it('makes no unit of a sign, whatever stands in the cell', async () => {
    const ledger = await newLedger('signs');
    const text = `${head}1,2024-01-01,assets:a,\u2212$10.00,\n1,2024-01-01,equity:b,$10.00,\n`;
    expect(await post(ledger, text)).toMatchObject({ errors: [], units_declared: [] });
    expect(await ledger.balances()).toEqual({ 'assets:a $': '-10', 'equity:b $': '10' });
  });

  it('books a withdrawn currency on days when it was current, and moves with its ledger', async () => {
    const ledger = await newLedger('marks');
    await post(ledger, head + lines('DEM', '100.00', '1999-01-01'));
    const late = await ledger.post('/imports', head + lines('DEM', '100.00', '2002-03-01'), 'text/csv');
    expect(await late.json()).toMatchObject({ errors: [{ code: 'withdrawn_currency' }, {}] });
    const copy = await newLedger('marks, moved');
    expect(await copy.importNdjson(await ledger.export('ndjson'))).toMatchObject({ errors: [] });
    expect(await copy.balances()).toEqual({ 'assets:a DEM': '100', 'equity:b DEM': '-100' });
    const byHand = await ledger.post('/accounts', { address: 'x', type: 'asset', currency: 'DEM' });
    expect(await byHand.json()).toMatchObject({ code: 'withdrawn_currency' });
  });

  describe('and what clients write', () => {
    it('is not led by metadata of accounts', async () => {
      const ledger = await newLedger('metadata');
      await ledger.post('/accounts', {
        address: 'assets:a',
        type: 'asset',
        currency: 'USD',
        metadata: { source_unit: 'EUR' },
      });
      // What is imported as dollars of this account is booked to it, and to no other one beside it.
      expect(await post(ledger, head + lines('USD'))).toMatchObject({ accounts_opened: 1 });
      const transfer = {
        debit_account: 'assets:a',
        credit_account: 'equity:b',
        amount: '100',
        currency: 'USD',
      };
      expect((await ledger.post('/transfers', transfer)).status).toBe(201);
      const patch = { method: 'PATCH', headers: { 'content-type': 'application/json' } };
      const body = JSON.stringify({ metadata: { source_unit: 'EUR', source_account: 'assets:other' } });
      const patched = await ledger.fetch(`/v1/ledgers/${ledger.id}/accounts/equity:b`, { ...patch, body });
      expect(patched.status).toBe(200);
      expect(await post(ledger, head + lines('USD', '7.00'))).toMatchObject({ accounts_opened: 0 });
      const folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-export-'));
      const journal = path.join(folder, 'export.journal');
      await writeFile(journal, await ledger.export('hledger'));
      const balances = run('hledger', '-f', journal, 'bal', '--flat', '--no-total', '-O', 'csv');
      await rm(folder, { recursive: true });
      expect(balances).toBe('"account","balance"\n"assets:a","13.00 USD"\n"equity:b","-13.00 USD"\n');
    });

    it('does not use up keys, neither those of now nor those of earlier releases', async () => {
      const ledger = await newLedger('keys');
      for (const [address, type] of [
        ['assets:a', 'asset'],
        ['equity:b', 'equity'],
      ]) {
        await ledger.post('/accounts', { address, type, currency: 'USD' });
      }
      const day = '2024-01-01T00:00:00.000Z';
      const postings = JSON.stringify([
        [day, 'assets:a', 'asset', '5e-0', 'USD', null, null],
        [day, 'equity:b', 'equity', '-5e-0', 'USD', null, null],
      ]);
      const transfer = {
        debit_account: 'assets:a',
        credit_account: 'equity:b',
        amount: '1',
        currency: 'USD',
      };
      const withKey = (key: string): Promise<Response> =>
        ledger.fetch(`/v1/ledgers/${ledger.id}/transfers`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(transfer),
        });
      expect((await withKey(`import-${sha256(`csv\n0\n${postings}`)}`)).status).toBe(201);
      expect((await withKey(`\u00a7import-${'0'.repeat(64)}`)).status).toBe(400);
      expect(await post(ledger, head + lines('USD'))).toMatchObject({
        errors: [],
        transactions: { imported: 1 },
      });
      expect(await post(ledger, head + lines('USD'))).toMatchObject({
        errors: [],
        transactions: { skipped: 1 },
      });
      expect(await ledger.balances()).toEqual({ 'assets:a USD': '5.01', 'equity:b USD': '-5.01' });
    });

    it('is booked once, whatever the order of its postings', async () => {
      const ledger = await newLedger('order');
      await post(ledger, head + lines('USD'));
      const swapped = lines('USD').trim().split('\n').toReversed().join('\n');
      expect(await post(ledger, `${head}${swapped}\n`)).toMatchObject({
        transactions: { imported: 0, skipped: 1 },
      });
    });
  });
});
