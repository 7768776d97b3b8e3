import { clockAdvanceItemsMax } from '@fintech-ledger/access/domain';
import { PostgresCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import type { HttpAnswer } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;

const dayMs = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

describe.each(['embedded', 'distributed'] as const)('the clock of a sandbox of the %s product', (mode) => {
  let parts: PartsInProcess;
  let live: HttpSpec;
  const start = Date.parse('2031-01-01T00:00:00.000Z');

  beforeAll(async () => {
    // It would find the rows that a test puts beside a checkpoint, within a second, and take that out of use.
    jest.spyOn(PostgresCheckpointStore.prototype, 'startScrubbing').mockImplementation(() => undefined);
    parts = await startParts(mode, undefined, { waitsForOthers: true });
    live = new HttpSpec(parts.url, parts.apiKey, '');
  });
  afterAll(() => parts?.close());

  async function sandboxKey(): Promise<string> {
    const { json } = await live.when({ path: '/v1/sandboxes', body: { name: 'Test' } }).thenAccepted();
    return String(json['api_key']);
  }
  const sandbox = async (): Promise<HttpSpec> => new HttpSpec(parts.url, await sandboxKey(), '');

  const get = (http: HttpSpec, path: string): Promise<HttpAnswer> => http.ask({ path });
  const made = async (
    http: HttpSpec,
    path: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<Json> => (await http.when({ path, body, ...(headers && { headers }) }).thenAccepted()).json;
  const freeze = (http: HttpSpec, ms: number) =>
    http.send({ method: 'PUT', path: '/v1/clock', body: { time: iso(ms) } });
  const advance = (http: HttpSpec, ms: number, headers?: Record<string, string>) =>
    http.send({
      method: 'POST',
      path: '/v1/clock/advance',
      body: { to: iso(ms) },
      ...(headers && { headers }),
    });
  const clock = async (http: HttpSpec) => (await http.send({ method: 'GET', path: '/v1/clock' })).json;

  async function ledgerIn(http: HttpSpec): Promise<string> {
    const ledger = String((await made(http, '/v1/ledgers', { name: 'Books' }))['id']);
    for (const address of ['a', 'b'])
      await made(http, `/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
    return ledger;
  }
  const hold = async (http: HttpSpec, ledger: string, expiresMs: number): Promise<string> => {
    const terms = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD', pending: true };
    const body = { ...terms, expires_at: iso(expiresMs) };
    return String((await made(http, `/v1/ledgers/${ledger}/transfers`, body))['id']);
  };
  async function eventsOf(http: HttpSpec, type: string): Promise<readonly Json[]> {
    const { json } = await get(http, `/v1/events?type=${type}&limit=100`);
    return json['data'] as readonly Json[];
  }

  it('is real time until it is set, and live organizations have none', async () => {
    const http = await sandbox();
    const { time, frozen } = await clock(http);
    expect([frozen, Math.abs(Date.parse(String(time)) - Date.now()) < 5_000]).toEqual([false, true]);
    for (const request of [
      { method: 'GET', path: '/v1/clock' },
      { method: 'PUT', path: '/v1/clock', body: { time: iso(start) } },
      { method: 'POST', path: '/v1/clock/advance', body: { to: iso(start) } },
      { method: 'DELETE', path: '/v1/clock' },
    ] as const)
      expect([(await live.send(request)).status, (await live.send(request)).json['code']]).toEqual([
        403,
        'sandbox_key_required',
      ]);
  });

  it('is read at a position of the sandbox, and waits for none that is not there', async () => {
    const http = await sandbox();
    const { status, headers } = await http.send({ method: 'GET', path: '/v1/clock' });
    const [owner, revision] = String(headers['ledger-position']).split('@');
    expect([status, owner, Number(revision)]).toEqual([
      200,
      expect.stringMatching(/^org_/),
      expect.any(Number),
    ]);
    const at = (position: string) => ({
      ...({ method: 'GET', path: '/v1/clock', headers: { 'ledger-min-position': position } } as const),
    });
    await http.when(at(`${owner}@${revision}`)).thenAccepted();
    await http.when(at(`${owner}@${Number(revision) + 9}`)).thenRefused(503, 'read_model_behind');
    // Clients pass on the last position that they got, whatever it was of.
    await http.when(at('led_other@1')).thenAccepted();
    await http.when(at('x')).thenRefused(400, 'invalid_position', { param: '/Ledger-Min-Position' });
  });

  it('stands where it is frozen, dates what happens, and leaves recorded_at to real time', async () => {
    const http = await sandbox();
    const frozen = await freeze(http, start);
    expect([frozen.status, frozen.json]).toMatchObject([
      200,
      { object: 'clock', time: iso(start), frozen: true },
    ]);
    const ledger = await ledgerIn(http);
    const before = Date.now() - 5_000;
    const terms = { debit_account: 'a', credit_account: 'b', amount: '5', currency: 'USD' };
    const posted = await made(http, `/v1/ledgers/${ledger}/transfers`, terms);
    expect(posted['effective_at']).toBe(iso(start));
    const recordedMs = Date.parse(String(posted['recorded_at']));
    expect(recordedMs).toBeGreaterThan(before);
    expect(recordedMs).toBeLessThan(start);
    expect((await get(http, `/v1/ledgers/${ledger}`)).json['created_at']).toBe(iso(start));
    const hook = { url: 'https://93.184.216.34/hook', event_types: ['*'] };
    const endpoint = await made(http, '/v1/webhook_endpoints', hook);
    const key = await made(http, '/v1/api_keys', { name: 'key', scopes: ['ledger:read'] });
    const subject = await made(http, '/v1/data_subjects', { reference: 'user-17' });
    expect([endpoint, key, subject]).toEqual(
      Array(3).fill(expect.objectContaining({ created_at: iso(start) })),
    );
    const erased = await made(http, `/v1/data_subjects/${String(subject['id'])}/erase`, {});
    expect(erased).toMatchObject({ created_at: iso(start), erased_at: iso(start) });
    for (const path of [
      `/v1/webhook_endpoints/${String(endpoint['id'])}`,
      `/v1/data_subjects/${String(subject['id'])}`,
    ])
      expect((await get(http, path)).json['created_at']).toBe(iso(start));
    const balance = async (query: string) =>
      (await get(http, `/v1/ledgers/${ledger}/accounts/a/balance?as_of=${query}`)).json;
    expect(await balance(iso(start))).toMatchObject({ posted: { debits: '5' } });
    expect(await balance(iso(start - 1))).toMatchObject({ posted: { debits: '0' } });
    expect(await balance(`${iso(recordedMs)}&axis=recorded`)).toMatchObject({ posted: { debits: '5' } });
    const [event] = await eventsOf(http, 'transaction.posted');
    expect(event?.['created_at']).toBe(iso(start));
    const createdIn = async (window: string): Promise<readonly unknown[]> =>
      (await eventsOf(http, `transaction.posted&${window}`)).map(({ id }) => id);
    expect(await createdIn(`from=${iso(start)}&to=${iso(start + 1)}`)).toEqual([event?.['id']]);
    expect(await createdIn(`to=${iso(start)}`)).toEqual([]);
    expect(await createdIn(`from=${iso(start + 1)}`)).toEqual([]);
    expect((await freeze(http, start - 1)).json['code']).toBe('clock_moved_back');
  });

  it('says when the period of a statement is over, and a hold of a file has expired', async () => {
    const key = await sandboxKey();
    const http = new HttpSpec(parts.url, key, '');
    await freeze(http, start);
    const ledger = await ledgerIn(http);
    const path = (query: string): string => `/v1/ledgers/${ledger}/accounts/a/statements?${query}`;
    const terms = { debit_account: 'a', credit_account: 'b', amount: '5', currency: 'USD' };
    await made(http, `/v1/ledgers/${ledger}/transfers`, terms);
    expect((await get(http, path(''))).json).toMatchObject({
      ...{ from: iso(start), to: iso(start + 1), closing_balance: { balance: '5' } },
    });
    expect((await get(http, path(`from=${iso(start - dayMs)}&to=${iso(start)}`))).json).toMatchObject({
      closing_balance: { balance: '0' },
    });
    const later = await http.send({ method: 'GET', path: path(`to=${iso(start + dayMs)}`) });
    expect([later.status, later.json['code']]).toEqual([422, 'period_not_over']);
    // By the recorded axis it is the time that it really is.
    const recorded = await http.send({ method: 'GET', path: path(`axis=recorded&to=${iso(start)}`) });
    expect([recorded.status, recorded.json['code']]).toEqual([422, 'period_not_over']);

    await hold(http, ledger, start + dayMs);
    await advance(http, start + 2 * dayMs);
    const file = await documentedFetch(`${parts.url}/v1/ledgers/${ledger}/export?format=ndjson`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const other = String((await made(http, '/v1/ledgers', { name: 'Copy' }))['id']);
    const type = { 'content-type': 'application/x-ndjson' };
    const answer = await http.send({
      ...{
        method: 'POST',
        path: `/v1/ledgers/${other}/imports`,
        headers: type,
        body: await file.text(),
      },
    });
    expect([answer.status, answer.json]).toMatchObject([
      200,
      { transactions: { imported: 3, refused: 0 }, errors: [] },
    ]);
    const { json } = await get(http, `/v1/ledgers/${other}/transactions?status=expired`);
    expect(json['data']).toHaveLength(1);
  });

  it('runs what falls due on the way in order, over ledgers, and answers a repetition alike', async () => {
    const http = await sandbox();
    await freeze(http, start);
    const ledgers = [await ledgerIn(http), await ledgerIn(http)] as const;
    // By turns, so that each is due in another ledger than the one before it.
    const days = [...Array.from({ length: 25 }, (_, i) => i + 1), 60];
    for (const [i, day] of days.entries()) await hold(http, ledgers[(i + 1) % 2] ?? '', start + day * dayMs);
    const headers = { 'idempotency-key': 'month' };
    const first = await advance(http, start + 30 * dayMs, headers);
    expect([first.status, first.json]).toMatchObject([200, { time: iso(start + 30 * dayMs), frozen: true }]);
    expect(await clock(http)).toMatchObject({ time: iso(start + 30 * dayMs), frozen: true });
    const expired = [...(await eventsOf(http, 'hold.expired'))].reverse();
    expect(expired.map((event) => event['created_at'])).toEqual(
      days.slice(0, -1).map((day) => iso(start + day * dayMs)),
    );
    expect((await advance(http, start + 30 * dayMs, headers)).json).toEqual(first.json);
    expect((await advance(http, start + dayMs)).json['code']).toBe('clock_moved_back');
    const tooFar = await advance(http, Date.parse('2033-01-31T00:00:00.001Z'));
    expect([tooFar.status, tooFar.json['code']]).toEqual([422, 'clock_too_far']);
    expect(clockAdvanceItemsMax).toBe(100_000);
  });

  const checkpointed = async (stream: string): Promise<void> => {
    const [last] = await parts.store.readStream(stream, { direction: 'backwards', limit: 1 });
    const head = 'select from writer.heads where stream = $1 and is_live and revision = $2';
    for (let n = 0; n < 600; n += 1) {
      if ((await parts.database.query(head, [stream, last?.revision])).rowCount === 1) return;
      await delay(100);
    }
    throw new Error(`${stream} has no checkpoint at its end`);
  };

  it('refuses an advance that has too much to run without a trace, and its key is free', async () => {
    const http = await sandbox();
    await freeze(http, start);
    const ledger = await ledgerIn(http);
    await hold(http, ledger, start + dayMs);
    const to = start + 30 * dayMs;
    const tried = { method: 'POST', path: '/v1/clock/advance?dry_run=true', body: { to: iso(to) } } as const;
    const { headers } = await http.when(tried).thenAccepted();
    const stream = `org-${String(headers['ledger-position']).split('@')[0]}`;
    const recorded = async () =>
      (await parts.store.readStream(stream, { limit: 100 })).map(({ type }) => type);
    const before = await recorded();
    // A checkpoint that is saved after this finds rows that are not its own.
    await checkpointed(`journal-${ledger}`);
    // As if its checkpoint had so many more holds, which its writer has not read.
    const more = `insert into writer.records (stream_id, bucket, key, record, due_at)
                  select h.stream_id, n, 'more:' || n, '', $2 from writer.heads h, generate_series(1, $3::int) n
                   where h.stream = $1 and h.is_live`;
    const values = [`journal-${ledger}`, iso(start + 2 * dayMs), clockAdvanceItemsMax];
    expect((await parts.database.query(more, values)).rowCount).toBe(clockAdvanceItemsMax);

    const key = { 'idempotency-key': 'too much' };
    const refused = [422, { code: 'clock_too_far', param: '/to', time: iso(start) }];
    for (const { status, json } of [
      await advance(http, to, key),
      await advance(http, to, key),
      await http.send(tried),
    ])
      expect([status, json]).toMatchObject(refused);
    expect(await recorded()).toEqual(before);
    expect(await clock(http)).toMatchObject({ time: iso(start), frozen: true });
    await parts.database.query("delete from writer.records where key like 'more:%'");
    const { status, json } = await advance(http, to + dayMs, key);
    expect([status, json]).toMatchObject([200, { time: iso(to + dayMs) }]);
    expect(await eventsOf(http, 'hold.expired')).toHaveLength(1);
  });

  it('shows what an advance has run in what is read after it, or says that it can not yet', async () => {
    const http = await sandbox();
    await freeze(http, start);
    const ledger = await ledgerIn(http);
    await hold(http, ledger, start + dayMs);
    const balance = { method: 'GET', path: `/v1/ledgers/${ledger}/accounts/a/balance` } as const;
    expect((await http.ask(balance)).json).toMatchObject({ pending: { debits: '1' } });
    await parts.stopProjector();
    expect((await advance(http, start + 2 * dayMs)).status).toBe(200);
    const events = { method: 'GET', path: '/v1/events?type=hold.expired' } as const;
    for (const request of [balance, events]) {
      const behind = await http.send(request);
      expect([behind.status, behind.json['code']]).toEqual([503, 'read_model_behind']);
    }
    parts.startProjector();
    expect((await http.ask(events)).json['data']).toHaveLength(1);
    expect((await http.ask(balance)).json).toMatchObject({ pending: { debits: '0' } });
  });

  it('goes on from there when it is released, and what falls due then is run', async () => {
    const http = await sandbox();
    await freeze(http, start);
    const ledger = await ledgerIn(http);
    await hold(http, ledger, start + 4_000);
    const released = await http.send({ method: 'DELETE', path: '/v1/clock' });
    expect([released.status, released.json]).toMatchObject([200, { time: iso(start), frozen: false }]);
    const time = Date.parse(String((await clock(http))['time']));
    expect(time).toBeGreaterThan(start);
    expect(time).toBeLessThan(start + 60_000);
    for (let n = 0; n < 100; n += 1) {
      if ((await eventsOf(http, 'hold.expired')).length === 1) break;
      await delay(100);
    }
    const [expired] = await eventsOf(http, 'hold.expired');
    expect(Date.parse(String(expired?.['created_at']))).toBeGreaterThanOrEqual(start + 4_000);
    expect((await http.send({ method: 'DELETE', path: '/v1/clock' })).json).toMatchObject({ frozen: false });
  });

  it('leaves other sandboxes and live ledgers alone', async () => {
    const [one, other] = [await sandbox(), await sandbox()];
    const soon = Date.now() + dayMs;
    const [otherLedger, liveLedger] = [await ledgerIn(other), await ledgerIn(live)];
    await hold(other, otherLedger, soon);
    await hold(live, liveLedger, soon);
    expect((await advance(one, soon + dayMs)).status).toBe(200);
    expect(await eventsOf(other, 'hold.expired')).toEqual([]);
    expect(await eventsOf(live, 'hold.expired')).toEqual([]);
    expect(Date.parse(String((await clock(other))['time']))).toBeLessThan(soon);
  });
});
