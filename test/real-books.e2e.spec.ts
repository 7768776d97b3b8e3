import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  beancountBalances,
  ensureDebianPackages,
  hledgerBalances,
  packagedFile,
  run,
  withoutTrading,
} from './support/book-tools';
import { LedgerOverHttp } from './support/ledger-over-http';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';

const beancountColumns =
  'transaction=id,date=date,account=account,amount=amount,unit=currency,description=narration';
const beancountQuery = 'select id, date, account, str(position) as amount, currency, narration';
const hledgerColumns =
  'transaction=txnidx,date=date,account=account,amount=amount,unit=commodity,description=description';

/** Most amounts have two decimals, to which bean-query rounds what it lays out. */
const uneven = `
2020-01-01 open Assets:Wallet
2020-01-01 open Assets:Bank
2020-01-01 open Equity:Opening

2021-01-01 * "coins"
  Assets:Wallet     0.12987654 BTC
  Equity:Opening   -0.12987654 BTC

2021-01-02 * "a satoshi"
  Assets:Wallet     0.00000001 BTC
  Equity:Opening   -0.00000001 BTC

2021-01-03 * "bought"
  Assets:Wallet     0.25 BTC {20000 USD}
  Assets:Bank      -5000.00 USD

2021-01-04 * "wei"
  Assets:Wallet     1000000.000000000000000001 ETH
  Equity:Opening   -1000000.000000000000000001 ETH

2021-01-05 * "two decimals"
  Assets:Bank       12.50 BTC
  Equity:Opening   -12.50 BTC

2021-01-06 * "two decimals"
  Assets:Bank       7.25 BTC
  Equity:Opening   -7.25 BTC
`;

/** Names, signs, marks and units as people write them. */
const household = `
account assets:cash
2024-01-01 ! (c1) Shop | "quoted", note  ; tag:x
    assets:cash in hand     $-1,000.00
    expenses:food & drink

2024-01-02 Wechsel
    Assets:Bank:Zürich      1.000,50 CHF @ $1.10
    assets:cash in hand

2024-01-03 orchard
    assets:fruit            5 "Golden Apples 2"
    assets:time             1.25 h
    income:gifts
    equity:opening

2024-01-04 nothing
    assets:cash in hand     0
    expenses:zero           0

2024-01-05 shares
    assets:cash in hand     $-250.10
    assets:shares           3.125 MSFT @@ $250.10

2024-01-06 the same twice
    expenses:coffee         $3
    assets:cash in hand
2024-01-06 the same twice
    expenses:coffee         $3
    assets:cash in hand
`.replace(
  '    income:gifts\n    equity:opening\n',
  '    income:gifts           -5 "Golden Apples 2"\n    equity:opening         -1.25 h\n',
);

describe('real books', () => {
  let server: RunningStandalone;
  let folder: string;
  const file = async (name: string, text: string): Promise<string> => {
    const target = path.join(folder, name);
    await writeFile(target, text);
    return target;
  };

  beforeAll(async () => {
    ensureDebianPackages('beancount', 'hledger');
    folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-books-'));
    server = await runStandalone();
  }, 300_000);
  afterAll(async () => {
    await server?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  describe("beancount's example", () => {
    let ledger: LedgerOverHttp;
    let source: string;
    let postings: string;

    beforeAll(async () => {
      source = await file(
        'example.beancount',
        packagedFile('example.beancount', 'beancount', 'python3-beancount'),
      );
      postings = run('bean-query', '-f', 'csv', source, beancountQuery);
      ledger = await LedgerOverHttp.create(server, 'example');
    }, 120_000);

    it('is imported with the balances that bean-query sums, and every unit balances', async () => {
      const summary = await ledger.importCsv(postings, beancountColumns);
      expect(summary).toMatchObject({ errors: [], transactions: { skipped: 0, refused: 0 } });
      expect(postings.trim().split('\n')).toHaveLength(3_550);

      const expected = beancountBalances(source);
      expect(Object.keys(expected).length).toBeGreaterThan(50);
      expect(withoutTrading(await ledger.balances())).toEqual(expected);
      for (const [unit, { debits, credits }] of await sumsOf(ledger)) {
        expect([unit, debits]).toEqual([unit, credits]);
      }
    }, 120_000);

    it('changes nothing when it is imported again, also twice at once', async () => {
      const before = await ledger.trialBalance();
      const summaries = await Promise.all([
        ledger.importCsv(postings, beancountColumns),
        ledger.importCsv(postings, beancountColumns),
      ]);
      for (const { transactions, accounts_opened } of summaries) {
        expect({ ...transactions, accounts_opened }).toMatchObject({
          imported: 0,
          refused: 0,
          accounts_opened: 0,
        });
      }
      expect(await ledger.trialBalance()).toEqual(before);
    }, 120_000);

    it('is booked once when two imports into an empty ledger run at once', async () => {
      const twice = await LedgerOverHttp.create(server, 'twice at once');
      const summaries = await Promise.all([
        twice.importCsv(postings, beancountColumns),
        twice.importCsv(postings, beancountColumns),
      ]);
      expect(summaries.flatMap(({ errors }) => errors)).toEqual([]);
      const imported = summaries.map(({ transactions }) => transactions.imported);
      const skipped = summaries.map(({ transactions }) => transactions.skipped);
      expect(imported.reduce((a, b) => a + b)).toBe(skipped.reduce((a, b) => a + b));
      expect(await twice.balances()).toEqual(await ledger.balances());
    }, 120_000);

    it('is exported as a journal that hledger accepts and sums alike', async () => {
      const journal = await file('example.journal', await ledger.export('hledger'));
      run('hledger', '-f', journal, 'check', '--strict');
      expect(hledgerBalances(journal)).toEqual(await ledger.balances());
    }, 60_000);

    it('is exported for beancount, which accepts it and sums alike', async () => {
      const exported = await file('exported.beancount', await ledger.export('beancount'));
      run('bean-check', exported);
      const balances = beancountBalances(exported);
      expect(withoutTrading(balances, 'Equity:Trading:')).toEqual(beancountBalances(source));
    }, 60_000);

    it.each(['ndjson', 'csv'])(
      'comes back from its %s export',
      async (format) => {
        const copy = await LedgerOverHttp.create(server, `copy from ${format}`);
        const text = await ledger.export(format);
        const summary = format === 'csv' ? await copy.importCsv(text) : await copy.importNdjson(text);
        expect(summary.errors).toEqual([]);
        expect(await copy.balances()).toEqual(await ledger.balances());
      },
      120_000,
    );
  });

  describe('a book of uneven precision', () => {
    it.each(['README.md', 'docs/how-to/import-your-books.md'])('is asked for as %s says', async (name) => {
      const text = await readFile(path.resolve(__dirname, '..', name), 'utf8');
      expect(text).toContain(`bean-query -f csv books.beancount '${beancountQuery}'`);
      expect(text).toContain(beancountColumns);
    });

    it('keeps every digit on the way from beancount', async () => {
      const source = await file('uneven.beancount', uneven);
      const postings = run('bean-query', '-f', 'csv', source, beancountQuery);
      const ledger = await LedgerOverHttp.create(server, 'uneven');
      expect((await ledger.importCsv(postings, beancountColumns)).errors).toEqual([]);
      const balances = withoutTrading(await ledger.balances());
      expect(balances).toEqual(beancountBalances(source));
      expect(balances['Assets:Wallet BTC']).toBe('0.37987655');
      expect(balances['Assets:Wallet ETH']).toBe('1000000.000000000000000001');
      const exported = await file('uneven-exported.beancount', await ledger.export('beancount'));
      run('bean-check', exported);
      expect(withoutTrading(beancountBalances(exported), 'Equity:Trading:')).toEqual(balances);
    }, 60_000);

    it('keeps every digit on the way from hledger', async () => {
      const journal = uneven
        .replace(/^.* open .*$/gm, '')
        .replace('2021', 'commodity 1000.00 BTC\n2021')
        .replace(/\{.*?\}/g, '@ 20000 USD');
      const source = await file('uneven.journal', journal.replace(/ \* /g, ' '));
      const ledger = await LedgerOverHttp.create(server, 'uneven, hledger');
      const csv = run('hledger', '-f', source, 'print', '-O', 'csv');
      expect((await ledger.importCsv(csv, hledgerColumns)).errors).toEqual([]);
      const balances = withoutTrading(await ledger.balances());
      expect(balances['Assets:Wallet BTC']).toBe('0.37987655');
      expect(balances['Assets:Wallet ETH']).toBe('1000000.000000000000000001');
    }, 60_000);
  });

  describe('unit codes and accounts that are words of beancount', () => {
    it('are renamed where it needs that, so that bean-check accepts the export', async () => {
      const ledger = await LedgerOverHttp.create(server, 'words');
      const codes = ['TRUE', 'FALSE', 'NULL', 'T', 'A.', '"""A-"""', 'A_B', 'NULL.', 'X1', 'A.B-C'];
      const names = ['TRUE', 'FALSE', 'NULL', '2024-01-01', 'null', '-', 'é'];
      const lines = [...codes.map((code) => [code, 'a']), ...names.map((name) => ['EUR', name])].map(
        ([unit, name], i) =>
          `${i},2024-01-01,assets:${name},1.5,${unit}\n${i},2024-01-01,equity:b,-1.5,${unit}\n`,
      );
      const summary = await ledger.importCsv(`transaction,date,account,amount,unit\n${lines.join('')}`);
      expect(summary.errors).toEqual([]);
      for (const effective_at of ['0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z']) {
        const [debit_account, credit_account] = ['assets:TRUE', 'equity:b:EUR'];
        const transfer = { debit_account, credit_account, amount: '1', currency: 'EUR', effective_at };
        expect((await ledger.post('/transfers', transfer)).status).toBe(201);
      }
      const texts = [
        '"',
        '\\',
        'a\\"',
        '; x',
        'a\nb',
        '\r',
        '\t',
        '\u2028',
        '\u0001',
        '2024-01-01',
        '* !',
        '(x) y',
        '|',
        '#t ^l',
        '{1}',
        '=1',
        '\ud83d\ude00',
        ' ',
      ];
      for (const [i, description] of texts.entries()) {
        const transfer = {
          debit_account: 'assets:TRUE',
          credit_account: 'equity:b:EUR',
          amount: '1',
          currency: 'EUR',
        };
        const answer = await ledger.post('/transfers', {
          ...transfer,
          description,
          reference: `${i}${description}`,
        });
        expect([description, answer.status]).toEqual([description, 201]);
      }
      run('bean-check', await file('words.beancount', await ledger.export('beancount')));
      run('hledger', '-f', await file('words.journal', await ledger.export('hledger')), 'check', '--strict');
    }, 60_000);
  });

  describe('books of hledger', () => {
    it('are imported from its CSV, and exported to balances that are the same', async () => {
      const source = await file('household.journal', household);
      const csv = run('hledger', '-f', source, 'print', '-O', 'csv');
      const ledger = await LedgerOverHttp.create(server, 'household');
      const summary = await ledger.importCsv(csv, hledgerColumns);
      expect(summary).toMatchObject({ errors: [], transactions: { imported: 6, skipped: 1 } });
      expect(withoutTrading(await ledger.balances())).toEqual(hledgerBalances(source));
      expect((await ledger.importCsv(csv, hledgerColumns)).transactions).toEqual({
        imported: 0,
        skipped: 7,
        refused: 0,
      });

      const exported = await file('exported.journal', await ledger.export('hledger'));
      run('hledger', '-f', exported, 'check', '--strict');
      expect(withoutTrading(hledgerBalances(exported))).toEqual(hledgerBalances(source));
      const again = await LedgerOverHttp.create(server, 'household again');
      await again.importCsv(run('hledger', '-f', exported, 'print', '-O', 'csv'), hledgerColumns);
      expect(await again.balances()).toEqual(await ledger.balances());
      run('bean-check', await file('household.beancount', await ledger.export('beancount')));
    }, 120_000);
  });

  describe('an import that can not be booked', () => {
    const csv = (text: string): string => `transaction,date,account,amount,unit\n${text}`;

    it('names the line and books the rest', async () => {
      const ledger = await LedgerOverHttp.create(server, 'partial');
      const good = '1,2024-01-01,assets:a,1.00,USD\n1,2024-01-01,equity:b,-1.00,USD\n';
      const summary = await ledger.importCsv(
        csv(`${good}2,2024-01-01,assets:a,1.001,USD\n2,2024-01-01,equity:b,-1.001,USD\n`),
      );
      expect(summary.transactions).toEqual({ imported: 1, skipped: 0, refused: 1 });
      expect(summary.errors).toMatchObject([
        { code: 'too_many_decimals', line: 4 },
        { code: 'too_many_decimals', line: 5 },
      ]);
      expect(await ledger.balances()).toEqual({ 'assets:a USD': '1', 'equity:b USD': '-1' });
    });

    it.each([
      [422, 'nothing_imported', csv('1,2024-01-01,assets:a,1,USD\n'), ''],
      [400, 'missing_column', 'a,b\n1,2\n', ''],
      [
        400,
        'unknown_column',
        csv(''),
        '?columns=transaction%3Dx,date%3Ddate,account%3Daccount,amount%3Damount',
      ],
      [400, 'invalid_columns', csv(''), '?columns=x'],
      [400, 'unknown_parameter', csv(''), '?column=x'],
      [400, 'malformed_csv', '', ''],
    ])('is answered with %i %s', async (status, code, text, query) => {
      const ledger = await LedgerOverHttp.create(server, 'refused');
      const answer = await ledger.post(`/imports${query}`, text, 'text/csv');
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect({ status: answer.status, ...((await answer.json()) as object) }).toMatchObject({ status, code });
      expect(await ledger.trialBalance()).toEqual([]);
    });

    it('is refused when it is neither CSV nor NDJSON, or the ledger does not exist', async () => {
      const ledger = await LedgerOverHttp.create(server, 'types');
      expect((await ledger.post('/imports', '{}')).status).toBe(415);
      expect((await ledger.post('/imports', 'x', 'text/plain')).status).toBe(415);
      expect((await ledger.post('/transactions', 'x', 'text/csv')).status).toBe(415);
      expect((await ledger.fetch('/v1/ledgers/led_no/export')).status).toBe(404);
      expect((await ledger.fetch(`/v1/ledgers/${ledger.id}/export?format=xls`)).status).toBe(400);
    });

    it('writes nothing in a dry run, and reports progress when asked', async () => {
      const ledger = await LedgerOverHttp.create(server, 'dry');
      const text = csv('1,2024-01-01,assets:a,1.5,POINTS\n1,2024-01-01,equity:b,-1.5,POINTS\n');
      const dry = await ledger.post('/imports?dry_run=true', text, 'text/csv');
      expect(await dry.json()).toMatchObject({
        dry_run: true,
        transactions: { imported: 1 },
        accounts_opened: 2,
      });
      expect(await ledger.all(`/v1/ledgers/${ledger.id}/accounts`)).toEqual([]);
      const answer = await ledger.post('/imports', text, 'text/csv', 'application/x-ndjson');
      const lines = (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(lines.at(-2)).toMatchObject({ object: 'import_progress', eta_seconds: 0 });
      expect(lines.at(-1)).toMatchObject({ object: 'import', transactions: { imported: 1 } });
    });
  });
});

async function sumsOf(
  ledger: LedgerOverHttp,
): Promise<ReadonlyMap<string, { debits: bigint; credits: bigint }>> {
  const sums = new Map<string, { debits: bigint; credits: bigint }>();
  for (const { currency, debits, credits } of await ledger.trialBalance()) {
    const sum = sums.get(currency) ?? { debits: 0n, credits: 0n };
    sums.set(currency, { debits: sum.debits + BigInt(debits), credits: sum.credits + BigInt(credits) });
  }
  return sums;
}
