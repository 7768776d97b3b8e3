import type { Database } from '@fintech-ledger/postgres';
import { setTimeout } from 'node:timers/promises';
import { openEmbedded } from './support/embedded-database';
import { HttpSpec } from './support/http-spec';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';
import { documentedFetch } from './support/documented-fetch';

/** A row of one ledger contradicts its next event: its queries say so, and the others go on. */
describe('a ledger whose read models are halted', () => {
  let server: RunningStandalone;
  let database: Database;
  let http: HttpSpec;
  const ledgers: string[] = [];

  const transfer = (ledger: string) =>
    http.send({
      path: `/v1/ledgers/${ledger}/transfers`,
      body: { debit_account: 'cash', credit_account: 'sales', amount: '1', currency: 'USD' },
    });
  const get = (path: string) => http.send({ method: 'GET', path });
  const until = async (path: string, status: number, code?: string) => {
    for (;;) {
      const answer = await get(path);
      if (answer.status === status && answer.json['code'] === code) return answer;
      await setTimeout(50);
    }
  };

  const exported = async (ledger: string) => {
    const answer = await documentedFetch(`${server.url}/v1/ledgers/${ledger}/export`, {
      headers: { authorization: `Bearer ${server.apiKey}` },
    });
    const text = await answer.text();
    return { status: answer.status, text, transactions: text.match(/"debit"/g)?.length };
  };

  beforeAll(async () => {
    server = await runStandalone();
    database = await openEmbedded(server.dataFolder);
    http = new HttpSpec(server.url, server.apiKey, '');
    for (const name of ['hurt', 'whole']) {
      const { json } = await http.send({ path: '/v1/ledgers', body: { name } });
      const ledger = String(json['id']);
      ledgers.push(ledger);
      for (const [address, type] of Object.entries({ cash: 'asset', sales: 'revenue' }))
        await http.send({ path: `/v1/ledgers/${ledger}/accounts`, body: { address, type, currency: 'USD' } });
      await transfer(ledger);
      expect((await get(`/v1/ledgers/${ledger}/accounts/cash/balance`)).status).toBe(200);
    }
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  }, 60_000);

  it('is answered 503 read_model_halted with the reason, alone, until the cause is gone', async () => {
    const [hurt = '', whole = ''] = ledgers;
    const edit = (by: number) =>
      database.query(
        `update read.accounts set posted_debits = posted_debits + $1
          where address = 'cash' and ledger_key = read.ledger_key($2)`,
        [by, hurt],
      );
    await edit(5);
    // Commands are still taken.
    expect((await transfer(hurt)).status).toBe(201);
    const { json, headers } = await until(`/v1/ledgers/${hurt}/transactions`, 503, 'read_model_halted');
    expect(json).toMatchObject({
      code: 'read_model_halted',
      detail: expect.stringContaining(`${hurt} are halted: `),
    });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    const queries = [
      ...['accounts', 'accounts/cash', 'accounts/cash/balance', 'accounts/cash/entries', 'balances'],
      ...['trial-balance', 'transactions'],
    ];
    for (const query of queries) {
      expect([query, (await get(`/v1/ledgers/${hurt}/${query}`)).json['code']]).toEqual([
        query,
        'read_model_halted',
      ]);
      expect([query, (await get(`/v1/ledgers/${whole}/${query}`)).status]).toEqual([query, 200]);
    }
    // What is read from the event store itself needs no read model of the ledger.
    expect(await exported(hurt)).toMatchObject({ status: 200, transactions: 2 });
    expect((await transfer(whole)).status).toBe(201);
    expect((await get(`/v1/ledgers/${whole}/accounts/cash/balance`)).json).toMatchObject({
      posted: { debits: '2' },
    });
    await edit(-5);
    const { json: balance } = await until(`/v1/ledgers/${hurt}/accounts/cash/balance`, 200);
    expect(balance).toMatchObject({ posted: { debits: '2' } });
  }, 60_000);

  it('whose organization is halted is not exported until that goes on', async () => {
    const [, whole = ''] = ledgers;
    const edit = (sql: string) =>
      database.query(
        `update read.checkpoint_rows set hash = ${sql} where stream like '%org-%' and hash is not null`,
      );
    await edit(`'x' || hash`);
    expect((await http.send({ path: '/v1/ledgers', body: { name: 'another' } })).status).toBe(201);
    for (;;) {
      const { status, text } = await exported(whole);
      if (status === 503 && text.includes('"read_model_halted"')) break;
      await setTimeout(50);
    }
    // Its commands are still taken, and its own queries answered.
    expect((await transfer(whole)).status).toBe(201);
    await edit('substr(hash, 2)');
    while ((await exported(whole)).status !== 200) await setTimeout(50);
  }, 60_000);
});
