import { ChainVerifier } from '@fintech-ledger/books/formats';
import { eventOfText, journalStream, organizationStream } from '@fintech-ledger/envelope';
import { envelope } from '@fintech-ledger/journal';
import type { LedgerView } from '@fintech-ledger/access/domain';
import { Modules } from '@fintech-ledger/manifest';
import { modules } from '../apps/modules';
import { balanceOf, bankOf, earnedOf, transitOf } from '../libs/testing/postage/postage-part';
import type { PostageCommand } from '../libs/testing/postage/postage-part';
import { postageModule } from '../libs/testing/postage/postage-module';
import { documentedFetch } from './support/documented-fetch';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(180_000);

// A process whose list of modules has one that no product has: what it books in a ledger is shown as all else.
const joined = new Modules([...modules.manifests, postageModule]);
const [bank, ann, transit, earned] = [
  bankOf('USD'),
  balanceOf('ann', 'USD'),
  transitOf('USD'),
  earnedOf('USD'),
];

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}
interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}
interface Entry {
  readonly account: string;
  readonly direction: string;
  readonly amount: string;
  readonly transaction: string;
  readonly event: { readonly type: string };
  readonly running: { readonly posted: string };
}

describe('a ledger that another module books in, over HTTP', () => {
  let parts: PartsInProcess;
  let organizationId: string;
  let ledger: string;
  let position = '';
  /** The moment before the last booking, and its revision. */
  let before: { readonly time: string; readonly revision: number };

  const http = async (path: string, options: RequestInit = {}): Promise<Answer> => {
    const headers = {
      authorization: `Bearer ${parts.apiKey}`,
      ...(position !== '' && options.method === undefined && { 'ledger-min-position': position }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...(options.headers as Record<string, string> | undefined),
    };
    const answer = await documentedFetch(`${parts.url}${path}`, { ...options, headers });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') === true && !path.includes('/export');
    return { status: answer.status, text, json: isJson ? (JSON.parse(text) as Answer['json']) : {} };
  };
  const get = async <T>(path: string): Promise<T> => {
    const { status, text, json } = await http(`/v1/ledgers/${ledger}${path}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return json as T;
  };
  const change = (method: 'POST' | 'PATCH', path: string, body: object): Promise<Answer> =>
    http(`/v1/ledgers/${ledger}${path}`, { method, body: JSON.stringify(body) });
  const by = (key: string) => ({
    organizationId,
    actor: 'system',
    correlationId: key,
    dryRun: false,
    idempotencyKey: key,
    requestHash: key,
  });
  const submit = async (stream: string, command: object, key: string): Promise<Answer['json']> => {
    const outcome = await parts.gateway.submit(envelope(stream, command, by(key)));
    if (outcome.kind === 'refused') throw new Error(`${key}: ${outcome.refusal.code}`);
    return JSON.parse(outcome.answer) as Answer['json'];
  };
  const send = async (command: PostageCommand, key: string): Promise<void> => {
    position = String((await submit(journalStream(ledger), command, key))['position']);
  };

  beforeAll(async () => {
    parts = await startParts('embedded', joined);
    const answer = await documentedFetch(`${parts.url}/v1/ledgers`, {
      headers: { authorization: `Bearer ${parts.apiKey}` },
    });
    organizationId = answer.headers.get('ledger-position')?.split('@')[0] ?? '';
    const create = { type: 'CreateLedger', name: 'Postage', managed: 'postage' };
    ledger = String((await submit(organizationStream(organizationId), create, 'ledger'))['id']);
    await change('POST', '/accounts', { address: 'cash', type: 'asset', currency: 'USD' });
    await change('POST', '/accounts', { address: 'capital', type: 'equity', currency: 'USD' });
    const own = { debit_account: 'cash', credit_account: 'capital', amount: '1000', currency: 'USD' };
    await change('POST', '/transfers', own);
    await send({ type: 'PayIn', owner: 'ann', amount: '500', currency: 'USD' }, 'pay in');
    const parcel = { type: 'ChargeParcel', owner: 'ann', currency: 'USD' } as const;
    await send({ ...parcel, parcelId: 'p1', fee: '400', judged: true }, 'charge');
    await send({ ...parcel, parcelId: 'p2', fee: '150', judged: false }, 'charge, which has happened');
    const [, revision = ''] = position.split('@');
    const page = await get<Page<{ metadata: { recordedAt: string } }>>(
      `/events?from_revision=${revision}&limit=1`,
    );
    before = { time: page.data[0]?.metadata.recordedAt ?? '', revision: Number(revision) };
    await until(() => new Date().toISOString() > before.time);
    await send({ type: 'DeliverParcels', parcelIds: ['p1'] }, 'deliver');
    await send({ type: 'LabelParcel', parcelId: 'p1', account: ann }, 'label');
  });
  afterAll(() => parts?.close());

  it('says which module manages it', async () => {
    const { json } = await http(`/v1/ledgers/${ledger}`, { method: 'GET' });
    expect(json).toMatchObject({ id: ledger, managed: 'postage' });
    const other = await http('/v1/ledgers', { method: 'POST', body: JSON.stringify({ name: 'Other' }) });
    expect(other.status).toBe(201);
    expect(other.json as unknown as LedgerView).not.toHaveProperty('managed');
  });

  it('lists the accounts that an event opened, page by page, each once', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Page<{ address: string }> = await get(`/accounts?limit=1${query}`);
      seen.push(...page.data.map(({ address }) => address));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(
      [earned, transit, ann, bank, 'capital', 'cash'].sort((a, b) => seen.indexOf(a) - seen.indexOf(b)),
    );
    expect(new Set(seen).size).toBe(6);
    expect(await get(`/accounts/${ann}`)).toMatchObject({ type: 'liability', min_balance: '0', version: 3 });
  });

  it('has their balances, now and as of a moment, also from the journal', async () => {
    const balance = (query = '') => get(`/accounts/${ann}/balance${query}`);
    const now = { posted: { debits: '550', credits: '500', balance: '-50' }, version: 3 };
    expect(await balance()).toMatchObject(now);
    expect(await balance('?source=journal')).toMatchObject(now);
    const earnedBefore = (query: string) => get(`/accounts/${earned}/balance${query}`);
    expect(await earnedBefore(`?as_of=${before.time}&axis=effective`)).toMatchObject({
      posted: { balance: '0' },
    });
    expect(await get(`/accounts/${transit}/balance?as_of=${before.time}&axis=recorded`)).toMatchObject({
      posted: { balance: '550' },
    });
  });

  it('has their entries, with the event and the transaction that they are of', async () => {
    const { data } = await get<Page<Entry>>(`/accounts/${ann}/entries`);
    expect(data).toMatchObject([
      { direction: 'debit', amount: '150', event: { type: 'ParcelCharged' } },
      { direction: 'debit', amount: '400', event: { type: 'ParcelCharged' } },
      { direction: 'credit', amount: '500', event: { type: 'PostagePaidIn' } },
    ]);
    const id = data[0]?.transaction ?? '';
    expect(await get(`/transactions/${id}`)).toMatchObject({
      id,
      status: 'posted',
      is_hold: false,
      entries: [{ account: ann, amount: '150' }, { account: transit }],
    });
    expect((await get<Page<{ id: string }>>('/transactions')).data).toHaveLength(5);
  });

  it('has a trial balance that balances, now and as of a moment', async () => {
    const asOf = `as_of=${before.time}`;
    for (const query of ['', `?${asOf}&axis=effective`, `?${asOf}&axis=recorded`]) {
      const balance = await get<Page<{ account: string; credits: string }>>(`/trial-balance${query}`);
      const delivered = query === '' ? '400' : '0';
      expect(balance).toMatchObject({
        balanced: true,
        totals: [{ currency: 'USD', debits: query === '' ? '2450' : '2050' }],
      });
      expect(balance.data.find(({ account }) => account === earned)?.credits ?? '0').toBe(delivered);
    }
  });

  it('finds its events by type and by account', async () => {
    const of = async (query: string) =>
      (await get<Page<{ type: string }>>(`/events?${query}`)).data.map(({ type }) => type);
    expect(await of('type=ParcelCharged')).toEqual(['ParcelCharged', 'ParcelCharged']);
    expect(await of(`account=${transit}`)).toEqual(['ParcelCharged', 'ParcelCharged', 'ParcelDelivered']);
    // What a module calls an account is none of the ledger's.
    expect(await of(`account=${ann}`)).not.toContain('ParcelLabelled');
    expect((await http(`/v1/ledgers/${ledger}/events?type=ParcelLost`)).status).toBe(400);
  });

  it('is verified event by event', async () => {
    const verifier = new ChainVerifier();
    const { text } = await http(`/v1/ledgers/${ledger}/events?limit=100`);
    const { data } = JSON.parse(text) as Page<unknown>;
    const whole = parts.store.readStream(journalStream(ledger), { limit: 100 });
    for (const event of await whole) expect(verifier.check(event)).toBeUndefined();
    expect(verifier.events).toBe(data.length);
    expect(verifier.totals.get('USD')).toEqual({ debits: 2450n, credits: 2450n });
    expect(eventOfText(JSON.stringify(data[0]))).toMatchObject({ revision: 0 });
  });

  it.each([
    ['csv', 'postage:USD:transit,liability,-4.00'],
    ['hledger', 'postage:USD:ann:available  1.50'],
    ['beancount', 'address: "postage:USD:bank"'],
  ])('is exported as %s', async (format, line) => {
    expect((await http(`/v1/ledgers/${ledger}/export?format=${format}`)).text).toContain(line);
  });

  it('is exported whole: imported into another ledger it has the same balances', async () => {
    const { text } = await http(`/v1/ledgers/${ledger}/export`);
    const created = await http('/v1/ledgers', { method: 'POST', body: JSON.stringify({ name: 'Copy' }) });
    const copy = String(created.json['id']);
    const imported = await http(`/v1/ledgers/${copy}/imports`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(imported).toMatchObject({ status: 200, json: { errors: [] } });
    const of = async (id: string) => {
      const [head] = await parts.store.readStream(journalStream(id), { direction: 'backwards', limit: 1 });
      const { json } = await http(`/v1/ledgers/${id}/trial-balance`, {
        headers: { 'ledger-min-position': `${id}@${head?.revision}` },
      });
      const { position: _, ...rest } = json;
      return rest;
    };
    expect(await of(copy)).toEqual(await of(ledger));
  });

  it('is the same when all its read models are built again from the events', async () => {
    const paths = [
      '/accounts',
      `/accounts/${ann}/entries`,
      '/transactions',
      '/trial-balance',
      `/events?account=${ann}`,
    ];
    const read = () => Promise.all(paths.map((path) => get(path)));
    const first = await read();
    await parts.stopProjector();
    await parts.database.query('update read.projections set version = 0');
    parts.startProjector();
    // Beside those that were there, whose place they take.
    await until(async () => {
      const { rows } = await parts.database.query('select from read.projections where version = 0');
      return rows.length === 0;
    });
    expect(await read()).toEqual(first);
  });

  it.each<[string, 'POST' | 'PATCH', string, object]>([
    ['open an account', 'POST', '/accounts', { address: 'postage:x', type: 'asset', currency: 'USD' }],
    ['set a bound', 'PATCH', `/accounts/${ann}`, { min_balance: null }],
    ['freeze one', 'POST', `/accounts/${ann}/freeze`, {}],
    ['close one', 'POST', `/accounts/${earned}/close`, {}],
    [
      'book on one',
      'POST',
      '/transfers',
      { debit_account: ann, credit_account: 'cash', amount: '1', currency: 'USD' },
    ],
  ])('does not let a client %s that the module manages', async (_what, method, path, body) => {
    const { status, json } = await change(method, path, body);
    expect({ status, ...json }).toMatchObject({ status: 422, code: 'account_managed' });
  });

  it('does not let a client reverse what the module booked, and lets him annotate', async () => {
    const { data } = await get<Page<Entry>>(`/accounts/${ann}/entries?limit=1`);
    const refused = await change('POST', `/transactions/${data[0]?.transaction}/reverse`, {});
    expect(refused.json).toMatchObject({ code: 'account_managed' });
    const { status } = await change('PATCH', `/accounts/${ann}`, { metadata: { note: 'ours' } });
    expect(status).toBe(200);
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
