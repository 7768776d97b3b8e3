import { recomputeHash } from '@fintech-ledger/envelope';
import { wholeStream } from '@fintech-ledger/event-store';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { metadataOf } from '../libs/testing/metadata-of';
import { sameRowsInAnyBatches } from './support/any-batches';
import { allRows, linesWith } from './support/all-rows';
import { documentedFetch } from './support/documented-fetch';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;
type Metadata = Readonly<Record<string, unknown>>;

/** An operation that takes metadata: how it is asked, where it shows them, and where the object is read. */
interface Taking {
  readonly operation: string;
  ask(metadata: Metadata): Pick<HttpRequest, 'method' | 'path' | 'body'>;
  /** Where the metadata are in the body. */
  readonly at?: string;
  read(answer: Json): string;
}

/** The operations whose body takes a value of a data subject, as the document says. */
function documented(): readonly string[] {
  const text = readFileSync(path.join(__dirname, '../schemas/openapi.json'), 'utf8');
  const document = JSON.parse(text) as Json & { paths: Record<string, Record<string, Json>> };
  const takes = (schema: unknown): boolean => {
    if (typeof schema !== 'object' || schema === null) return false;
    const { $ref, properties } = schema as {
      $ref?: string;
      properties?: { subject?: unknown; value?: unknown };
    };
    if ($ref !== undefined)
      return takes(
        $ref
          .slice(2)
          .split('/')
          .reduce<unknown>((of, name) => (of as Json)[name], document),
      );
    return (
      (properties?.subject !== undefined && properties.value !== undefined) ||
      Object.values(schema).some(takes)
    );
  };
  return Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .filter(({ requestBody }) => takes(requestBody))
    .map(({ operationId }) => String(operationId));
}

describe.each(['embedded', 'distributed'] as const)('data subjects of the %s product', (mode) => {
  let hooks: WebhooksInProcess;
  let apiKey = '';
  const value = `Jenny Rosenkavalier ${mode}`;
  const reference = `user-jenny-${mode}`;
  const ask = (of: HttpRequest): Promise<HttpAnswer> => hooks.http.ask({ apiKey, ...of });
  const get = async (at: string): Promise<Json> => {
    const { status, json } = await ask({ path: at });
    expect([status, json]).toEqual([200, json]);
    return json;
  };
  const list = async (at: string): Promise<readonly Json[]> => (await get(at))['data'] as readonly Json[];
  const send = async (of: HttpRequest, key?: string): Promise<Json> => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const { status, json } = await ask({ method: 'POST', headers, ...of });
    expect([Math.floor(status / 100), json]).toEqual([2, json]);
    return json;
  };
  const post = (at: string, body: object = {}, key?: string): Promise<Json> => send({ path: at, body }, key);
  const refused = async (of: HttpRequest, status: number, code: string, param?: string): Promise<void> => {
    const { status: answered, json } = await ask({ method: 'POST', ...of });
    expect({ status: answered, ...json }).toMatchObject({
      status,
      code,
      ...(param !== undefined && { param }),
    });
  };
  const newSubject = async (of = reference, key?: string): Promise<string> =>
    String((await post('/v1/data_subjects', { reference: of }, key))['id']);
  const plainIn = (text: string): readonly string[] =>
    [value, reference].filter((each) => linesWith(text, each).length > 0);

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start(mode);
    const { json } = await hooks.http.send({ path: '/v1/sandboxes', body: { name: mode } });
    apiKey = String(json['api_key']);
    await send({ method: 'PUT', path: '/v1/clock', body: { time: '2031-03-01T10:00:00.000Z' } });
  });
  afterAll(async () => {
    await hooks?.dispatcher.close();
    await hooks?.parts.close();
  });

  const newLedger = async (): Promise<string> => {
    const ledger = `/v1/ledgers/${String((await post('/v1/ledgers', { name: 'Books' }))['id'])}`;
    for (const address of ['a', 'b'])
      await post(`${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
    return ledger;
  };
  const pay = async (): Promise<string> =>
    String(
      (
        await post('/v1/payments', {
          ...{ amount: '100000', currency: 'USD', confirm: true },
          payment_method: 'pm_card_bypassPending',
        })
      )['id'],
    );
  const money = { amount: '100', currency: 'USD' };

  async function takings(): Promise<readonly Taking[]> {
    const [ledger, other] = [await newLedger(), await newLedger()];
    const between = { debit_account: 'a', credit_account: 'b', ...money };
    const entries = [
      { account: 'a', direction: 'debit', ...money },
      { account: 'b', direction: 'credit', ...money },
    ];
    const transaction = String((await post(`${ledger}/transfers`, between))['id']);
    const payment = await pay();
    const payout = String((await post('/v1/payouts', money))['id']);
    const customer = String((await post('/v1/customers'))['id']);
    const ofAccount = {
      ...{ type: 'individual', country: 'DE', default_currency: 'USD' },
      capabilities: { payments: { requested: true }, payouts: { requested: true } },
    };
    const account = String((await post('/v1/connected_accounts', ofAccount))['id']);
    const toAccount = { amount: '1', currency: 'USD', destination: account };
    const accountTransfer = String((await post('/v1/transfers', toAccount))['id']);
    const parties = [{ id: 'us', role: 'platform', account: 'platform', remainder: true }];
    const toSplit = { payment: await pay(), parties };
    const wasSplit = String((await post('/v1/splits', { payment: await pay(), parties }))['id']);
    const id = (of: string) => (answer: Json) => `${of}/${String(answer['id'])}`;
    const transfer = {
      from: { ledger: ledger.slice(12), account: 'a' },
      to: { ledger: other.slice(12), account: 'a' },
      ...money,
    };
    const ledgerTransfer = String((await post('/v1/ledger_transfers', transfer))['id']);
    await post('/v1/payments', { ...money, confirm: true, payment_method: 'pm_card_createDispute' });
    await post('/v1/clock/advance', { to: '2031-03-02T10:00:00Z' });
    let dispute = '';
    for (let n = 0; dispute === '' && n < 200; n += 1)
      dispute = String((await list('/v1/disputes'))[0]?.['id'] ?? '');
    let address = 0;
    const making = (operation: string, at: string, body: object, more: Partial<Taking> = {}): Taking => ({
      operation,
      ask: (metadata) => ({ path: at, body: { ...body, metadata } }),
      read: id(at),
      ...more,
    });
    const changing = (operation: string, at: string): Taking => ({
      operation,
      ask: (metadata) => ({ method: 'PATCH', path: at, body: { metadata } }),
      read: () => at,
    });
    return [
      making('createLedger', '/v1/ledgers', { name: 'Personal' }),
      making(
        'openAccount',
        `${ledger}/accounts`,
        {},
        {
          ask: (metadata) => ({
            path: `${ledger}/accounts`,
            body: { address: `p${(address += 1)}`, type: 'asset', currency: 'USD', metadata },
          }),
          read: (answer) => `${ledger}/accounts/${String(answer['address'])}`,
        },
      ),
      changing('amendAccount', `${ledger}/accounts/a`),
      making('postTransaction', `${ledger}/transactions`, { entries }),
      making('postTransfer', `${ledger}/transfers`, between, { read: id(`${ledger}/transactions`) }),
      making(
        'reverseTransaction',
        `${ledger}/transactions/${transaction}/reverse`,
        { amount: '1' },
        {
          read: id(`${ledger}/transactions`),
        },
      ),
      making(
        'postTransactions',
        `${ledger}/transactions/bulk`,
        {},
        {
          ask: (metadata) => ({
            path: `${ledger}/transactions/bulk`,
            body: { atomic: true, transactions: [{ entries, metadata }] },
          }),
          at: '/transactions/0',
          read: (answer) => id(`${ledger}/transactions`)((answer['data'] as readonly Json[])[0] ?? {}),
        },
      ),
      making('createPayment', '/v1/payments', money),
      changing('updatePayment', `/v1/payments/${payment}`),
      making('createRefund', '/v1/refunds', { payment, amount: '1' }),
      making('createPayout', '/v1/payouts', money),
      changing('updatePayout', `/v1/payouts/${payout}`),
      changing('updateDispute', `/v1/disputes/${dispute}`),
      making('createLedgerTransfer', '/v1/ledger_transfers', transfer),
      changing('updateLedgerTransfer', `/v1/ledger_transfers/${ledgerTransfer}`),
      making('createCustomer', '/v1/customers', { email: `subject@${mode}.example` }),
      changing('updateCustomer', `/v1/customers/${customer}`),
      making('createConnectedAccount', '/v1/connected_accounts', {
        ...ofAccount,
        email: `account@${mode}.example`,
      }),
      changing('updateConnectedAccount', `/v1/connected_accounts/${account}`),
      making('createTransfer', '/v1/transfers', toAccount),
      changing('updateTransfer', `/v1/transfers/${accountTransfer}`),
      making('createSplit', '/v1/splits', toSplit),
      changing('updateSplit', `/v1/splits/${wasSplit}`),
    ];
  }
  const metadataIn = (operation: string, answer: Json): unknown =>
    operation === 'postTransactions'
      ? (answer['data'] as readonly Json[])[0]?.['metadata']
      : answer['metadata'];

  it('are kept encrypted by every operation that takes metadata, and forgotten by all of them', async () => {
    const all = await takings();
    expect(all.map(({ operation }) => operation).sort()).toEqual([...documented()].sort());
    const subject = await newSubject();
    const gone = await newSubject();
    await post(`/v1/data_subjects/${gone}/erase`);
    const who = { subject, value };
    const shown = { kind: 'plain', who };
    const done: { taking: Taking; of: HttpRequest; key: string; answer: Json }[] = [];
    for (const taking of all) {
      const { operation, at = '' } = taking;
      const key = `${mode}-${operation}`;
      const param = `${at}/metadata/who`;
      const headers = { 'idempotency-key': `${key}-refused` };
      for (const [wrong, status, code, where] of [
        [{ subject: 'sub_none', value }, 404, 'data_subject_not_found', `${param}/subject`],
        [{ subject: gone, value }, 409, 'data_subject_erased', `${param}/subject`],
        [{ subject, value: 'x'.repeat(501) }, 400, 'invalid_metadata', `${param}/value`],
        [{ subject }, 400, 'missing_field', `${param}/value`],
        [{ ...who, erased: true }, 400, 'unknown_field', `${param}/erased`],
        [`sealed:1:metadata:${subject}:AAAA`, 400, 'invalid_metadata', param],
      ] as const)
        await refused({ ...taking.ask({ who: wrong }), headers }, status, code, where);
      const of = taking.ask({ who, kind: 'plain' });
      const answer = await send(of, key);
      expect([operation, metadataIn(operation, answer)]).toEqual([operation, shown]);
      expect([operation, (await get(taking.read(answer)))['metadata']]).toEqual([operation, shown]);
      expect([operation, await send(of, key)]).toEqual([operation, answer]);
      await refused(
        {
          ...taking.ask({ who: { subject, value: 'Otto' }, kind: 'plain' }),
          headers: { 'idempotency-key': key },
        },
        422,
        'idempotency_key_reused',
      );
      done.push({ taking, of, key, answer });
    }
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
    expect(await post(`/v1/data_subjects/${subject}/erase`)).toMatchObject({ id: subject, erased: true });
    const forgotten = { kind: 'plain', who: { subject, value: null, erased: true } };
    for (const { taking, of, key, answer } of done) {
      const { operation } = taking;
      const repeated = await send(of, key);
      expect([operation, metadataIn(operation, repeated)]).toEqual([operation, forgotten]);
      expect(JSON.stringify(repeated)).toBe(
        JSON.stringify(answer).replaceAll(JSON.stringify(value), 'null,"erased":true'),
      );
      expect([operation, (await get(taking.read(answer)))['metadata']]).toEqual([operation, forgotten]);
      const headers = { 'idempotency-key': `${key}-new` };
      const param = `${taking.at ?? ''}/metadata/who/subject`;
      for (const more of [{}, { headers }])
        await refused({ ...taking.ask({ who }), ...more }, 409, 'data_subject_erased', param);
    }
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
  });

  // Of data subjects or not: every object whose metadata can be changed is here.
  it('leave an object at most 50 keys of metadata, and null removes all, by every operation that changes them', async () => {
    const changes = (await takings()).filter(({ ask: asked }) => asked({}).method === 'PATCH');
    const who = { subject: await newSubject(), value };
    for (const { operation, ask: asked, read } of changes) {
      const at = read({});
      const change = async (metadata: Metadata | null): Promise<unknown> => {
        const answer = await send({ ...asked({}), body: { metadata } });
        expect([operation, (await get(at))['metadata']]).toEqual([operation, answer['metadata']]);
        return answer['metadata'];
      };
      expect([operation, await change(null)]).toEqual([operation, {}]);
      await change(metadataOf(49));
      const full = { ...metadataOf(49), who };
      expect([operation, await change({ who })]).toEqual([operation, full]);
      for (const query of ['', '?dry_run=true'])
        for (const more of [metadataOf(1, 50), metadataOf(50, 50)])
          await refused({ ...asked(more), path: `${at}${query}` }, 422, 'metadata_limit', '/metadata');
      expect([operation, (await get(at))['metadata']]).toEqual([operation, full]);
      expect([operation, await change({ who: null, new: 'v' })]).toEqual([
        operation,
        { ...metadataOf(49), new: 'v' },
      ]);
      expect([operation, await change(null)]).toEqual([operation, {}]);
    }
  });

  it('stay as a later change left them when one that changed nothing is sent again under its key', async () => {
    const changes = (await takings()).filter(({ ask: asked }) => asked({}).method === 'PATCH');
    const first = { who: { subject: await newSubject(), value }, step: '1' };
    for (const { operation, ask: asked, read } of changes) {
      const change = (metadata: Metadata, key?: string): Promise<Json> => send(asked(metadata), key);
      const key = `unchanged-${mode}-${operation}`;
      await change(first);
      const unchanged = await change(first, key);
      expect([operation, unchanged['metadata']]).toEqual([operation, first]);
      await change({ step: '2' });
      expect([operation, await change(first, key)]).toEqual([operation, unchanged]);
      expect([operation, (await get(read({})))['metadata']]).toEqual([operation, { ...first, step: '2' }]);
      await refused(
        { ...asked({ step: '3' }), headers: { 'idempotency-key': key } },
        422,
        'idempotency_key_reused',
      );
    }
  });

  it('are imported where a change of an account put half of 50 keys in the place of others', async () => {
    const [from, into] = [
      await newLedger(),
      `/v1/ledgers/${String((await post('/v1/ledgers', { name: 'Copy' }))['id'])}`,
    ];
    const gone = Object.fromEntries(Object.keys(metadataOf(25)).map((name) => [name, null]));
    for (const metadata of [metadataOf(50), { ...gone, ...metadataOf(25, 50) }])
      await send({ method: 'PATCH', path: `${from}/accounts/a`, body: { metadata } });
    const headers = { authorization: `Bearer ${apiKey}` };
    const file = await (await documentedFetch(`${hooks.parts.url}${from}/export`, { headers })).text();
    const answer = await documentedFetch(`${hooks.parts.url}${into}/imports`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-ndjson' },
      body: file,
    });
    expect(await answer.json()).toMatchObject({ errors: [] });
    expect((await get(`${into}/accounts/a`))['metadata']).toEqual(metadataOf(50, 25));
  });

  it('are made, listed, found by their reference, and erased once', async () => {
    const other = `user-otto-${mode}`;
    const key = `subject-${mode}`;
    const first = await post('/v1/data_subjects', { reference: other }, key);
    const id = String(first['id']);
    expect(first).toMatchObject({ object: 'data_subject', reference: other, erased: false, erased_at: null });
    const { position: _, ...view } = first;
    expect(await get(`/v1/data_subjects/${id}`)).toEqual(view);
    expect(await post('/v1/data_subjects', { reference: other }, key)).toEqual(first);
    const headers = { 'idempotency-key': key };
    const path = '/v1/data_subjects';
    await refused({ path, headers, body: { reference: 'x' } }, 422, 'idempotency_key_reused');
    await refused({ path, body: { reference: '' } }, 400, 'invalid_value', '/reference');
    await refused({ path, body: {} }, 400, 'missing_field', '/reference');
    const customer = await post('/v1/customers', { name: 'Otto' }, key);
    expect(String(customer['id']).slice(4)).not.toBe(id.slice(4));
    const twin = await newSubject(other);
    const dry = await post('/v1/data_subjects?dry_run=true', { reference: other });
    expect(dry).toMatchObject({ reference: other, dry_run: true });
    const idsOf = async (query: string) => (await list(`${path}?${query}`)).map((each) => each['id']);
    expect(await idsOf(`reference=${other}`)).toEqual([twin, id]);
    expect(await idsOf(`reference=${other}&limit=1`)).toEqual([twin]);
    expect(await idsOf('reference=nobody')).toEqual([]);
    expect(await post(`${path}/${twin}/erase?dry_run=true`)).toMatchObject({ erased: true, dry_run: true });
    expect(await idsOf(`reference=${other}`)).toEqual([twin, id]);
    const erased = await post(`${path}/${id}/erase`, {}, `erase-${mode}`);
    expect(erased).toMatchObject({ id, erased: true, reference: null });
    expect(await post(`${path}/${id}/erase`, {}, `erase-${mode}`)).toEqual(erased);
    await refused({ path: `${path}/${id}/erase` }, 409, 'data_subject_erased');
    await refused({ path: `${path}/sub_none/erase` }, 404, 'data_subject_not_found');
    await refused(
      { path: `${path}/${id}`, method: 'GET', apiKey: hooks.parts.apiKey },
      404,
      'data_subject_not_found',
    );
    await refused(
      { path: `${path}/${twin}/erase`, apiKey: hooks.parts.apiKey },
      404,
      'data_subject_not_found',
    );
    expect(await get(`${path}/${id}`)).toMatchObject({ reference: null, erased: true });
    expect(await idsOf(`reference=${other}`)).toEqual([twin]);
    expect(await idsOf('erased=true')).toContain(id);
    expect(await idsOf('erased=false')).not.toContain(id);
    expect(await post(path, { reference: other }, key)).toEqual({ ...first, reference: null });
    expect(linesWith(await allRows(hooks.parts.database), other)).toEqual([]);
  });

  it('are of one organization: metadata of another can not name them', async () => {
    const subject = await newSubject();
    const body = { name: 'Other', metadata: { who: { subject, value } } };
    const of = { path: '/v1/ledgers', body, apiKey: hooks.parts.apiKey };
    await refused(of, 404, 'data_subject_not_found', '/metadata/who/subject');
  });

  it('keep the lines of a stream in their order: what one of them books is there for the next', async () => {
    const ledger = await newLedger();
    const subject = await newSubject();
    await post(`${ledger}/accounts`, {
      address: 'poor',
      type: 'liability',
      currency: 'USD',
      min_balance: '0',
    });
    const line = (debit: string, credit: string, metadata: object) =>
      JSON.stringify({
        entries: [
          { account: debit, direction: 'debit', ...money },
          { account: credit, direction: 'credit', ...money },
        ],
        metadata,
      });
    // A value has to be encrypted first, which takes longer than to post what is plain.
    const pairs = Array.from({ length: 20 }, (_, n) => [
      line('a', 'poor', { who: { subject, value: `Otto ${n}` } }),
      line('poor', 'a', { n: String(n) }),
    ]);
    const answer = await documentedFetch(`${hooks.parts.url}${ledger}/transactions/bulk`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson' },
      body: `${pairs.flat().join('\n')}\n`,
    });
    const booked = (await answer.text()).trim().split('\n');
    expect(booked.map((text) => (JSON.parse(text) as Json)['status'])).toEqual(Array(40).fill('posted'));
  });

  it('are in events as ciphertext, in what is shown as values, and the chain and its proofs hold', async () => {
    const ledger = await newLedger();
    const subject = await newSubject();
    const who = { subject, value };
    const endpoint = String(
      (await post('/v1/webhook_endpoints', { url: 'http://127.0.0.1:9/', event_types: ['transaction.*'] }))[
        'id'
      ],
    );
    const lines = [0, 1].map((n) =>
      JSON.stringify({
        entries: [
          { account: 'a', direction: 'debit', ...money },
          { account: 'b', direction: 'credit', ...money },
        ],
        metadata: { n: String(n), who },
      }),
    );
    const stream = async (): Promise<readonly Json[]> => {
      const answer = await documentedFetch(`${hooks.parts.url}${ledger}/transactions/bulk`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/x-ndjson',
          'idempotency-key': `lines-${mode}`,
        },
        body: `${lines.join('\n')}\n`,
      });
      const texts = (await answer.text()).trim().split('\n');
      return texts.map((text) => JSON.parse(text) as Json);
    };
    const booked = await stream();
    expect(booked.map(({ metadata }) => metadata)).toEqual([
      { n: '0', who },
      { n: '1', who },
    ]);
    expect(await stream()).toEqual(booked);
    expect(await list(`${ledger}/transactions?metadata[n]=1`)).toHaveLength(1);
    await refused(
      { method: 'GET', path: `${ledger}/transactions?metadata[who]=sealed:1:x` },
      400,
      'invalid_metadata',
    );
    const raw = async (): Promise<string> => JSON.stringify(await get(`${ledger}/events?limit=100`));
    const before = await raw();
    expect(plainIn(before)).toEqual([]);
    expect(before).toContain(`sealed:1:metadata:${subject}:`);
    const head = await get(`${ledger}/audit/head`);
    await hooks.runUntil(() => hooks.to(endpoint).length === 2);
    expect(hooks.to(endpoint)[0]?.body).toContain(JSON.stringify({ who }).slice(1, -1));
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
    const history = () => list(`${ledger}/transactions`);
    expect(JSON.stringify(await history())).toContain(value);
    expect(JSON.stringify(await list('/v1/events?type=transaction.posted'))).toContain(value);
    const exported = async (): Promise<string> => {
      const url = `${hooks.parts.url}${ledger}/export`;
      return (await documentedFetch(url, { headers: { authorization: `Bearer ${apiKey}` } })).text();
    };
    const imported = async (file: string): Promise<[ledger: string, answer: Json]> => {
      const into = `/v1/ledgers/${String((await post('/v1/ledgers', { name: 'Imported' }))['id'])}`;
      const answer = await documentedFetch(`${hooks.parts.url}${into}/imports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson' },
        body: file,
      });
      return [into, (await answer.json()) as Json];
    };
    const file = await exported();
    expect(file.split(JSON.stringify(who))).toHaveLength(3);
    const [copy, result] = await imported(file);
    expect(result).toMatchObject({ errors: [] });
    const copied = async (of = copy) => (await list(`${of}/transactions`)).map(({ metadata }) => metadata);
    expect(await copied()).toEqual(await copied(ledger));
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
    const unsigned = file.split('\n').slice(0, -2).join('\n');
    const [, strange] = await imported(unsigned.replaceAll(subject, 'sub_none'));
    expect(strange['errors']).toMatchObject([
      { code: 'data_subject_not_found', column: 'metadata.who' },
      { code: 'data_subject_not_found' },
    ]);

    await post(`/v1/data_subjects/${subject}/erase`);
    const after = await exported();
    expect(plainIn(after)).toEqual([]);
    expect(after.split(JSON.stringify({ subject, value: null, erased: true }))).toHaveLength(3);
    const [forgottenCopy, again] = await imported(after);
    expect(again).toMatchObject({ errors: [] });
    expect(await copied(forgottenCopy)).toEqual(await copied(ledger));
    expect((await imported(file))[1]['errors']).toMatchObject([
      { code: 'data_subject_erased', column: 'metadata.who' },
      { code: 'data_subject_erased' },
    ]);
    expect(await copied()).toEqual(await copied(ledger));
    const forgotten = { subject, value: null, erased: true };
    expect((await stream()).map(({ metadata }) => metadata)).toEqual([
      { n: '0', who: forgotten },
      { n: '1', who: forgotten },
    ]);
    lines.push(...lines);
    expect((await stream()).slice(2)).toMatchObject([
      { line: 3, code: 'data_subject_erased', param: '/metadata/who/subject' },
      { line: 4, code: 'data_subject_erased' },
    ]);
    expect(await raw()).toBe(before);
    expect(plainIn(JSON.stringify(await history()))).toEqual([]);
    expect(JSON.stringify(await history())).toContain(JSON.stringify(forgotten));
    const events = JSON.stringify(await list('/v1/events?type=transaction.posted'));
    expect(plainIn(events)).toEqual([]);
    expect(events).toContain(JSON.stringify(forgotten));
    hooks.sent = [];
    await post(`/v1/webhook_endpoints/${endpoint}/replays`, { from: '2020-01-01T00:00:00Z' });
    await hooks.runUntil(() => hooks.to(endpoint).filter((one) => one.body.includes(subject)).length >= 2);
    expect(
      plainIn(
        hooks
          .to(endpoint)
          .map((one) => one.body)
          .join('\n'),
      ),
    ).toEqual([]);
    for await (const event of wholeStream(hooks.parts.store, `journal-${ledger.slice(12)}`))
      expect(recomputeHash(event)).toBe((JSON.parse(event.metadata) as { hash: string }).hash);
    const headAfter = await get(`${ledger}/audit/head`);
    await get(`${ledger}/audit/consistency?from=${String(head['size'])}&to=${String(headAfter['size'])}`);
  });

  // The other one has the same events.
  if (mode === 'embedded')
    it('leave the same rows in every read model, wherever batches end', async () => {
      expect(await sameRowsInAnyBatches(hooks.parts.store)).toEqual(
        expect.arrayContaining(['data_subjects', 'erasures']),
      );
    });
});
