import { startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import { HttpSpec } from './support/http-spec';
import type { HttpRequest } from './support/http-spec';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';

jest.setTimeout(240_000);

const appendBytesMax = 65_536;
// Long names: an event has a name once for each entry and again for each line, so that what takes back an event is larger.
const accounts = Array.from({ length: 64 }, (_, i) => `${'a'.repeat(198)}${i + 10}`);
const [debtor, creditor] = accounts;
const entries = (count: number, amount = '2') =>
  Array.from({ length: count }, (_, i) => ({
    account: accounts[i % accounts.length],
    direction: i % 2 === 0 ? 'debit' : 'credit',
    amount,
    currency: 'USD',
  }));

/** What the event store takes at once bounds what a client may send: each refusal for it, over HTTP. */
describe('what is larger than the event store takes at once', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let http: HttpSpec;
  let path: string;

  beforeAll(async () => {
    buildStandalone();
    const [folder, server, database] = await Promise.all([
      temporaryFolder(),
      startEventStoreDbServer(),
      testDatabase(),
    ]);
    closers.push(
      () => folder.remove(),
      () => server.close(),
      () => database.drop(),
    );
    const standalone = await startStandaloneProcess({
      dataFolder: folder.path,
      environment: {
        EVENT_STORE_URL: server.url,
        EVENT_STORE_APPEND_BYTES_MAX: String(appendBytesMax),
        DATABASE_URL: database.url,
      },
    });
    closers.push(() => standalone.stop());
    const organization = new HttpSpec(standalone.url, standalone.apiKey, '');
    const { id } = (await organization.send({ path: '/v1/ledgers', body: { name: 'large' } })).json;
    http = new HttpSpec(standalone.url, standalone.apiKey, String(id));
    path = `/v1/ledgers/${String(id)}`;
    for (const address of accounts)
      await http.send({ path: `${path}/accounts`, body: { address, type: 'asset', currency: 'USD' } });
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  const accepted = async (body: object): Promise<string> =>
    String((await http.when({ path: `${path}/transactions`, body }).thenAccepted()).json['id']);

  /** A dry run is refused alike. */
  async function refused(request: HttpRequest, code: string): Promise<void> {
    await http.when({ ...request, path: `${request.path}?dry_run=true` }).thenRefused(400, code);
    await http.when(request).thenRefused(400, code);
  }

  it('is refused of a transaction, and of a bulk that is atomic', async () => {
    const tooMany = { path: `${path}/transactions`, body: { entries: entries(1_000) } };
    await refused(tooMany, 'bulk_too_large');
    const transactions = Array.from({ length: 5 }, () => ({ entries: entries(100) }));
    const bulk = { path: `${path}/transactions/bulk`, body: { transactions, atomic: true } };
    await refused(bulk, 'bulk_too_large');
  });

  it('is refused of a hold that could not be released by one event', async () => {
    const body = { entries: entries(100), pending: true };
    await http.when({ path: `${path}/transactions`, body: { entries: entries(100) } }).thenAccepted();
    await refused({ path: `${path}/transactions`, body }, 'hold_too_large');
    const bulk = { path: `${path}/transactions/bulk`, body: { transactions: [body], atomic: true } };
    await refused(bulk, 'hold_too_large');
  });

  it('is refused of a capture of parts, and of a reversal; the whole can be captured', async () => {
    const hold = await accepted({ entries: entries(64), pending: true });
    const capture = `${path}/transactions/${hold}/capture`;
    const parts = { path: capture, body: { entries: entries(64, '1') } };
    await refused(parts, 'bulk_too_large');
    await http.when({ path: capture }).thenAccepted();
    const posted = await accepted({ entries: entries(140) });
    await refused({ path: `${path}/transactions/${posted}/reverse` }, 'bulk_too_large');
  });

  it('is refused of what has large metadata', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`k${i}`, '\u{1f4b0}'.repeat(500)]),
    );
    const transfer = {
      debit_account: debtor,
      credit_account: creditor,
      amount: '1',
      currency: 'USD',
      metadata,
    };
    const large: readonly (readonly [string, object, string])[] = [
      ['/transfers', transfer, 'bulk_too_large'],
      ['/transfers', { ...transfer, pending: true }, 'hold_too_large'],
      ['/accounts', { address: 'a', type: 'asset', currency: 'USD', metadata }, 'bulk_too_large'],
    ];
    for (const [within, body, code] of large) await refused({ path: `${path}${within}`, body }, code);
    const amendment = { method: 'PATCH', path: `${path}/accounts/${debtor}`, body: { metadata } } as const;
    await refused(amendment, 'bulk_too_large');
    const ledger = { path: '/v1/ledgers', body: { name: 'x', metadata } };
    await refused(ledger, 'bulk_too_large');
  });
});
