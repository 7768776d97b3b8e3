import { recomputeHash } from '@fintech-ledger/envelope';
import { wholeStream } from '@fintech-ledger/event-store';
import { setTimeout as delay } from 'node:timers/promises';
import { sameRowsInAnyBatches } from './support/any-batches';
import { allRows, linesWith } from './support/all-rows';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;

describe.each(['embedded', 'distributed'] as const)('customers of the %s product', (mode) => {
  let hooks: WebhooksInProcess;
  let sandboxKey = '';
  let ledger = '';
  const person = {
    email: `Jenny.Rosen@${mode}.example`,
    name: `Jenny Rosenkavalier ${mode}`,
    phone: '+49 30 5550100',
    address: { line1: 'Unter den Linden 77', city: 'Berlin', country: 'DE' },
  };
  const shown = {
    ...person,
    address: person.address,
  };
  const nobody = { email: null, name: null, phone: null, address: null };

  const ask = (request: HttpRequest): Promise<HttpAnswer> =>
    hooks.http.ask({ apiKey: sandboxKey, ...request });
  const get = async (path: string): Promise<Json> => {
    const { status, json } = await ask({ path });
    expect([status, json]).toEqual([200, json]);
    return json;
  };
  const list = async (path: string): Promise<readonly Json[]> => (await get(path))['data'] as readonly Json[];
  const send = async (
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    key?: string,
  ): Promise<Json> => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const { status, json } = await ask({ method, path, ...(body && { body }), headers });
    expect([Math.floor(status / 100), json]).toEqual([2, json]);
    return json;
  };
  const create = (more: object = {}, key?: string): Promise<Json> => send('POST', '/v1/customers', more, key);
  const refused = async (
    request: HttpRequest,
    status: number,
    code: string,
    param?: string,
  ): Promise<void> => {
    const answer = await ask({ method: 'POST', ...request });
    expect({ status: answer.status, ...answer.json }).toMatchObject({
      status,
      code,
      ...(param !== undefined && { param }),
    });
  };
  const plainIn = (text: string): readonly string[] =>
    [person.email, person.email.toLowerCase(), person.name, person.phone, person.address.line1].filter(
      (value) => linesWith(text, value).length > 0,
    );

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start(mode);
    const { json } = await hooks.http.send({ path: '/v1/sandboxes', body: { name: mode } });
    sandboxKey = String(json['api_key']);
    ledger = String((await get('/v1/payments_ledger'))['id']);
  });
  afterAll(async () => {
    await hooks?.dispatcher.close();
    await hooks?.parts.close();
  });

  it('are made, changed, listed, found by their e-mail address, and are what they were as of each moment', async () => {
    const created = await create({ ...person, metadata: { crm: '17' }, description: 'first order' });
    const id = String(created['id']);
    expect(created).toMatchObject({ ...shown, object: 'customer', livemode: false, metadata: { crm: '17' } });
    const { position, ...first } = created;
    expect(await get(`/v1/customers/${id}`)).toEqual(created);
    const changed = await send('PATCH', `/v1/customers/${id}`, {
      email: `other@${mode}.example`,
      phone: null,
      metadata: { crm: null, vip: '1' },
    });
    expect(changed).toMatchObject({
      email: `other@${mode}.example`,
      name: person.name,
      phone: null,
      metadata: { vip: '1' },
    });
    expect(await get(`/v1/customers/${id}?as_of=${String(position)}`)).toMatchObject(first);
    expect((await ask({ path: `/v1/customers/${id}?as_of=2020-01-01T00:00:00Z` })).status).toBe(404);
    const [now, start] = await list(`/v1/customers/${id}/history`);
    expect(now).toMatchObject({
      type: 'customer.updated',
      changes: { email: person.email, phone: person.phone, metadata: { crm: '17' } },
    });
    expect(Object.keys(now?.['changes'] as object).sort()).toEqual(['email', 'metadata', 'phone']);
    expect(start).toMatchObject({ type: 'customer.created', changes: {}, position });
    const idsOf = async (query: string): Promise<unknown[]> =>
      (await list(`/v1/customers?${query}`)).map((each) => each['id']);
    expect(await idsOf(`email=other@${mode}.example`)).toEqual([id]);
    expect(await idsOf(`email=OTHER@${mode}.example&metadata[vip]=1`)).toEqual([id]);
    expect(await idsOf(`email=${encodeURIComponent(person.email)}`)).toEqual([]);
    const { body, answer } = { body: { email: `other@${mode}.example` }, answer: await create({}) };
    const twin = String((await create(body))['id']);
    expect(await idsOf(`email=other@${mode}.example`)).toEqual([twin, id]);
    expect(await idsOf('limit=1')).toEqual([twin]);
    expect(answer).toMatchObject(nobody);
  });

  it('are shown as they were by the clock of their sandbox', async () => {
    const { json: sandbox } = await hooks.http.send({ path: '/v1/sandboxes', body: { name: 'later' } });
    const of = { apiKey: String(sandbox['api_key']) };
    const time = '2031-03-01T10:00:00.000Z';
    expect((await ask({ ...of, method: 'PUT', path: '/v1/clock', body: { time } })).status).toBe(200);
    const { json: made } = await ask({ ...of, method: 'POST', path: '/v1/customers', body: person });
    expect(made).toMatchObject({ created_at: time });
    const asOf = async (when: string) =>
      (await ask({ ...of, path: `/v1/customers/${String(made['id'])}?as_of=${when}` })).status;
    expect(await asOf('2031-03-01T09:59:59Z')).toBe(404);
    expect(await asOf('2031-03-01T10:00:00Z')).toBe(200);
  });

  it('are answered again under their key, and not with another person', async () => {
    const body = { ...person, description: 'again' };
    const first = await create(body, `customer-${mode}`);
    expect(await create(body, `customer-${mode}`)).toEqual(first);
    await refused(
      {
        path: '/v1/customers',
        body: { ...body, name: 'Somebody Else' },
        headers: { 'idempotency-key': `customer-${mode}` },
      },
      422,
      'idempotency_key_reused',
    );
    const dry = await send('POST', '/v1/customers?dry_run=true', body);
    expect(dry).toMatchObject({ ...shown, dry_run: true });
    expect((await ask({ path: `/v1/customers/${String(dry['id'])}` })).status).toBe(404);
  });

  it.each<[string, object, number, string, string | undefined]>([
    ['no e-mail address', { email: 'jenny' }, 400, 'invalid_value', '/email'],
    ['a name of no characters', { name: '' }, 400, 'invalid_value', '/name'],
    ['a country of three letters', { address: { country: 'DEU' } }, 400, 'invalid_value', '/address/country'],
    ['a field that there is not', { nick: 'J' }, 400, 'unknown_field', '/nick'],
    [
      'the number of a card',
      { default_payment_method: '4242424242424242' },
      400,
      'card_number_refused',
      '/default_payment_method',
    ],
    [
      'a method that is not theirs',
      { default_payment_method: 'pm_card_visa' },
      422,
      'payment_method_mismatch',
      '/default_payment_method',
    ],
  ])('are not made with %s', async (_what, body, status, code, param) => {
    await refused({ path: '/v1/customers', body }, status, code, param);
  });

  it('save payment methods, have a default, and detach them for good', async () => {
    const id = String((await create(person))['id']);
    const path = `/v1/customers/${id}/payment_methods`;
    const visa = await send('POST', path, { payment_method: 'pm_card_visa' });
    const again = await send('POST', path, { payment_method: 'pm_card_visa' });
    expect(visa).toMatchObject({ object: 'payment_method', type: 'card', customer: id, livemode: false });
    expect(visa['card']).toEqual(again['card']);
    expect(visa['id']).not.toBe(again['id']);
    expect((await list(path)).map((each) => each['id'])).toEqual([again['id'], visa['id']]);
    const method = String(visa['id']);
    const chosen = await send('PATCH', `/v1/customers/${id}`, { default_payment_method: method });
    expect(chosen).toMatchObject({ default_payment_method: method });
    const detached = await send('POST', `/v1/payment_methods/${method}/detach`);
    expect(detached).toMatchObject({ id: method, customer: null });
    expect(await get(`/v1/payment_methods/${method}`)).toMatchObject({ customer: null, card: visa['card'] });
    expect(await get(`/v1/customers/${id}`)).toMatchObject({ default_payment_method: null });
    expect((await list(path)).map((each) => each['id'])).toEqual([again['id']]);
    expect((await list(`/v1/payment_methods/${method}/history`)).map((each) => each['type'])).toEqual([
      'payment_method.detached',
      'payment_method.attached',
    ]);
    await refused({ path: `/v1/payment_methods/${method}/detach` }, 422, 'payment_method_detached');
    await refused({ path, body: { payment_method: '4242 4242 4242 4242' } }, 400, 'card_number_refused');
    for (const unknown of ['pm_none', 'visa', '', 'PM-1', '1'.repeat(11)]) {
      const { status, json } = await ask({ method: 'POST', path, body: { payment_method: unknown } });
      expect({ status, ...json }).toMatchObject({ status: 422, code: 'unknown_payment_method' });
      expect(json['detail']).toBe('There is no such payment method to be saved.');
    }
    const withCode = '4242424242424242 12/34 123';
    await refused({ path, body: { payment_method: withCode } }, 400, 'card_number_refused');
  });

  it('pay with what they saved, and are found by their payments', async () => {
    const id = String((await create(person))['id']);
    const other = String((await create())['id']);
    const saving = async (of: string, template: string): Promise<string> =>
      String((await send('POST', `/v1/customers/${of}/payment_methods`, { payment_method: template }))['id']);
    const visa = await saving(id, 'pm_card_visa');
    const secure = await saving(id, 'pm_card_threeDSecure2Required');
    const money = { amount: '10000', currency: 'USD' };
    const paid = await send('POST', '/v1/payments', { ...money, payment_method: visa, confirm: true });
    expect(paid).toMatchObject({ status: 'succeeded', customer: id, payment_method: visa });
    await send('PATCH', `/v1/customers/${id}`, { default_payment_method: visa });
    const byDefault = await send('POST', '/v1/payments', { ...money, customer: id, confirm: true });
    expect(byDefault).toMatchObject({ status: 'succeeded', payment_method: visa });
    expect((await list(`/v1/payments?customer=${id}`)).map((each) => each['id'])).toEqual([
      byDefault['id'],
      paid['id'],
    ]);
    const [attempt] = await list(`/v1/payments/${String(paid['id'])}/attempts`);
    expect(attempt).toMatchObject({ payment_method: visa, card: { last4: '4242' } });
    const asks = { ...money, payment_method: secure, confirm: true };
    expect(await send('POST', '/v1/payments', asks)).toMatchObject({ status: 'requires_action' });
    const declined = await ask({
      method: 'POST',
      path: '/v1/payments',
      body: { ...asks, off_session: true },
    });
    expect([declined.status, declined.json]).toMatchObject([
      402,
      { code: 'payment_declined', decline_code: 'authentication_required' },
    ]);
    // Said when it is created, it holds for the confirmation.
    const later = await send('POST', '/v1/payments', { ...asks, confirm: false, off_session: true });
    const confirmed = await ask({ method: 'POST', path: `/v1/payments/${String(later['id'])}/confirm` });
    expect([confirmed.status, confirmed.json]).toMatchObject([
      402,
      { decline_code: 'authentication_required' },
    ]);
    const path = '/v1/payments';
    const body = { ...money, payment_method: visa };
    await refused(
      { path, body: { ...body, customer: other } },
      422,
      'payment_method_mismatch',
      '/payment_method',
    );
    await send('POST', `/v1/payment_methods/${visa}/detach`);
    await refused({ path, body }, 422, 'payment_method_detached', '/payment_method');
    const early = await send('POST', '/v1/payments', { ...money, customer: other });
    await send('DELETE', `/v1/customers/${other}`);
    const confirming = { path: `/v1/payments/${String(early['id'])}/confirm` };
    const late = await ask({
      ...{ method: 'POST', ...confirming },
      body: { payment_method: 'pm_card_visa' },
    });
    expect(late).toMatchObject({ status: 422, json: { code: 'unknown_customer' } });
    // A confirm has no field for who pays.
    expect(late.json).not.toHaveProperty('param');
    await refused({ path, body: { ...money, customer: other } }, 422, 'unknown_customer', '/customer');
    expect(await get(`/v1/payments/${String(paid['id'])}`)).toMatchObject({ customer: id });
  });

  it('leave no key and no address behind where they are refused', async () => {
    const rows = async (): Promise<readonly string[]> => {
      const tables = ['subject_keys', 'lookups'].map((table) =>
        hooks.parts.database.query<{ count: string }>(`select count(*) as count from privacy.${table}`),
      );
      return (await Promise.all(tables)).map((each) => each.rows[0]?.count ?? '');
    };
    const { id } = await create({ email: `known@${mode}.example` });
    const before = await rows();
    const body = { email: `refused@${mode}.example`, default_payment_method: 'pm_card_visa' };
    await refused({ path: '/v1/customers', body }, 422, 'payment_method_mismatch');
    const headers = { 'idempotency-key': `refused-${mode}` };
    await refused({ path: '/v1/customers', body, headers }, 422, 'payment_method_mismatch');
    const one = `/v1/customers/${String(id)}`;
    await refused({ method: 'PATCH', path: one, body }, 422, 'payment_method_mismatch');
    expect(await rows()).toEqual(before);
    const { rows: claims } = await hooks.parts.database.query(
      'select id from privacy.subject_keys where claim is not null',
    );
    expect(claims).toEqual([]);
    // The key of a refused request is free, and its customer is found.
    const { email } = body;
    const made = await send('POST', '/v1/customers', { email }, `refused-${mode}`);
    expect((await list(`/v1/customers?email=${email}`)).map((each) => each['id'])).toEqual([made['id']]);
  });

  it('whose key was lost are answered again without it, and get no other one', async () => {
    const body = { ...person, description: 'lost' };
    const first = await create(body, `lost-${mode}`);
    const bare = await create({ description: 'bare' }, `bare-${mode}`);
    const ids = [first, bare].map(({ id }) => String(id).replace('cus_', 'sub_'));
    const rows = async (): Promise<number> =>
      (await hooks.parts.database.query('select from privacy.subject_keys where id in ($1, $2)', ids))
        .rowCount;
    await hooks.parts.database.query('delete from privacy.subject_keys where id in ($1, $2)', ids);
    expect(await create(body, `lost-${mode}`)).toEqual({ ...first, ...nobody });
    expect(await send('POST', '/v1/customers?dry_run=true', body, `lost-${mode}`)).toMatchObject(nobody);
    expect(await create({ description: 'bare' }, `bare-${mode}`)).toEqual(bare);
    const another = { ...body, description: 'another' };
    const headers = { 'idempotency-key': `lost-${mode}` };
    await refused({ path: '/v1/customers', body: another, headers }, 422, 'idempotency_key_reused');
    expect(await rows()).toBe(0);
    expect(await get(`/v1/customers/${String(first['id'])}`)).toMatchObject(nobody);
  });

  it('of another environment are not there', async () => {
    const id = String((await create())['id']);
    const apiKey = hooks.parts.apiKey;
    expect((await ask({ path: `/v1/customers/${id}`, apiKey })).status).toBe(404);
    await refused(
      { method: 'PATCH', path: `/v1/customers/${id}`, body: person, apiKey },
      404,
      'customer_not_found',
    );
    await refused({ method: 'DELETE', path: `/v1/customers/${id}`, apiKey }, 404, 'customer_not_found');
  });

  it('that are deleted are forgotten everywhere, and the chain of events holds', async () => {
    const body = { url: 'http://127.0.0.1:9/', event_types: ['customer.*'] };
    const endpoint = String((await send('POST', '/v1/webhook_endpoints', body))['id']);
    hooks.saysBack(endpoint, 1_024);
    const responses = (): Promise<readonly unknown[]> => hooks.responsesOf(endpoint, get);
    const created = await create(person, `forget-${mode}`);
    const id = String(created['id']);
    await send('PATCH', `/v1/customers/${id}`, { name: `${person.name} II` }, `rename-${mode}`);
    await hooks.runUntil(() => hooks.to(endpoint).length === 2);
    expect(hooks.to(endpoint)[0]?.body).toContain(JSON.stringify(person.email));
    expect(await responses()).toEqual(hooks.to(endpoint).map((one) => one.body.slice(0, 1_024)));
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
    const headBefore = await get(`/v1/ledgers/${ledger}/audit/head`);

    const deleted = await send('DELETE', `/v1/customers/${id}`, undefined, `delete-${mode}`);
    expect(deleted).toMatchObject({ id, object: 'customer', deleted: true });
    expect(await get(`/v1/customers/${id}`)).toMatchObject({ id, object: 'customer', deleted: true });
    expect(await get(`/v1/customers/${id}?as_of=${String(created['position'])}`)).toMatchObject(nobody);
    const history = await list(`/v1/customers/${id}/history`);
    expect(history.map((each) => each['type'])).toEqual([
      'customer.deleted',
      'customer.updated',
      'customer.created',
    ]);
    expect(plainIn(JSON.stringify(history))).toEqual([]);
    expect((await list('/v1/customers?limit=100')).map((each) => each['id'])).not.toContain(id);
    expect(await create(person, `forget-${mode}`)).toEqual({ ...created, ...nobody });
    expect(
      await send('PATCH', `/v1/customers/${id}`, { name: `${person.name} II` }, `rename-${mode}`),
    ).toMatchObject(nobody);
    expect(await send('DELETE', `/v1/customers/${id}`, undefined, `delete-${mode}`)).toEqual(deleted);
    await refused({ method: 'PATCH', path: `/v1/customers/${id}`, body: person }, 409, 'customer_deleted');
    await refused({ method: 'DELETE', path: `/v1/customers/${id}` }, 409, 'customer_deleted');

    const events = await list(`/v1/events?object=${id}`);
    expect(events.map((each) => each['type'])).toContain('customer.deleted');
    expect(plainIn(JSON.stringify(events))).toEqual([]);
    expect(await responses()).toEqual([null, null]);
    hooks.sent = [];
    await send('POST', `/v1/webhook_endpoints/${endpoint}/replays`, { from: '2020-01-01T00:00:00Z' });
    await hooks.runUntil(() => hooks.to(endpoint).length >= 3);
    expect(hooks.to(endpoint).map(({ event }) => event.type)).toContain('customer.created');
    expect(hooks.to(endpoint).filter((one) => one.body.includes(id)).length).toBeGreaterThanOrEqual(3);
    expect(
      plainIn(
        hooks
          .to(endpoint)
          .filter((one) => one.body.includes(id))
          .map((one) => one.body)
          .join('\n'),
      ),
    ).toEqual([]);
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
    const { rows } = await hooks.parts.database.query<{ wrapped: Buffer | null }>(
      'select wrapped from privacy.subject_keys where id = $1',
      [`sub_${id.slice(4)}`],
    );
    expect(rows).toEqual([{ wrapped: null }]);

    let count = 0;
    for await (const event of wholeStream(hooks.parts.store, `journal-${ledger}`)) {
      expect(recomputeHash(event)).toBe((JSON.parse(event.metadata) as { hash: string }).hash);
      expect(plainIn(`${event.data}\n${event.metadata}`)).toEqual([]);
      count += 1;
    }
    expect(count).toBeGreaterThan(0);
    const headAfter = await get(`/v1/ledgers/${ledger}/audit/head`);
    await get(
      `/v1/ledgers/${ledger}/audit/consistency?from=${String(headBefore['size'])}&to=${String(headAfter['size'])}`,
    );
  });

  it('that were deleted stay forgotten when the table of keys is restored from before that', async () => {
    const created = await create({ email: `restored@${mode}.example` });
    const id = String(created['id']);
    const { database } = hooks.parts;
    const subject = [`sub_${id.slice(4)}`];
    const { rows } = await database.query<{ wrapped: Buffer }>(
      'select wrapped from privacy.subject_keys where id = $1',
      subject,
    );
    await send('DELETE', `/v1/customers/${id}`);
    await get(`/v1/customers/${id}`);
    for (let n = 0; n < 100; n += 1) {
      const { rowCount } = await database.query('select from read.erasures where subject_id = $1', subject);
      if (rowCount > 0) break;
      await delay(100);
    }
    await database.query('update privacy.subject_keys set wrapped = $2 where id = $1', [
      ...subject,
      rows[0]?.wrapped,
    ]);
    expect(await get(`/v1/customers/${id}?as_of=${String(created['position'])}`)).toMatchObject(nobody);
  });

  it('that were deleted stay forgotten when read models are made again of the events', async () => {
    const apiKey = hooks.parts.apiKey;
    const id = String((await create(person))['id']);
    await send('DELETE', `/v1/customers/${id}`);
    const history = await list(`/v1/customers/${id}/history`);
    for (const name of ['erasures', 'customers']) {
      const path = `/v1/projections/${name}/rebuilds`;
      const begun = await ask({ method: 'POST', path, body: { auto_swap: true }, apiKey });
      let { json: rebuild } = begun;
      for (let n = 0; n < 300 && !['swapped', 'failed'].includes(String(rebuild['state'])); n += 1) {
        await delay(100);
        rebuild = (await ask({ path: `${path}/${String(begun.json['id'])}`, apiKey })).json;
      }
      expect(rebuild).toMatchObject({ state: 'swapped', problem: null, verification: { matches: true } });
    }
    expect(await list(`/v1/customers/${id}/history`)).toEqual(history);
    expect(await get(`/v1/customers/${id}`)).toMatchObject({ id, object: 'customer', deleted: true });
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
  });

  // The other one has the same events.
  if (mode === 'embedded')
    it('leave the same rows in every read model, wherever batches end', async () => {
      expect(await sameRowsInAnyBatches(hooks.parts.store)).toEqual(
        expect.arrayContaining(['customers', 'payment_methods', 'erasures']),
      );
    });
});
