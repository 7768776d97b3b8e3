import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;

const dayMs = 86_400_000;
const start = Date.parse('2031-01-01T00:00:00.000Z');
const day = (days: number): string => new Date(start + days * dayMs).toISOString();

/** The ledgers of a sandbox, whose clock is set. */
class Sandbox {
  private constructor(
    readonly http: HttpSpec,
    private readonly url: string,
    private readonly key: string,
  ) {}

  static async at({ url, apiKey }: PartsInProcess, days: number): Promise<Sandbox> {
    const live = new HttpSpec(url, apiKey, '');
    const { json } = await live.when({ path: '/v1/sandboxes', body: { name: 'Test' } }).thenAccepted();
    const key = String(json['api_key']);
    const sandbox = new Sandbox(new HttpSpec(url, key, ''), url, key);
    await sandbox.http.when({ method: 'PUT', path: '/v1/clock', body: { time: day(days) } }).thenAccepted();
    return sandbox;
  }

  async advance(days: number): Promise<void> {
    await this.http.when({ path: '/v1/clock/advance', body: { to: day(days) } }).thenAccepted();
  }
  async made(path: string, body: object): Promise<Json> {
    return (await this.http.when({ path, body }).thenAccepted()).json;
  }
  async newLedger(): Promise<string> {
    return String((await this.made('/v1/ledgers', { name: 'Books' }))['id']);
  }
  async exported(ledger: string, format = 'ndjson'): Promise<string> {
    const answer = await documentedFetch(`${this.url}/v1/ledgers/${ledger}/export?format=${format}`, {
      headers: { authorization: `Bearer ${this.key}` },
    });
    return answer.text();
  }
  async importedFrom(body: string): Promise<string> {
    const ledger = await this.newLedger();
    const path = `/v1/ledgers/${ledger}/imports`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const { json } = await this.http.when({ method: 'POST', path, headers, body }).thenAccepted();
    expect(json).toMatchObject({ errors: [], transactions: { refused: 0, skipped: 0 } });
    const again = await this.http.when({ method: 'POST', path, headers, body }).thenAccepted();
    expect(again.json).toMatchObject({ errors: [], transactions: { refused: 0, imported: 0 } });
    return ledger;
  }
  private async list(path: string): Promise<readonly Json[]> {
    return (await this.http.ask({ path })).json['data'] as readonly Json[];
  }

  /** What is asked of a ledger, but for ids and the time at which its events were recorded. */
  async seen(ledger: string): Promise<object> {
    const path = `/v1/ledgers/${ledger}`;
    const transactions = await this.list(`${path}/transactions?limit=100`);
    const states = transactions.map(({ id: _, recorded_at: _at, reverses, reversed_by: by, ...others }) => ({
      ...others,
      reverses: reverses !== null,
      reversedBy: (by as readonly string[]).length,
    }));
    const times = [-3, -1.5, -0.5, 0, 0.5, 0.75, 1, 1.5, 2, 2.5, 3];
    const balances = times.map(async (at) => {
      const each = ['a', 'b'].map(async (address) => {
        const asked = `${path}/accounts/${address}/balance?as_of=${day(at)}`;
        const { posted, pending } = (await this.http.ask({ path: asked })).json;
        return { posted, pending };
      });
      return [day(at), await Promise.all(each)];
    });
    return {
      states: byDescription(states),
      balances: Object.fromEntries(await Promise.all(balances)) as object,
    };
  }

  /** When it was told of holds of a ledger that they have expired. */
  async expiries(ledger: string): Promise<readonly unknown[]> {
    const expired = await this.list(`/v1/events?type=hold.expired&ledger=${ledger}&limit=100`);
    return expired.map(({ created_at: at }) => at).sort();
  }
}

const byDescription = (states: readonly Json[]): readonly Json[] =>
  [...states].sort((a, b) => (String(a['description']) < String(b['description']) ? -1 : 1));

/** The lines of an export by what they are of, without the ids that a copy has otherwise. */
function saidOf(text: string): readonly string[] {
  const descriptions = new Map<unknown, unknown>();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json)
    .flatMap(({ id, transaction, ...line }) => {
      if (['export', 'proof_bundle'].includes(String(line['object']))) return [];
      if (line['object'] === 'transaction') descriptions.set(id, line['description']);
      return [JSON.stringify({ ...line, of: descriptions.get(transaction) })];
    })
    .sort();
}

/** Holds in every state that there is, two days after the first of them. */
async function sourceAt(sandbox: Sandbox): Promise<string> {
  const ledger = await sandbox.newLedger();
  for (const address of ['a', 'b'])
    await sandbox.made(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
  const hold = async (description: string, expires: number | null, more: object = {}): Promise<string> => {
    const terms = { debit_account: 'a', credit_account: 'b', amount: '100', currency: 'USD', pending: true };
    const expires_at = expires === null ? null : day(expires);
    const body = { ...terms, description, expires_at, ...more };
    return String((await sandbox.made(`/v1/ledgers/${ledger}/transfers`, body))['id']);
  };
  const act = (id: string, what: 'capture' | 'void' | 'reverse', body: object = {}): Promise<Json> =>
    sandbox.made(`/v1/ledgers/${ledger}/transactions/${id}/${what}`, body);
  const part = { amount: '30', final: false };

  const whole = await hold('captured', 0.5, { effective_at: day(-2) });
  const voided = await hold('voided', 2.5);
  const several = await hold('captured twice, and the rest expired', 1);
  await hold('expired', 1);
  const open = await hold('captured in part', 3);
  const reversed = await hold('captured in part and reversed', 30);
  await hold('expires soon', 2.5);
  await hold('open', 30);
  await hold('open for ever', null);
  await act(whole, 'capture');
  await act(several, 'capture', part);
  await sandbox.advance(0.75);
  await act(several, 'capture', part);
  await act(voided, 'void');
  await sandbox.advance(1.5);
  await act(open, 'capture', part);
  await act(reversed, 'capture', part);
  await act(reversed, 'reverse', { amount: '10', description: 'reversal' });
  await act(await hold('captured at last', 3), 'capture', { amount: '60' });
  await sandbox.advance(2);
  return ledger;
}

describe('holds of an imported ledger', () => {
  let here: PartsInProcess;
  let elsewhere: PartsInProcess;
  let source: Sandbox;
  let ledger: string;
  let text: string;

  beforeAll(async () => {
    here = await startParts('embedded');
    elsewhere = await startParts('embedded');
    source = await Sandbox.at(here, 0);
    ledger = await sourceAt(source);
    text = await source.exported(ledger);
  });
  afterAll(async () => {
    await here?.close();
    await elsewhere?.close();
  });

  /** What falls due when it is imported is recorded by the writer on its own. */
  async function settled(sandbox: Sandbox, copy: string, expected: object): Promise<void> {
    for (let n = 0; n < 50; n += 1) {
      if (jsonOf(await sandbox.seen(copy)) === jsonOf(expected)) break;
      await delay(100);
    }
    expect(await sandbox.seen(copy)).toEqual(expected);
  }
  const jsonOf = (value: object): string => JSON.stringify(value);

  it('are as they were, here and in another installation, and end when they would have ended there', async () => {
    const there = await Sandbox.at(elsewhere, 2);
    const copies: [Sandbox, string][] = [
      [source, await source.importedFrom(text)],
      [there, await there.importedFrom(text)],
    ];
    for (const [sandbox, copy] of copies) {
      await settled(sandbox, copy, await source.seen(ledger));
      expect(saidOf(await sandbox.exported(copy))).toEqual(saidOf(text));
    }
    const late = await Sandbox.at(elsewhere, 20);
    const lateCopy = await late.importedFrom(text);

    await source.advance(20);
    await there.advance(20);
    const after = await source.seen(ledger);
    expect(await source.expiries(ledger)).toEqual([day(1), day(1), day(2.5), day(3)]);
    // What had expired is told when it is imported.
    for (const [sandbox, copy] of copies)
      expect(await sandbox.expiries(copy)).toEqual([day(2), day(2), day(2.5), day(3)]);
    for (const [sandbox, copy] of [...copies, [late, lateCopy] as const]) {
      await settled(sandbox, copy, after);
      expect(saidOf(await sandbox.exported(copy))).toEqual(saidOf(await source.exported(ledger)));
      const posted = (csv: string) =>
        csv
          .replaceAll(/^txn_\w+(-\d+)?,/gm, '')
          .split('\r\n')
          .sort();
      expect(posted(await sandbox.exported(copy, 'csv'))).toEqual(
        posted(await source.exported(ledger, 'csv')),
      );
    }
  });

  it('stand beside sums of amounts, which have more digits than one of them', async () => {
    const sandbox = await Sandbox.at(elsewhere, 0);
    const body = { amount: '9'.repeat(36), currency: 'USD', confirm: true, payment_method: 'pm_card_visa' };
    for (const _ of [1, 2]) await sandbox.made('/v1/payments', body);
    await sandbox.advance(3);
    const { json } = await sandbox.http.ask({ path: '/v1/payments_ledger' });
    const exported = await sandbox.exported(String(json['id']));
    // What was settled of both together.
    expect(exported).toMatch(/"amount":"[0-9]{37}"/);
    const copy = await sandbox.importedFrom(exported);
    expect(saidOf(await sandbox.exported(copy))).toEqual(saidOf(exported));
    const csv = await sandbox.exported(copy, 'csv');
    const path = `/v1/ledgers/${await sandbox.newLedger()}/imports`;
    const headers = { 'content-type': 'text/csv' };
    const again = await sandbox.http.when({ method: 'POST', path, headers, body: csv }).thenAccepted();
    expect(again.json).toMatchObject({ errors: [], transactions: { refused: 0, skipped: 0 } });
  });

  it('are refused with the position that they were judged at: a read of it sees why', async () => {
    const sandbox = await Sandbox.at(elsewhere, 0);
    const ledger = await sandbox.newLedger();
    for (const address of ['a', 'b'])
      await sandbox.made(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
    const terms = { debit_account: 'a', credit_account: 'b', amount: '100', currency: 'USD' };
    const hold = { ...terms, pending: true, expires_at: day(1) };
    const { id } = await sandbox.made(`/v1/ledgers/${ledger}/transfers`, hold);
    await sandbox.advance(2);
    const path = `/v1/ledgers/${ledger}/transactions/${String(id)}`;
    const late = await sandbox.http.send({ method: 'POST', path: `${path}/void`, body: {} });
    expect([late.status, late.json['code']]).toEqual([422, 'hold_expired']);
    // Accounts, the hold and its expiry.
    expect(late.headers['ledger-position']).toBe(`${ledger}@3`);
    const headers = { 'ledger-min-position': String(late.headers['ledger-position']) };
    const read = await sandbox.http.send({ method: 'GET', path, headers });
    expect([read.status, read.json['status']]).toEqual([200, 'expired']);
  });

  it('refuses a line that says no time of a capture', async () => {
    const sandbox = await Sandbox.at(elsewhere, 2);
    const path = `/v1/ledgers/${await sandbox.newLedger()}/imports`;
    const line = { object: 'void', transaction: 'txn_1', effective_at: 'yesterday' };
    const headers = { 'content-type': 'application/x-ndjson' };
    const { status, json } = await sandbox.http.send({
      method: 'POST',
      path,
      headers,
      body: JSON.stringify(line),
    });
    expect([status, json]).toMatchObject([
      422,
      { errors: [{ code: 'malformed_line', line: 1, column: 'effective_at' }] },
    ]);
  });
});
