import type { Database } from '@fintech-ledger/postgres';
import { tamper } from '@fintech-ledger/testing';
import { openEmbedded } from './support/embedded-database';
import { LedgerOverHttp } from './support/ledger-over-http';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';

interface Balance {
  readonly posted: { readonly debits: string; readonly credits: string; readonly balance: string };
  readonly pending: { readonly debits: string; readonly credits: string };
  readonly available: string;
  readonly version: number;
  readonly position: string;
}
interface Problem {
  readonly code: string;
  readonly param?: string;
  readonly detail: string;
}

/** `GET …/balance?source=journal` is what the journal says, whatever has become of the read models. */
describe('the balance from the journal', () => {
  let server: RunningStandalone;
  let database: Database;
  let ledger: LedgerOverHttp;

  const balance = async (address: string, query = '?source=journal') => {
    const answer = await ledger.fetch(`/v1/ledgers/${ledger.id}/accounts/${address}/balance${query}`);
    const body = (await answer.json()) as Balance & Problem;
    return { status: answer.status, body, position: answer.headers.get('ledger-position') };
  };
  const transfer = async (amount: number, more: object = {}): Promise<string> => {
    const answer = await ledger.post('/transfers', {
      debit_account: 'cash',
      credit_account: 'sales',
      amount: String(amount),
      currency: 'USD',
      ...more,
    });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  };

  beforeAll(async () => {
    server = await runStandalone();
    database = await openEmbedded(server.dataFolder);
    ledger = await LedgerOverHttp.create(server, 'evidence');
    for (const [address, type] of Object.entries({ cash: 'asset', sales: 'revenue', idle: 'asset' }))
      expect((await ledger.post('/accounts', { address, type, currency: 'USD' })).status).toBe(201);
    for (let amount = 1; amount <= 20; amount += 1) await transfer(amount);
    await transfer(5, { pending: true });
    expect((await ledger.post(`/transactions/${await transfer(7, { pending: true })}/void`, {})).status).toBe(
      200,
    );
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  }, 60_000);

  it('has the shape and the numbers of the read model, with and without later changes of the account itself', async () => {
    for (const address of ['cash', 'sales', 'idle'])
      expect((await balance(address)).body).toEqual(
        await ledger.get(`/v1/ledgers/${ledger.id}/accounts/${address}/balance`),
      );
    expect((await ledger.post('/accounts/cash/freeze', {})).status).toBe(200);
    expect((await ledger.post('/accounts/cash/unfreeze', {})).status).toBe(200);
    const { status, body, position } = await balance('cash');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      posted: { debits: '210', balance: '210' },
      pending: { debits: '5', credits: '0' },
    });
    expect(position).toBe(body.position);
    expect(body).toEqual(await ledger.get(`/v1/ledgers/${ledger.id}/accounts/cash/balance`));
  });

  it.each([
    ['lines', `replace(lines, '"D","', '"D","1')`],
    ['lines', `'[]'`],
    ['status', `'H'`],
  ])(
    'refuses a transaction whose %s was made %s, alone and in a list, until it is mended',
    async (column, value) => {
      const path = `/v1/ledgers/${ledger.id}/transactions`;
      const read = async (at: string) => {
        const answer = await ledger.fetch(at);
        return { status: answer.status, body: (await answer.json()) as Problem };
      };
      const { rows } = await database.query<{ id: string; lines: string; status: string }>(
        `select id, lines, status from read.transactions where status = 'P' and not is_hold order by id desc limit 1`,
      );
      const { id, lines, status } = rows[0] ?? { id: '', lines: '', status: '' };
      await database.query(`update read.transactions set ${column} = ${value} where id = $1`, [id]);
      const refused = { status: 503, body: { code: 'read_model_inconsistent' } };
      expect(await read(`${path}/${id}`)).toMatchObject(refused);
      expect(await read(path)).toMatchObject(refused);
      const ready = async () => JSON.stringify(await (await ledger.fetch('/health/ready')).json());
      expect(await ready()).toContain(id);
      await database.query(`update read.transactions set lines = $1, status = $2 where id = $3`, [
        lines,
        status,
        id,
      ]);
      expect((await read(`${path}/${id}`)).status).toBe(200);
      expect(await ready()).not.toContain(id);
    },
  );

  it('is not what a row of a read model was made to say', async () => {
    await database.query(`update read.accounts set posted_debits = 999999 where address = 'cash'`);
    await database.query(`delete from read.entries where transaction_id like 'txn_%'`);
    const refused = { status: 503, body: { code: 'read_model_inconsistent' } };
    expect(await balance('cash', '')).toMatchObject(refused);
    expect((await balance('cash')).body).toMatchObject({ posted: { debits: '210', balance: '210' } });
  });

  it('is there while nothing is projected', async () => {
    const blocker = await database.session();
    await blocker.query('begin');
    await blocker.query('lock table read.checkpoints in exclusive mode');
    try {
      await transfer(100);
      expect((await balance('cash')).body).toMatchObject({ posted: { debits: '310' }, version: 27 });
      expect((await balance('cash', '')).body.code).toBe('read_model_behind');
    } finally {
      await blocker.release();
    }
  });

  it('refuses what it can not answer, and names it', async () => {
    const { position } = await balance('cash');
    for (const asOf of [position ?? '', '2026-01-01T00:00:00Z']) {
      const asked = await balance('cash', `?source=journal&as_of=${encodeURIComponent(asOf)}`);
      expect(asked).toMatchObject({ status: 400, body: { code: 'invalid_parameter', param: '/as_of' } });
    }
    expect(await balance('cash', '?source=model')).toMatchObject({ status: 400, body: { param: '/source' } });
    expect(await balance('nobody')).toMatchObject({ status: 404, body: { code: 'account_not_found' } });
  });

  it('is refused when the event that it rests on is not as it was written', async () => {
    const edit = `update store.events set data = replace(data, $1, $2)
      where stream_id = (select id from store.streams where name = $3)
        and revision = (select revision from store.streams where name = $3)`;
    const stream = `journal-${ledger.id}`;
    expect(await tamper(database, edit, ['"postedDebits":"310"', '"postedDebits":"311"', stream])).toBe(1);
    const { status, body } = await balance('cash');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'journal_damaged' });
    expect(body.detail).toMatch(new RegExp(`^${stream}@\\d+: its hash is`));
    await tamper(database, edit, ['"postedDebits":"311"', '"postedDebits":"310"', stream]);
    expect((await balance('cash')).status).toBe(200);
  });
});
