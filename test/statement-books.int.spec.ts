import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Statement } from '@fintech-ledger/audit';
import { formatMinor } from '@fintech-ledger/books/formats';
import { ensureDebianPackages, run } from './support/book-tools';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(180_000);

const dayMs = 86_400_000;
const periods = [
  ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
  ['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
] as const;

/** The exports of a ledger, with what statements of its accounts say put into them as balances that have to hold. */
describe('statements of accounts, held against the exports by other programs', () => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let folder = '';
  let ledger = '';
  const accounts = { 'bank:main': 'asset', 'merchants:acme': 'liability', fees: 'revenue' } as const;

  const made = async (to: string, body: object = {}): Promise<string> =>
    String((await http.when({ path: `/v1/ledgers/${ledger}${to}`, body }).thenAccepted()).json['id']);
  const text = async (to: string): Promise<string> => {
    const answer = await documentedFetch(`${parts.url}/v1/ledgers/${ledger}${to}`, {
      headers: { authorization: `Bearer ${parts.apiKey}` },
    });
    expect([to, answer.status]).toEqual([to, 200]);
    return answer.text();
  };
  const statement = async (account: string, [from, to]: readonly [string, string]): Promise<Statement> =>
    JSON.parse(await text(`/accounts/${account}/statements?from=${from}&to=${to}`)) as Statement;
  const file = async (name: string, content: string): Promise<string> => {
    const written = path.join(folder, name);
    await writeFile(written, content);
    return written;
  };

  beforeAll(async () => {
    ensureDebianPackages('beancount', 'hledger');
    parts = await startParts('embedded');
    folder = await mkdtemp(path.join(os.tmpdir(), 'statement-books-'));
    http = new HttpSpec(parts.url, parts.apiKey, '');
    const created = await http.when({ path: '/v1/ledgers', body: { name: 'books' } }).thenAccepted();
    ledger = String(created.json['id']);
    for (const [address, type] of Object.entries(accounts))
      await made('/accounts', { address, type, currency: 'USD' });
    const move = (amount: string, effective_at: string, more: object = {}): Promise<string> =>
      made('/transfers', {
        ...{ debit_account: 'bank:main', credit_account: 'merchants:acme', currency: 'USD' },
        ...{ amount, effective_at, description: `"${amount}", of ${effective_at}`, ...more },
      });
    // The edges of both periods, out of order.
    await move('10050', '2025-12-31T23:59:59.999Z');
    await move('300', '2026-02-01T00:00:00.000Z');
    await move('7', '2026-01-31T23:59:59.999Z');
    await move('20000', '2026-01-01T00:00:00.000Z');
    await move('1', '2026-03-01T00:00:00.000Z');
    await move('450', '2026-02-28T23:59:59.999Z', {
      debit_account: 'merchants:acme',
      credit_account: 'fees',
    });
    const back = await move('5000', '2026-02-10T12:00:00.000Z');
    await made(`/transactions/${back}/reverse`, { amount: '1250', effective_at: '2026-02-11T12:00:00.000Z' });
    const held = await move('900', '2026-02-12T12:00:00.000Z', { pending: true });
    await made(`/transactions/${held}/capture`, { amount: '600', final: false });
    await made(`/transactions/${held}/void`);
  });
  afterAll(async () => {
    await parts?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Debits less credits, in major units. */
  const signed = ({ debits, credits }: Statement['opening_balance'], more: bigint): string =>
    formatMinor(BigInt(debits) - BigInt(credits) + more, 2);
  /** What the statements say of the beginning and the end of their periods: account, time, amount. */
  const said = async (more = 0n): Promise<readonly (readonly [string, string, string])[]> => {
    const found: (readonly [string, string, string])[] = [];
    for (const account of Object.keys(accounts))
      for (const period of periods) {
        const one = await statement(account, period);
        found.push([account, one.from, signed(one.opening_balance, more)]);
        found.push([account, one.to, signed(one.closing_balance, more)]);
      }
    return found;
  };

  it('bean-check accepts them, and nothing else', async () => {
    const exported = await text('/export?format=beancount');
    const names = new Map(
      [...exported.matchAll(/ open (\S+)\n {2}address: "([^"]+)"/g)].map(([, name, address]) => [
        address,
        name,
      ]),
    );
    // Of the beginning of a day.
    const balances = async (more?: bigint): Promise<string> =>
      (await said(more))
        .map(
          ([account, at, amount]) => `${at.slice(0, 10)} balance ${names.get(account)} ${amount} ~ 0 USD\n`,
        )
        .join('');
    run('bean-check', await file('books.beancount', `${exported}\n${await balances()}`));
    const wrong = await file('wrong.beancount', `${exported}\n${await balances(1n)}`);
    expect(() => run('bean-check', wrong)).toThrow(/Balance failed/);
  });

  it('hledger check accepts them, and nothing else', async () => {
    const exported = await text('/export?format=hledger');
    // Of the end of the day before.
    const balances = async (more?: bigint): Promise<string> =>
      (await said(more))
        .map(([account, at, amount]) => {
          const day = new Date(Date.parse(at) - dayMs).toISOString().slice(0, 10);
          return `\n${day} statement\n    ${account}  0.00 USD = ${amount} USD\n`;
        })
        .join('');
    run('hledger', '-f', await file('books.journal', `${exported}${await balances()}`), 'check');
    const wrong = await file('wrong.journal', `${exported}${await balances(1n)}`);
    expect(() => run('hledger', '-f', wrong, 'check')).toThrow(/balance assertion/i);
  });

  it('hledger check accepts a statement as CSV, each of its balances', async () => {
    // Balances are in the direction of the account; assertions hold of a journal, and not of CSV.
    const rules = (credit: '' | '-', debit: '' | '-'): string => `skip 1
fields kind, date, recorded, code, revision, description, direction, value, after, unit
date-format %Y-%m-%d
account1 statement
account2 elsewhere
amount ${credit}%value %unit
balance %after %unit
if %direction debit
  amount ${debit}%value %unit
if %kind opening_balance
  amount %after %unit
if %kind closing_balance
  amount 0 %unit
`;
    const journalOf = async (csv: string, by: string): Promise<string> => {
      const days = await file('statement.csv', csv.replaceAll(/T\d\d:\d\d:\S{6}Z/g, ''));
      return file('statement.journal', run('hledger', '--rules-file', by, '-f', days, 'print'));
    };
    for (const [account, type] of Object.entries(accounts))
      for (const [from, to] of periods) {
        const csv = await text(`/accounts/${account}/statements?from=${from}&to=${to}&format=csv`);
        const by = await file('rules', type === 'asset' ? rules('-', '') : rules('', '-'));
        run('hledger', '-f', await journalOf(csv, by), 'check');
        const [line = ''] = /^closing_balance.*$/m.exec(csv) ?? [];
        const wrong = await journalOf(csv.replace(line, line.replace(/(\d+),USD/, '1$1,USD')), by);
        expect(() => run('hledger', '-f', wrong, 'check')).toThrow(/balance assertion/i);
      }
  });
});
