import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(120_000);

const endOfYear = '2025-12-31T23:59:59.999Z';

describe('a ledger whose books are closed', () => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let ledger = '';
  let first = '';
  let held = '';

  const made = async (path: string, body: object = {}, headers: Record<string, string> = {}) =>
    (await http.when({ path, body, headers }).thenAccepted()).json;
  const within = (path: string, of = ledger): string => `/v1/ledgers/${of}${path}`;
  const get = async <T = Record<string, unknown>>(path: string): Promise<T> => {
    for (let n = 0; ; n += 1) {
      const { status, json } = await http.send({ method: 'GET', path });
      // A busy machine may need more than the second that a query waits.
      if (status === 503 && n < 50) await delay(100);
      else {
        expect([status, json]).toEqual([200, json]);
        return json as T;
      }
    }
  };
  const move = { debit_account: 'cash', credit_account: 'acme', amount: '100', currency: 'USD' };
  const close = (through: string) => ({ through, reason: 'the year is reconciled' });
  /** What the closed year says, by entries and by balances. */
  const closedBooks = async () => {
    const moment = encodeURIComponent(endOfYear);
    type Sides = { account: string; debits: string; credits: string };
    const trial = await get<{ data: Sides[] }>(within(`/trial-balance?as_of=${moment}&axis=effective`));
    const { entries, closing_balance } = await get(within(`/accounts/cash/statements?to=${moment}`));
    // Accounts that were opened later are there with nothing in them.
    const booked = trial.data.filter(({ debits, credits }) => debits !== credits || debits !== '0');
    expect(booked).toHaveLength(2);
    return { booked, entries, closing_balance };
  };

  beforeAll(async () => {
    parts = await startParts('embedded');
    http = new HttpSpec(parts.url, parts.apiKey, '');
    ledger = String((await made('/v1/ledgers', { name: 'books' }))['id']);
    for (const [address, type] of [
      ['cash', 'asset'],
      ['acme', 'liability'],
    ])
      await made(within('/accounts'), { address, type, currency: 'USD' });
    const inYear = { ...move, effective_at: '2025-06-01T00:00:00Z' };
    first = String((await made(within('/transfers'), inYear))['id']);
    held = String((await made(within('/transfers'), { ...inYear, pending: true }))['id']);
  });
  afterAll(() => parts?.close());

  it('tells of the close what it is, and the same to a retry', async () => {
    const before = await made(within('/period_closes?dry_run=true'), close(endOfYear));
    expect(before).toMatchObject({ dry_run: true, through: endOfYear, previous_through: null });
    const headers = { 'idempotency-key': 'close-2025' };
    const closed = await made(within('/period_closes'), close(endOfYear), headers);
    expect(closed).toMatchObject({
      object: 'period_close',
      through: endOfYear,
      previous_through: null,
      reason: 'the year is reconciled',
    });
    expect(await made(within('/period_closes'), close(endOfYear), headers)).toEqual(closed);
    const { position, ...shown } = closed;
    expect(await get(within(`/period_closes/${String(closed['id'])}`))).toEqual(shown);
    expect(String(position)).toBe(`${ledger}@4`);
  });

  it('is not closed again, nor ahead of time, nor without a reason', async () => {
    const refused = (body: object, status: number, code: string) =>
      http.when({ path: within('/period_closes'), body }).thenRefused(status, code);
    await refused(close('2025-11-30T00:00:00Z'), 409, 'period_already_closed');
    await refused(close(endOfYear), 409, 'period_already_closed');
    await refused(close('2999-01-01T00:00:00Z'), 422, 'period_in_future');
    await refused(close('yesterday'), 400, 'invalid_time');
    await refused({ through: endOfYear, reason: '' }, 400, 'invalid_value');
    await refused({ through: endOfYear }, 400, 'missing_field');
    const none = within(`/period_closes/pcl_${'0'.repeat(26)}`);
    await http.when({ method: 'GET', path: none }).thenRefused(404, 'period_close_not_found');
    const path = within('/period_closes', 'led_other');
    await http.when({ path, body: close(endOfYear) }).thenRefused(404, 'ledger_not_found');
  });

  it('takes nothing into the closed period, by whichever way', async () => {
    const before = await closedBooks();
    const late = { ...move, effective_at: endOfYear };
    const param = '/effective_at';
    await http.when({ path: within('/transfers'), body: late }).thenRefused(422, 'period_closed', { param });
    await http
      .when({ path: within('/transfers'), body: { ...late, pending: true } })
      .thenRefused(422, 'period_closed', { param });
    await http
      .when({ path: within(`/transactions/${first}/reverse`), body: { effective_at: endOfYear } })
      .thenRefused(422, 'period_closed', { param });
    const csv =
      'transaction,date,account,amount,unit\n1,2025-12-31,assets:a,1,USD\n1,2025-12-31,equity:b,-1,USD\n';
    const imported = await http.send({
      path: within('/imports'),
      body: csv,
      headers: { 'content-type': 'text/csv' },
    });
    expect(imported.json).toMatchObject({ errors: [{ code: 'period_closed' }] });
    expect(await closedBooks()).toEqual(before);
  });

  it('takes corrections, which count when they are booked and name what they correct', async () => {
    const before = await closedBooks();
    const correction = { ...move, amount: '5', effective_at: '2025-06-02T00:00:00Z', correction_of: first };
    const made1 = await made(within('/transfers'), correction);
    expect(made1).toMatchObject({ correction_of: first });
    expect(made1['effective_at']).toBe(made1['recorded_at']);
    const { balances: _balances, position: _position, ...shown } = made1;
    expect(await get(within(`/transactions/${String(made1['id'])}`))).toEqual(shown);
    const { data } = await get<{ data: object[] }>(within(`/transactions?correction_of=${first}`));
    expect(data).toEqual([shown]);
    const plain = await made(within('/transfers'), move);
    expect(plain).not.toHaveProperty('correction_of');
    expect(await get(within(`/transactions/${String(plain['id'])}`))).not.toHaveProperty('correction_of');
    await http
      .when({ path: within('/transfers'), body: { ...correction, correction_of: 'txn_none' } })
      .thenRefused(422, 'unknown_transaction', { param: '/correction_of' });
    expect(await closedBooks()).toEqual(before);
  });

  it('books what becomes of older holds, which counts when it happens', async () => {
    const before = await closedBooks();
    const captured = await made(within(`/transactions/${held}/capture`), { amount: '60', final: false });
    expect(captured).toMatchObject({ status: 'pending' });
    await made(within(`/transactions/${held}/void`));
    expect(await closedBooks()).toEqual(before);
    const now = await get<{ posted: object }>(within('/accounts/cash/balance'));
    expect(now.posted).toMatchObject({ balance: '265' });
  });

  it('lists its closes page by page, and tells clients of them', async () => {
    await made(within('/period_closes'), close('2026-01-15T00:00:00Z'));
    await made(within('/period_closes'), close('2026-01-31T23:59:59.999Z'));
    type Page = { data: { id: string; through: string; previous_through: string }[]; next_cursor: string };
    const page = await get<Page>(within('/period_closes?limit=2'));
    expect(page.data.map(({ through }) => through)).toEqual([
      '2026-01-31T23:59:59.999Z',
      '2026-01-15T00:00:00.000Z',
    ]);
    expect(page.data[1]).toMatchObject({ previous_through: endOfYear });
    const rest = await get<Page>(within(`/period_closes?limit=2&cursor=${page.next_cursor}`));
    expect(rest).toMatchObject({ data: [{ through: endOfYear }], has_more: false, next_cursor: null });
    for (const limit of [1, 2, 3, 1])
      expect((await http.send({ method: 'GET', path: within(`/period_closes?limit=${limit}`) })).status).toBe(
        200,
      );
    const bad = within('/period_closes?cursor=x');
    await http.when({ method: 'GET', path: bad }).thenRefused(400, 'invalid_cursor');
    const other = String((await made('/v1/ledgers', { name: 'open' }))['id']);
    expect(await get(within('/period_closes', other))).toMatchObject({ data: [], has_more: false });
    const told = await get<{ data: object[] }>(`/v1/events?type=period.closed&ledger=${ledger}`);
    expect(told.data).toHaveLength(3);
    const { livemode: _live, ...asRecorded } = rest.data[0] as Readonly<Record<string, unknown>>;
    expect(told.data[2]).toMatchObject({ type: 'period.closed', data: { object: asRecorded } });
  });

  it('is closed in its copy, too, and corrections name what they correct there', async () => {
    const headers = { authorization: `Bearer ${parts.apiKey}` };
    const body = await (
      await documentedFetch(`${parts.url}${within('/export?format=ndjson')}`, { headers })
    ).text();
    const copy = String((await made('/v1/ledgers', { name: 'copy' }))['id']);
    const request = {
      path: within('/imports', copy),
      body,
      headers: { 'content-type': 'application/x-ndjson' },
    };
    for (let time = 0; time < 2; time += 1) {
      const { status, json } = await http.send(request);
      expect([status, json]).toMatchObject([200, { errors: [] }]);
    }
    const { data } = await get<{ data: { through: string }[] }>(within('/period_closes', copy));
    expect(data).toHaveLength(3);
    type Transactions = { data: { id: string; correction_of?: string }[] };
    const { data: copied } = await get<Transactions>(within('/transactions', copy));
    const corrected = copied.find(({ correction_of }) => correction_of !== undefined)?.correction_of;
    expect(copied.map(({ id }) => id)).toContain(corrected);
    expect(corrected).not.toBe(first);
    await http
      .when({ path: within('/transfers', copy), body: { ...move, effective_at: endOfYear } })
      .thenRefused(422, 'period_closed');
  });
});

describe('payments of a sandbox whose books are closed', () => {
  it('are booked whatever rails say: an outcome is a fact', async () => {
    const parts = await startParts('embedded');
    try {
      const operator = new HttpSpec(parts.url, parts.apiKey, '');
      const { json: sandbox } = await operator
        .when({ path: '/v1/sandboxes', body: { name: 'shop' } })
        .thenAccepted();
      const http = new HttpSpec(parts.url, String(sandbox['api_key']), '');
      const pay = { amount: '100', currency: 'USD', confirm: true, payment_method: 'pm_card_visa' };
      const asked = { path: '/v1/payments', body: { ...pay, capture_method: 'manual' } };
      const { json: authorized } = await http.when(asked).thenAccepted();
      const { json: ledger } = await http.send({ method: 'GET', path: '/v1/payments_ledger' });
      const path = `/v1/ledgers/${String(ledger['id'])}/period_closes`;
      await delay(5);
      const body = { through: new Date(Date.now() - 1).toISOString(), reason: 'the day is over' };
      await http.when({ path, body }).thenAccepted();
      const capture = { path: `/v1/payments/${String(authorized['id'])}/capture`, body: {} };
      const { json: captured } = await http.when(capture).thenAccepted();
      expect(captured).toMatchObject({ status: 'succeeded', amount_received: '100' });
    } finally {
      await parts.close();
    }
  });
});
