import { recomputeHash } from '@fintech-ledger/envelope';
import { wholeStream } from '@fintech-ledger/event-store';
import { setTimeout as delay } from 'node:timers/promises';
import { sameRowsInAnyBatches } from './support/any-batches';
import { allRows, linesWith } from './support/all-rows';
import { documentedFetch } from './support/documented-fetch';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;

describe.each(['embedded', 'distributed'] as const)('connected accounts of the %s product', (mode) => {
  let hooks: WebhooksInProcess;
  let sandboxKey = '';
  let ledger = '';
  const both = { payments: { requested: true }, payouts: { requested: true } };
  const created = { type: 'individual', country: 'DE', default_currency: 'EUR', capabilities: both };
  const address = { line1: 'Unter den Linden 77', city: 'Berlin', postal_code: '10117', country: 'DE' };
  const person = {
    first_name: `Jennifer${mode}`,
    last_name: `Rosenkavalier${mode}`,
    birth_date: '1990-01-31',
    address,
  };
  const bank = { iban: 'DE89 3704 0044 0532 0130 00', account_holder: `Jennifer${mode} R.` };
  const email = `Jenny.Rosen@${mode}.example`;
  const path = '/v1/connected_accounts';
  const holderParam = '/bank_account/account_holder';

  const ask = (request: HttpRequest): Promise<HttpAnswer> =>
    hooks.http.ask({ apiKey: sandboxKey, ...request });
  const get = async (from: string, account?: string): Promise<Json> => {
    const headers = account === undefined ? {} : { 'connected-account': account };
    const { status, json } = await ask({ path: from, headers });
    expect([status, json]).toEqual([200, json]);
    return json;
  };
  const list = async (from: string): Promise<readonly Json[]> => (await get(from))['data'] as readonly Json[];
  const send = async (
    method: 'POST' | 'PATCH',
    to: string,
    body: object = {},
    key?: string,
  ): Promise<Json> => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const { status, json } = await ask({ method, path: to, body, headers });
    expect([Math.floor(status / 100), json]).toEqual([2, json]);
    return json;
  };
  const create = async (more: object = {}): Promise<string> =>
    String((await send('POST', path, { ...created, ...more }))['id']);
  const refused = async (request: HttpRequest, status: number, code: string, param?: string) => {
    const answer = await ask({ method: 'POST', ...request });
    expect({ status: answer.status, ...answer.json }).toMatchObject({
      status,
      code,
      ...(param !== undefined && { param }),
    });
  };
  const plainIn = (text: string): readonly string[] =>
    [email, person.first_name, person.last_name, address.line1, 'DE89370400440532013000'].filter(
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

  it('give what they have to, and are active then; nothing of that is kept in the clear', async () => {
    const first = await send('POST', path, { ...created, email, metadata: { shop: '1' } });
    const id = String(first['id']);
    expect(id).toMatch(/^acct_[A-Za-z0-9]+$/);
    expect(first).toMatchObject({
      ...{ object: 'connected_account', status: 'active', livemode: false, email, metadata: { shop: '1' } },
      capabilities: {
        payments: { requested: true, status: 'inactive' },
        payouts: { requested: true, status: 'inactive' },
      },
      requirements: {
        currently_due: [
          'individual.first_name',
          'individual.last_name',
          'individual.birth_date',
          'individual.address',
          'bank_account',
          'tos_acceptance',
        ],
        disabled_reason: 'requirements_due',
      },
      payout_schedule: { interval: 'manual', delay_days: 2, weekly_anchor: null, monthly_anchor: null },
    });
    const requirements = `${path}/${id}/requirements`;
    await send('POST', requirements, { individual: { first_name: 'other', last_name: person.last_name } });
    const given = await send('POST', requirements, {
      individual: person,
      bank_account: bank,
      tos_acceptance: { accepted: true },
    });
    expect(given).toMatchObject({
      individual: { ...person, address: { ...address, line2: null, state: null } },
      company: null,
      requirements: { currently_due: [], disabled_reason: null },
      capabilities: { payments: { status: 'active' }, payouts: { status: 'active' } },
      bank_accounts: [{ iban: 'DE89370400440532013000', account_holder: bank.account_holder, default: true }],
    });
    const { position, ...rest } = given;
    expect(await get(`${path}/${id}`)).toEqual(given);
    expect(await get(`${path}/${id}?as_of=${String(position)}`)).toMatchObject(rest);
    const { position: at, ...then } = first;
    expect(await get(`${path}/${id}?as_of=${String(at)}`)).toMatchObject(then);
    expect((await ask({ path: `${path}/${id}?as_of=2020-01-01T00:00:00Z` })).status).toBe(404);
    expect((await list(`${path}/${id}/history`)).map((each) => each['type'])).toEqual([
      'connected_account.updated',
      'connected_account.updated',
      'connected_account.created',
    ]);
    expect((await list(`/v1/events?object=${id}`)).map((each) => each['type'])).toEqual([
      'connected_account.updated',
      'connected_account.updated',
      'connected_account.created',
    ]);
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
    for await (const event of wholeStream(hooks.parts.store, `journal-${ledger}`))
      expect(plainIn(`${event.data}\n${event.metadata}`)).toEqual([]);
  });

  it('are changed, listed with filters, suspended, reinstated and closed', async () => {
    const id = await create({ metadata: { shop: `list-${mode}` } });
    const profile = { name: 'Rosen Flowers', product_description: null, url: null };
    const changed = await send('PATCH', `${path}/${id}`, {
      business_profile: { name: profile.name },
      email,
      payout_schedule: { interval: 'monthly', monthly_anchor: 31 },
      reserve: { rolling_bps: 1000, days: 90 },
      metadata: { vip: '1' },
    });
    expect(changed).toMatchObject({
      ...{ email, business_profile: profile, reserve: { rolling_bps: 1000, days: 90 } },
      payout_schedule: { interval: 'monthly', monthly_anchor: 31, delay_days: 2 },
      metadata: { shop: `list-${mode}`, vip: '1' },
    });
    const of = `metadata[shop]=list-${mode}`;
    const idsOf = async (query: string) => (await list(`${path}?${query}`)).map((each) => each['id']);
    const firm = await create({ type: 'company', metadata: { shop: `list-${mode}` } });
    expect(await idsOf(of)).toEqual([firm, id]);
    expect(await idsOf(`${of}&type=company`)).toEqual([firm]);
    expect(await send('POST', `${path}/${id}/suspend`)).toMatchObject({
      status: 'suspended',
      requirements: { disabled_reason: 'suspended' },
    });
    expect(await idsOf(`${of}&status=suspended`)).toEqual([id]);
    expect(await send('POST', `${path}/${id}/reinstate`)).toMatchObject({
      status: 'active',
      suspended_at: null,
    });
    expect(await send('POST', `${path}/${firm}/close`)).toMatchObject({ status: 'closed' });
    expect(await idsOf(`${of}&status=closed`)).toEqual([firm]);
    expect(await idsOf('limit=1')).toEqual([firm]);
    await refused({ path: `${path}/${firm}/suspend` }, 409, 'connected_account_unexpected_state');
    const types = (await list(`/v1/events?object=${firm}`)).map((each) => each['type']);
    expect(types).toEqual(['connected_account.closed', 'connected_account.created']);
  });

  it('have bank accounts, of which one is the default', async () => {
    const id = await create();
    const to = `${path}/${id}/bank_accounts`;
    const one = await send('POST', to, bank);
    const other = await send('POST', to, { iban: 'GB82WEST12345698765432', account_holder: 'x' });
    expect([one, other]).toMatchObject([
      { object: 'bank_account', connected_account: id, iban: 'DE89370400440532013000', default: true },
      { iban: 'GB82WEST12345698765432', default: false },
    ]);
    const chosen = await send('POST', `${to}/${String(other['id'])}/default`);
    expect(chosen).toMatchObject({ id: other['id'], default: true });
    const [older, newer] = [
      { id: one['id'], iban: 'DE89370400440532013000', default: false },
      { id: other['id'], default: true },
    ];
    const { livemode } = await get(`${path}/${id}`);
    expect(await list(to)).toMatchObject([
      { ...newer, livemode },
      { ...older, livemode },
    ]);
    const first = await get(`${to}?limit=1`);
    expect(first).toMatchObject({ data: [newer], has_more: true });
    const rest = await get(`${to}?limit=1&cursor=${String(first['next_cursor'])}`);
    expect(rest).toMatchObject({ data: [older], has_more: false, next_cursor: null });
    expect((await ask({ path: `${to}?cursor=x` })).json).toMatchObject({ code: 'invalid_cursor' });
    await refused({ path: `${to}/ba_none/default` }, 404, 'bank_account_not_found');
    await refused(
      { path: to, body: { ...bank, iban: 'DE88370400440532013000' } },
      400,
      'iban_invalid',
      '/iban',
    );
  });

  it('are answered again under their key, and not with another person', async () => {
    const key = `account-${mode}`;
    const first = await send('POST', path, { ...created, email }, key);
    expect(await send('POST', path, { ...created, email }, key)).toEqual(first);
    const headers = { 'idempotency-key': key };
    const other = { ...created, email: 'x@y.example' };
    await refused({ path, body: other, headers }, 422, 'idempotency_key_reused');
    const dry = await send('POST', `${path}?dry_run=true`, { ...created, email });
    expect(dry).toMatchObject({ email, dry_run: true });
    expect((await ask({ path: `${path}/${String(dry['id'])}` })).status).toBe(404);
  });

  it('have a balance of zeros before any money, which nobody else sees', async () => {
    const id = await create();
    const zero = [{ amount: '0', currency: 'EUR' }];
    const zeros = { available: zero, pending: zero, reserved: zero, in_transit: zero };
    expect(await get('/v1/balance', id)).toMatchObject({ object: 'balance', ...zeros });
    expect(await get('/v1/balance_transactions', id)).toMatchObject({ data: [], has_more: false });
    const elsewhere = { apiKey: hooks.parts.apiKey, headers: { 'connected-account': id } };
    for (const from of ['/v1/balance', '/v1/balance_transactions', '/v1/balance_transactions/bt_1'])
      await refused({ method: 'GET', path: from, ...elsewhere }, 404, 'connected_account_not_found');
    const headers = { 'connected-account': 'nobody' };
    await refused({ method: 'GET', path: '/v1/balance', headers }, 404, 'connected_account_not_found');
    await refused(
      { method: 'GET', path: `${path}/${id}`, apiKey: hooks.parts.apiKey },
      404,
      'connected_account_not_found',
    );
  });

  it('get transfers of the balance and of payments, which go back, and are explained line by line', async () => {
    const id = await create({ default_currency: 'USD' });
    const money = { amount: '10000', currency: 'USD', confirm: true };
    const paid = await send('POST', '/v1/payments', { ...money, payment_method: 'pm_card_visa' });
    const source = String(paid['id']);
    const to = { currency: 'USD', destination: id };
    const group = `group-${mode}`;
    const of = await send('POST', '/v1/transfers', {
      ...{ ...to, amount: '6000', source_payment: source, transfer_group: group },
    });
    expect(of).toMatchObject({
      ...{ object: 'transfer', amount: '6000', amount_reversed: '0', reversed: false, destination: id },
      ...{ source_payment: source, transfer_group: group, livemode: false },
    });
    expect(await get(`/v1/payments/${source}`)).toMatchObject({ transfers: [of['id']] });
    const of100 = { path: '/v1/transfers', body: { ...to, amount: '4001', source_payment: source } };
    await refused(of100, 422, 'transfer_exceeds_source', '/amount');
    await send('POST', '/v1/payments', { ...money, payment_method: 'pm_card_bypassPending' });
    const plain = await send('POST', '/v1/transfers', { ...to, amount: '3000' });
    const balance = async () => {
      const { available, pending } = await get('/v1/balance', id);
      return [available, pending];
    };
    const usd = (amount: string) => [{ amount, currency: 'USD' }];
    expect(await balance()).toEqual([usd('3000'), usd('6000')]);
    const back = await send('POST', `/v1/transfers/${String(of['id'])}/reversals`, { amount: '1000' });
    expect(back).toMatchObject({ id: of['id'], amount_reversed: '1000', reversed: false });
    expect(await send('POST', `/v1/transfers/${String(plain['id'])}/reversals`)).toMatchObject({
      ...{ amount_reversed: '3000', reversed: true },
    });
    expect(await balance()).toEqual([usd('0'), usd('5000')]);
    const lines = (await get('/v1/balance_transactions', id))['data'] as readonly Json[];
    expect(lines.map(({ type, net, status }) => [type, net, status])).toEqual([
      ['transfer_reversal', '-3000', 'available'],
      ['transfer_reversal', '-1000', 'pending'],
      ['transfer', '3000', 'available'],
      ['transfer', '6000', 'pending'],
    ]);
    const line = String(lines[0]?.['id']);
    expect(await get(`/v1/balance_transactions/${line}`, id)).toMatchObject({ source: plain['id'] });
    await refused(
      { method: 'GET', path: `/v1/balance_transactions/${line}` },
      404,
      'balance_transaction_not_found',
    );
    const idsOf = async (query: string) => (await list(`/v1/transfers?${query}`)).map((each) => each['id']);
    expect(await idsOf(`destination=${id}`)).toEqual([plain['id'], of['id']]);
    expect(await idsOf(`source_payment=${source}`)).toEqual([of['id']]);
    expect(await idsOf(`transfer_group=${group}`)).toEqual([of['id']]);
    const described = await send('PATCH', `/v1/transfers/${String(of['id'])}`, { metadata: { a: 'b' } });
    expect(described).toMatchObject({ metadata: { a: 'b' } });
    const { position, ...first } = of;
    expect(await get(`/v1/transfers/${String(of['id'])}?as_of=${String(position)}`)).toMatchObject(first);
    expect((await list(`/v1/transfers/${String(of['id'])}/history`)).map((each) => each['type'])).toEqual([
      ...['transfer.updated', 'transfer.reversed', 'transfer.created'],
    ]);
    expect((await list(`/v1/events?object=${String(of['id'])}`)).map((each) => each['type'])).toEqual([
      ...['transfer.reversed', 'transfer.created'],
    ]);
    await refused({ path: `${path}/${id}/close` }, 409, 'account_not_empty');
    await refused(
      { path: `/v1/transfers/${String(plain['id'])}/reversals` },
      422,
      'reversal_exceeds_transfer',
    );
  });

  describe('that are closed', () => {
    const forgotten = {
      email: null,
      individual: { first_name: null, last_name: null, birth_date: null, address: null },
      company: null,
    };
    const noBank = { iban: null, account_holder: null };
    const requirements = { individual: person, bank_account: bank, tos_acceptance: { accepted: true } };
    const keyed = (name: string): string => `${name}-${mode}`;
    /** With all that may be personal of it, each by a request with a key. */
    const full = async (): Promise<string> => {
      const metadata = { shop: 'kept' };
      const made = await send('POST', path, { ...created, email, metadata }, keyed('erased'));
      const one = `${path}/${String(made['id'])}`;
      await send('POST', `${one}/requirements`, requirements, keyed('given'));
      await send('POST', `${one}/bank_accounts`, { ...bank, iban: 'GB82WEST12345698765432' }, keyed('added'));
      await send(
        'PATCH',
        one,
        { email: `x${email}`, business_profile: { name: 'Flowers' } },
        keyed('changed'),
      );
      return String(made['id']);
    };
    /** All that is shown of an account, now and as it was. */
    const shownOf = async (id: string): Promise<string> => {
      const one = `${path}/${id}`;
      const history = await list(`${one}/history`);
      const earlier = await Promise.all(
        history.map(({ position }) => get(`${one}?as_of=${String(position)}`)),
      );
      const now = [await get(one), await list(`${one}/bank_accounts`), await list(`/v1/events?object=${id}`)];
      const ofAll = (await list(`${path}?limit=100`)).filter((each) => each['id'] === id);
      return JSON.stringify([history, earlier, now, ofAll]);
    };
    const wrappedKeyOf = async (id: string): Promise<Buffer | null | undefined> => {
      const { rows } = await hooks.parts.database.query<{ wrapped: Buffer | null }>(
        'select wrapped from privacy.subject_keys where id = $1',
        [id.replace('acct_', 'sub_')],
      );
      return rows[0]?.wrapped;
    };

    it('are forgotten everywhere by their erasure, and the chain of events holds', async () => {
      const hook = { url: 'http://127.0.0.1:9/', event_types: ['connected_account.*'] };
      const endpoint = String((await send('POST', '/v1/webhook_endpoints', hook))['id']);
      hooks.saysBack(endpoint, 4_096);
      const responses = (): Promise<readonly unknown[]> => hooks.responsesOf(endpoint, get);
      const id = await full();
      const one = `${path}/${id}`;
      await refused({ path: `${one}/erase` }, 409, 'account_not_closed');
      const early = await ask({ method: 'POST', path: `${one}/erase` });
      expect(early.json['connected_account']).toMatchObject({
        id,
        individual: { first_name: person.first_name },
      });
      const closed = await send('POST', `${one}/close`);
      await hooks.runUntil(() => hooks.to(endpoint).length === 5);
      const before = await shownOf(id);
      expect(plainIn(before)).toHaveLength(5);
      const who = { subject: id.replace('acct_', 'sub_'), value: person.last_name };
      const money = { amount: '100', currency: 'EUR', metadata: { who } };
      const payment = await send('POST', '/v1/payments', money);
      expect(payment).toMatchObject({ metadata: { who } });
      expect(plainIn(JSON.stringify(await responses()))).toHaveLength(5);
      const headBefore = await get(`/v1/ledgers/${ledger}/audit/head`);

      const tried = await send('POST', `${one}/erase?dry_run=true`);
      expect(tried).toMatchObject({ id, ...forgotten, dry_run: true });
      expect(await shownOf(id)).toBe(before);
      await refused({ path: `${one}/erase`, apiKey: hooks.parts.apiKey }, 404, 'connected_account_not_found');
      await refused({ path: `${path}/acct_none/erase` }, 404, 'connected_account_not_found');
      const acting = { 'connected-account': id };
      await refused({ path: `${one}/erase`, headers: acting }, 400, 'field_not_supported');
      const scopes = ['connect:write'];
      const { key: apiKey } = await send('POST', '/v1/api_keys', { name: 'writes', scopes });
      await refused({ path: `${one}/erase`, apiKey: String(apiKey) }, 403, 'missing_scope');

      const erased = await send('POST', `${one}/erase`, {}, keyed('erase'));
      expect(erased).toMatchObject({
        ...{ id, status: 'closed', ...forgotten, closed_at: closed['closed_at'], metadata: { shop: 'kept' } },
        business_profile: { name: 'Flowers' },
        bank_accounts: [noBank, noBank],
        requirements: { currently_due: [], disabled_reason: 'closed' },
      });
      expect(await get(one)).toEqual(erased);
      expect(await get(`${one}?as_of=${String(closed['position'])}`)).toMatchObject({
        ...{ ...forgotten, bank_accounts: [noBank, noBank] },
        requirements: { currently_due: [] },
      });
      expect(plainIn(await shownOf(id))).toEqual([]);
      expect(await shownOf(id)).not.toContain('sealed:');
      expect((await list(`${one}/history`))[0]).toMatchObject({
        type: 'connected_account.erased',
        changes: { erased_at: null },
      });
      expect((await list(`/v1/events?object=${id}`))[0]).toMatchObject({
        type: 'connected_account.erased',
        data: { object: { ...forgotten, erased_at: erased['erased_at'] } },
      });
      expect(await wrappedKeyOf(id)).toBeNull();
      expect(await get(`/v1/payments/${String(payment['id'])}`)).toMatchObject({
        metadata: { who: { subject: who.subject, value: null, erased: true } },
      });
      await refused({ path: '/v1/payments', body: money }, 409, 'data_subject_erased');

      const again = [
        await send('POST', path, { ...created, email, metadata: { shop: 'kept' } }, keyed('erased')),
        await send('POST', `${one}/requirements`, requirements, keyed('given')),
        await send(
          'PATCH',
          one,
          { email: `x${email}`, business_profile: { name: 'Flowers' } },
          keyed('changed'),
        ),
      ];
      expect(again).toMatchObject([forgotten, { ...forgotten, bank_accounts: [noBank] }, forgotten]);
      const other = { ...bank, iban: 'GB82WEST12345698765432' };
      expect(await send('POST', `${one}/bank_accounts`, other, keyed('added'))).toMatchObject(noBank);
      expect(await send('POST', `${one}/erase`, {}, keyed('erase'))).toEqual(erased);
      await refused({ path: `${one}/erase` }, 409, 'connected_account_erased');
      await refused({ path: `${one}/erase?dry_run=true` }, 409, 'connected_account_erased');
      for (const [to, body] of [
        ['requirements', requirements],
        ['bank_accounts', bank],
        ['suspend', {}],
        ['close', {}],
      ] as const)
        await refused({ path: `${one}/${to}`, body }, 409, 'connected_account_unexpected_state');
      const change = { method: 'PATCH', path: one, body: { email } } as const;
      await refused(change, 409, 'connected_account_unexpected_state');

      // What receivers were told, what they answered, and what they are told again.
      expect(await responses()).toEqual([null, null, null, null, null]);
      await hooks.runUntil(() => hooks.to(endpoint).length === 6);
      hooks.sent = [];
      await send('POST', `/v1/webhook_endpoints/${endpoint}/replays`, { from: '2020-01-01T00:00:00Z' });
      const told = (): readonly string[] =>
        hooks.to(endpoint).flatMap(({ body }) => (body.includes(id) ? [body] : []));
      await hooks.runUntil(() => told().length === 6);
      expect(plainIn(told().join('\n'))).toEqual([]);
      expect(told().join('\n')).not.toContain('sealed:');

      // And what auditors read.
      const log = await ask({ path: '/v1/audit_log?limit=100&action=connected_account.erased' });
      expect(log.json).toMatchObject({ data: [{ target: { id }, result: 'ok' }] });
      const trail = await ask({ path: `/v1/audit_log?limit=100&target=${id}` });
      expect((trail.json['data'] as unknown[]).length).toBeGreaterThanOrEqual(5);
      expect(plainIn(JSON.stringify(trail.json))).toEqual([]);
      const file = await documentedFetch(`${hooks.parts.url}/v1/ledgers/${ledger}/export`, {
        headers: { authorization: `Bearer ${sandboxKey}` },
      });
      const text = await file.text();
      expect(text.length).toBeGreaterThan(100);
      expect(plainIn(text)).toEqual([]);
      expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
      let count = 0;
      for await (const event of wholeStream(hooks.parts.store, `journal-${ledger}`)) {
        expect(recomputeHash(event)).toBe((JSON.parse(event.metadata) as { hash: string }).hash);
        expect(plainIn(`${event.data}\n${event.metadata}`)).toEqual([]);
        count += event.data.includes(`sealed:1:connected_account.first_name:${id.replace('acct', 'sub')}`)
          ? 1
          : 0;
      }
      expect(count).toBe(4);
      const headAfter = await get(`/v1/ledgers/${ledger}/audit/head`);
      const heads = `from=${String(headBefore['size'])}&to=${String(headAfter['size'])}`;
      await get(`/v1/ledgers/${ledger}/audit/consistency?${heads}`);
    });

    it('stay forgotten when keys are restored, and when read models are made again of the events', async () => {
      const id = await create({ email });
      await send('POST', `${path}/${id}/requirements`, requirements);
      await send('POST', `${path}/${id}/close`);
      const wrapped = await wrappedKeyOf(id);
      expect(wrapped).toBeInstanceOf(Buffer);
      await send('POST', `${path}/${id}/erase`);
      const { database } = hooks.parts;
      const subject = id.replace('acct_', 'sub_');
      for (let n = 0; n < 100; n += 1) {
        const known = await database.query('select from read.erasures where subject_id = $1', [subject]);
        if (known.rowCount > 0) break;
        await delay(100);
      }
      await database.query('update privacy.subject_keys set wrapped = $2 where id = $1', [subject, wrapped]);
      const shown = await shownOf(id);
      expect(plainIn(shown)).toEqual([]);
      const { apiKey } = hooks.parts;
      for (const name of ['erasures', 'connected_accounts']) {
        const rebuilds = `/v1/projections/${name}/rebuilds`;
        const begun = await ask({ method: 'POST', path: rebuilds, body: { auto_swap: true }, apiKey });
        let { json: rebuild } = begun;
        for (let n = 0; n < 300 && !['swapped', 'failed'].includes(String(rebuild['state'])); n += 1) {
          await delay(100);
          rebuild = (await ask({ path: `${rebuilds}/${String(begun.json['id'])}`, apiKey })).json;
        }
        expect(rebuild).toMatchObject({ state: 'swapped', problem: null, verification: { matches: true } });
      }
      expect(await shownOf(id)).toBe(shown);
      expect(await wrappedKeyOf(id)).toBeNull();
    });
  });

  it.each<[string, object, number, string, string]>([
    ['a type that there is not', { type: 'charity' }, 400, 'invalid_value', '/type'],
    ['a country of three letters', { country: 'DEU' }, 400, 'invalid_value', '/country'],
    ['a country that there is not', { country: 'ZZ' }, 400, 'invalid_value', '/country'],
    [
      'a currency that there is not',
      { default_currency: 'QQQ' },
      422,
      'unknown_currency',
      '/default_currency',
    ],
    [
      'a capability that there is not',
      { capabilities: { fly: {} } },
      400,
      'unknown_field',
      '/capabilities/fly',
    ],
    ['an e-mail address that is none', { email: 'jenny' }, 400, 'invalid_value', '/email'],
    [
      'more than the whole reserved',
      { reserve: { rolling_bps: 10_001, days: 1 } },
      400,
      'invalid_value',
      '/reserve/rolling_bps',
    ],
    [
      'a weekday of a month',
      { payout_schedule: { interval: 'monthly', weekly_anchor: 'friday' } },
      422,
      'payout_schedule_invalid',
      '/payout_schedule/weekly_anchor',
    ],
  ])('are not made with %s', async (_what, more, status, code, param) => {
    await refused({ path, body: { ...created, ...more } }, status, code, param);
  });

  it.each<[string, object, string]>([
    ['a day that no year has', { individual: { birth_date: '1990-02-30' } }, '/individual/birth_date'],
    ['a name that shows nothing', { individual: { first_name: ' ' } }, '/individual/first_name'],
    ['a name of two lines', { individual: { last_name: 'Rosen\n' } }, '/individual/last_name'],
    ['a holder that shows nothing', { bank_account: { ...bank, account_holder: ' ' } }, holderParam],
    [
      'an address of a country that there is not',
      { individual: { address: { ...address, country: 'XX' } } },
      '/individual/address/country',
    ],
  ])('do not give %s', async (_what, body, param) => {
    const requirements = `${path}/${await create()}/requirements`;
    await refused({ path: requirements, body }, 400, 'invalid_value', param);
  });

  it('were not verified before they are, as their history says', async () => {
    const live = { apiKey: hooks.parts.apiKey };
    const asked = async (request: HttpRequest): Promise<Json> => {
      const { status, json } = await ask({ ...live, ...request });
      expect([Math.floor(status / 100), json]).toEqual([2, json]);
      return json;
    };
    const { id } = await asked({ method: 'POST', path, body: created });
    const one = `${path}/${String(id)}`;
    const body = { individual: person, bank_account: bank, tos_acceptance: { accepted: true } };
    await asked({ method: 'POST', path: `${one}/requirements`, body });
    await asked({ method: 'POST', path: `${one}/verify` });
    const changes = async () =>
      ((await asked({ path: `${one}/history` }))['data'] as readonly Json[]).map((each) => each['changes']);
    expect((await changes())[0]).toMatchObject({ verified_at: null, requirements: {} });
    const { verified_at: then } = await asked({ path: one });
    await asked({ method: 'POST', path: `${one}/requirements`, body: { individual: { first_name: 'J' } } });
    expect((await changes())[0]).toMatchObject({ verified_at: then });
  });

  it('are born by today, by the clock of the environment', async () => {
    const { json } = await hooks.http.send({ path: '/v1/sandboxes', body: { name: 'then' } });
    const apiKey = String(json['api_key']);
    await ask({ apiKey, method: 'PUT', path: '/v1/clock', body: { time: '2090-01-31T23:59:59Z' } });
    const born = async (birth_date: string, sent: { apiKey?: string; account: string }) =>
      ask({
        ...(sent.apiKey !== undefined && { apiKey: sent.apiKey }),
        method: 'POST',
        path: `${path}/${sent.account}/requirements`,
        body: { individual: { birth_date } },
      });
    const other = await ask({ apiKey, method: 'POST', path, body: created });
    const [there, here] = [
      { apiKey, account: String(other.json['id']) },
      { account: await create() },
    ] as const;
    expect(await born('2090-01-31', there)).toMatchObject({ status: 200 });
    const tooEarly = { status: 422, json: { code: 'requirement_invalid', param: '/individual/birth_date' } };
    expect(await born('2090-02-01', there)).toMatchObject(tooEarly);
    expect(await born('2090-01-31', here)).toMatchObject(tooEarly);
    expect(await born(new Date().toISOString().slice(0, 10), here)).toMatchObject({ status: 200 });
  });

  // The other one has the same events.
  if (mode === 'embedded')
    it('leave the same rows in every read model, wherever batches end', async () => {
      expect(await sameRowsInAnyBatches(hooks.parts.store)).toEqual(
        expect.arrayContaining(['connected_accounts', 'audit_log']),
      );
    });
});
