import { documentedFetch } from './support/documented-fetch';
import { renderPrometheus } from '@fintech-ledger/telemetry';
import { HttpSpec } from './support/http-spec';
import type { HttpRequest } from './support/http-spec';
import { statementXml } from './support/bank-statement';
import { PaymentsHttp } from './support/payments/payments-http';
import type { Json } from './support/payments/payments-http';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(240_000);

/** A row of the table of keys, or of the keys that sign, that does not open: somebody or something changed it. */
describe('damaged keys', () => {
  let parts: PartsInProcess;
  let sandbox: PaymentsHttp;
  let ledger = '';
  const keyed = (key: string): Pick<HttpRequest, 'headers'> => ({ headers: { 'idempotency-key': key } });
  const subjectOf = ({ id }: Json): string => String(id).replace(/^[a-z]+_/u, 'sub_');
  const damage = (...ids: readonly string[]): Promise<unknown> =>
    parts.database.query(
      `update privacy.subject_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)
        where id = any (string_to_array($1, ','))`,
      [ids.join(',')],
    );
  const events = async (): Promise<unknown> =>
    (await parts.database.query('select count(*) as events from store.events')).rows;
  /** Answered as the table of keys has to be restored for it, and nothing of it is kept. */
  const unavailable = async (path: string, body: object, more: Partial<HttpRequest> = {}): Promise<void> => {
    const before = await events();
    const answer = await sandbox.once(path, { method: 'POST', body, ...more });
    expect({ path, status: answer.status, ...answer.json }).toMatchObject({
      ...{ path, status: 503, code: 'unavailable' },
      detail: expect.stringMatching(/^The key of the personal values of sub_\w+ is missing or damaged/u),
    });
    expect(answer.headers['retry-after']).toBe('60');
    expect(await events()).toEqual(before);
  };

  beforeAll(async () => {
    parts = await startParts('embedded');
    sandbox = await PaymentsHttp.sandbox(new HttpSpec(parts.url, parts.apiKey, ''), 'Damaged');
    ledger = `/v1/ledgers/${String((await sandbox.post('/v1/ledgers', { name: 'Books' }))['id'])}`;
    for (const address of ['a', 'b'])
      await sandbox.post(`${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
  });
  afterAll(() => parts?.close());

  it('that sign: heads and exports with a proof are refused, other exports are not', async () => {
    // Listed, it is there; nothing has opened it yet.
    await sandbox.get('/v1/audit/keys');
    const flip = `update audit.signing_keys set sealed = reverse(sealed)`;
    await parts.database.query(flip);
    const unreadable = { status: 503, json: { code: 'unavailable' } };
    expect(await sandbox.once(`${ledger}/audit/head`)).toMatchObject(unreadable);
    expect(await sandbox.once(`${ledger}/export`)).toMatchObject(unreadable);
    expect(await sandbox.once(`${ledger}/export?format=csv`)).toMatchObject({ status: 200 });
    await parts.database.query(flip);
    expect(await sandbox.once(`${ledger}/audit/head`)).toMatchObject({ status: 200 });
  });

  it.each<[string, string, object, object]>([
    ['a customer', '/v1/customers', { name: 'Jenny', email: 'jenny@x.example' }, { name: null, email: null }],
    ['a connected account', '/v1/connected_accounts', { email: 'jo@x.example' }, { email: null }],
    ['a data subject', '/v1/data_subjects', { reference: 'user-1' }, { reference: null }],
  ])(
    'of %s: a repetition gets the first answer without it, a change is refused',
    async (_, path, said, nobody) => {
      const body = path.includes('connected') ? { ...account, ...said } : said;
      const first = await sandbox.post(path, body, keyed(`first ${path}`));
      const sound = await sandbox.post(path, { ...body, ...another(said) });
      await damage(subjectOf(first));
      const before = await events();
      expect(await sandbox.post(path, body, keyed(`first ${path}`))).toEqual({ ...first, ...nobody });
      expect(await events()).toEqual(before);
      expect(await sandbox.get(`${path}/${String(first['id'])}`)).toMatchObject(nobody);
      expect((await sandbox.list(path)).map(({ id }) => id).sort()).toEqual(
        [first['id'], sound['id']].sort(),
      );
      if (path.includes('data_subjects')) return;
      const changed = { method: 'PATCH', ...keyed(`changed ${path}`) } as const;
      await unavailable(`${path}/${String(first['id'])}`, { email: 'new@x.example' }, changed);
      await unavailable(`${path}/${String(first['id'])}?dry_run=true`, { email: 'new@x.example' }, changed);
      expect(
        await sandbox.post(`${path}/${String(first['id'])}`, { metadata: { a: '1' } }, changed),
      ).toMatchObject({
        ...{ id: first['id'], metadata: { a: '1' } },
      });
    },
  );

  it('are counted as they are met, missing or damaged, and no more once they are back', async () => {
    const count = async (): Promise<number> =>
      Number(/^ledger_subject_keys_lost(?:\{[^}]*\})? (\d+)/mu.exec(await renderPrometheus())?.[1] ?? 0);
    const [one, two] = [
      await sandbox.post('/v1/customers', { name: 'One' }),
      await sandbox.post('/v1/customers', { name: 'Two' }),
    ];
    const read = async (): Promise<number> => {
      for (const { id } of [one, two]) await sandbox.get(`/v1/customers/${String(id)}`);
      return count();
    };
    const before = await read();
    await damage(subjectOf(one));
    await parts.database.query(
      'create table public.kept as select * from privacy.subject_keys where id = $1',
      [subjectOf(two)],
    );
    await parts.database.query('delete from privacy.subject_keys where id = $1', [subjectOf(two)]);
    expect(await read()).toBe(before + 2);
    await damage(subjectOf(one));
    await parts.database.query('insert into privacy.subject_keys select * from public.kept');
    expect(await read()).toBe(before);
    // What only looks like a value is nobody's.
    await sandbox.post('/v1/ledgers', {
      name: 'Other',
      description: 'sealed:1:customer.email:sub_nobody:AAAA',
    });
    await sandbox.list('/v1/events?type=ledger.created');
    await sandbox.post(`/v1/customers/${String(one['id'])}`, undefined, { method: 'DELETE' });
    expect(await read()).toBe(before);
  });

  it('of whom a request claimed and no event names: it is refused, dry or not, until that is settled', async () => {
    const body = { name: 'Otto' };
    const { id } = await sandbox.post('/v1/customers?dry_run=true', body, keyed('claimed'));
    await parts.database.query(
      `insert into privacy.subject_keys (id, organization_id, wrapped, claim, claimed_at)
       select $1, organization_id, decode(repeat('00', 60), 'hex'), 'customer:died', clock_timestamp() from read.ledgers where id = $2`,
      [subjectOf({ id }), ledger.split('/').at(-1)],
    );
    await unavailable('/v1/customers', body, keyed('claimed'));
    await unavailable('/v1/customers?dry_run=true', body, keyed('claimed'));
    await unavailable('/v1/customers', { description: 'bare' }, keyed('claimed'));
  });

  it('whose row another organization has by now are lost, too', async () => {
    const first = await sandbox.post('/v1/customers', { name: 'Moved' }, keyed('moved'));
    await parts.database.query(
      `update privacy.subject_keys set organization_id = 'org_other' where id = $1`,
      [subjectOf(first)],
    );
    expect(await sandbox.post('/v1/customers', { name: 'Moved' }, keyed('moved'))).toEqual({
      ...first,
      name: null,
    });
    await unavailable(`/v1/customers/${String(first['id'])}`, { name: 'New' }, { method: 'PATCH' });
  });

  it('in metadata: what names them is refused, in each line alone, and repetitions and exports go on', async () => {
    const [subject, sound] = [
      String((await sandbox.post('/v1/data_subjects', { reference: 'user-2' }))['id']),
      String((await sandbox.post('/v1/data_subjects', { reference: 'user-3' }))['id']),
    ];
    const of = (id: string): object => ({
      ...transaction,
      metadata: { who: { subject: id, value: `Jenny ${id}` } },
    });
    const post = `${ledger}/transactions`;
    const first = await sandbox.post(post, of(subject), keyed('metadata'));
    await damage(subject);
    await unavailable(post, of(subject));
    await unavailable(post, of(subject), keyed('metadata 2'));
    const unreadable = { metadata: { who: { subject, value: null, unreadable: true } } };
    expect(await sandbox.post(post, of(subject), keyed('metadata'))).toMatchObject({
      ...{ id: first['id'], ...unreadable },
    });
    expect(await sandbox.list(post)).toMatchObject([unreadable]);
    const lines = await documentedFetch(`${parts.url}${post}/bulk`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/x-ndjson' },
      body: [sound, subject, sound].map((id) => JSON.stringify(of(id))).join('\n'),
    });
    const results = (await lines.text()).trim().split('\n');
    expect(results.map((text) => JSON.parse(text) as Json)).toMatchObject([
      { status: 'posted' },
      { line: 2, status: 503, code: 'unavailable' },
      { status: 'posted' },
    ]);
    const file = await documentedFetch(`${parts.url}${ledger}/export`, {
      headers: { authorization: `Bearer ${sandbox.apiKey}` },
    });
    const exported = await file.text();
    expect([
      file.status,
      exported.split(`Jenny ${sound}`).length,
      exported.includes(`Jenny ${subject}`),
    ]).toEqual([...[200, 3, false]]);
    const into = String((await sandbox.post('/v1/ledgers', { name: 'Copy' }))['id']);
    const again = exported.trim().split('\n').slice(0, -1).join('\n');
    const lost = again.replaceAll(
      /\{"subject":"sub_\w+","value":null,[^}]*\}/gu,
      JSON.stringify({ subject, value: 'x' }),
    );
    const copied = await documentedFetch(`${parts.url}/v1/ledgers/${into}/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/x-ndjson' },
      body: `${lost}\n`,
    });
    const answer = (await copied.json()) as Json;
    expect([copied.status, answer]).toMatchObject([200, { errors: [{ code: 'unavailable' }] }]);
  });

  it('of a line of a bank statement: nothing of the part is imported, and all of it once that is mended', async () => {
    const entries = [
      { amount: 100, name: 'Payer' },
      { amount: 200, name: 'Other' },
    ];
    const xml = statementXml({
      iban: 'DE89370400440532013000',
      currency: 'EUR',
      id: 'S-1',
      opening: 0,
      entries,
    });
    const sent = () =>
      documentedFetch(`${parts.url}/v1/bank_statements`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/xml' },
        body: xml,
      });
    await parts.database.query(`create function privacy.damages() returns trigger language plpgsql as
      $$ begin new.wrapped := decode(repeat('00', 60), 'hex'); return new; end $$`);
    await parts.database.query(
      'create trigger damages before insert on privacy.subject_keys for each row execute function privacy.damages()',
    );
    const before = await events();
    const refused = await sent();
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'unavailable' }]);
    expect(await events()).toEqual(before);
    await parts.database.query('drop trigger damages on privacy.subject_keys');
    const imported = await sent();
    expect([imported.status, await imported.json()]).toMatchObject([
      201,
      { statements: [{ lines_imported: 2 }] },
    ]);
  });
});

const account = {
  type: 'individual',
  country: 'DE',
  default_currency: 'EUR',
  capabilities: { payments: { requested: true } },
};
const another = (said: object): object =>
  Object.fromEntries(Object.entries(said).map(([name, value]) => [name, `a${String(value)}`]));
const money = { amount: '100', currency: 'USD' };
const transaction = {
  entries: [
    { account: 'a', direction: 'debit', ...money },
    { account: 'b', direction: 'credit', ...money },
  ],
};
