import { fileOf, MemoryBooks } from '../../../testing/books/memory-books';
import { parseTypes } from './account-type';
import { parseColumns } from './csv-columns';
import { importCsv } from './import-csv';
import type { CsvImport } from './import-csv';
import type { ImportSummary } from './import-shape';
import { ImportRefused } from './problem';
import { parseUnits } from './unit-codes';

const run = (text: string, books: MemoryBooks, options: Partial<CsvImport> = {}): Promise<ImportSummary> =>
  importCsv(fileOf(text), books, { ...options });
const head = 'transaction,date,account,amount,unit\n';

describe('what banks write', () => {
  it('is read with semicolons, decimal commas, days first, brackets and narrow spaces', async () => {
    const books = new MemoryBooks();
    const text = [
      '"Nr";"Tag";"Konto";"Betrag";"Währung"',
      '1;03.04.2024;Assets:Bank;(1.234,50);EUR',
      '1;03.04.2024;Expenses:Rent;1\u202f234,50;EUR',
      '2;31.12.2024;Assets:Bank;1.000-;EUR',
      '2;31.12.2024;Expenses:Rent;"1000";EUR',
    ].join('\r\n');
    const columns = parseColumns('transaction=Nr,date=Tag,account=Konto,amount=Betrag,unit=Währung');
    const summary = await run(text, books, { columns });
    expect(summary.errors).toEqual([]);
    expect(books.balances()).toEqual({ 'Assets:Bank': '-223450 EUR', 'Expenses:Rent': '223450 EUR' });
    const [, , booked] = books.recorded;
    expect(JSON.parse(booked?.metadata ?? '')).toMatchObject({ effectiveAt: '2024-04-03T00:00:00.000Z' });
  });

  it('is read with tabs, empty cells included', async () => {
    const books = new MemoryBooks();
    const text =
      'transaction\tdate\tdescription\taccount\tamount\tunit\n1\t2024-01-01\t\tassets:a\t5\tEUR\n1\t2024-01-01\t\tequity:b\t-5\tEUR\n';
    expect((await run(text, books)).errors).toEqual([]);
    expect(books.balances()).toEqual({ 'assets:a': '500 EUR', 'equity:b': '-500 EUR' });
  });

  it('has accounts whose types were named', async () => {
    const books = new MemoryBooks();
    const text = `${head}1,2024-01-01,Aktiva:Bank,5,EUR\n1,2024-01-01,Passiva:Kredit,-5,EUR\n`;
    const refused = await run(text, books);
    expect(refused.errors).toMatchObject([
      {
        code: 'unknown_account_type',
        line: 2,
        column: 'account',
        detail: expect.stringContaining('types=Aktiva=asset'),
      },
      { code: 'unknown_account_type', line: 3 },
    ]);
    expect((await run(text, books, { types: parseTypes('aktiva=asset, Passiva=liability') })).errors).toEqual(
      [],
    );
    expect(await books.account('Passiva:Kredit')).toMatchObject({ type: 'liability' });
  });

  it.each(['', 'Aktiva', 'Aktiva=thing', '=asset', 'a=asset,A=equity', 'a:b=asset'])(
    'has no types %p',
    (text) => expect(() => parseTypes(text)).toThrow(ImportRefused),
  );

  it('may call one unit $ and USD', async () => {
    const books = new MemoryBooks();
    const text = `${head}1,2024-01-01,assets:a,$5,\n1,2024-01-01,equity:b,-5,USD\n2,2024-01-02,assets:a,7,USD\n2,2024-01-02,equity:b,$-7,USD\n`;
    expect((await run(text, books)).errors).toEqual([]);
    expect(books.balances()).toEqual({ 'assets:a': '1200 USD', 'equity:b': '-1200 USD' });
  });

  it('names currencies that were withdrawn since, on days when they were current', async () => {
    const books = new MemoryBooks();
    const text = `${head}1,1999-01-01,assets:a,100,DEM\n1,1999-01-01,equity:b,-100,DEM\n2,2023-01-01,assets:a,5,HRK\n2,2023-01-01,equity:b,-5,HRK\n`;
    const summary = await run(text, books);
    expect(summary.errors).toMatchObject([
      { code: 'withdrawn_currency', line: 4 },
      { code: 'withdrawn_currency', line: 5 },
    ]);
    expect(books.balances()).toEqual({ 'assets:a': '10000 DEM', 'equity:b': '-10000 DEM' });
  });
});

describe('what a file as a whole says', () => {
  it('decides what a point means, and what it leaves open is refused with the way out', async () => {
    const books = new MemoryBooks();
    const open = `${head}1,2024-01-01,assets:a,1.000,EUR\n1,2024-01-01,equity:b,-1.000,EUR\n`;
    expect((await run(open, books)).errors).toMatchObject([
      {
        code: 'ambiguous_amount',
        line: 2,
        column: 'amount',
        detail: expect.stringContaining('decimal_mark=,'),
      },
      { code: 'ambiguous_amount', line: 3, column: 'amount' },
    ]);
    expect(books.recorded).toEqual([]);
    const closed = `${open}2,2024-01-02,assets:a,"1.234,50",EUR\n2,2024-01-02,equity:b,"-1.234,50",EUR\n`;
    expect((await run(closed, books)).errors).toEqual([]);
    expect(books.balances()).toEqual({ 'assets:a': '223450 EUR', 'equity:b': '-223450 EUR' });
  });

  it('gives a new unit as many decimals as it needs, whatever the decimal mark', async () => {
    const books = new MemoryBooks();
    await run(
      `${head}1,2024-01-01,assets:a,"1,123456789",TOK\n1,2024-01-01,equity:b,"-1,123456789",TOK\n`,
      books,
    );
    expect(books.units.get('TOK')).toMatchObject({ exponent: 9 });
  });
});

describe('what is booked for ever', () => {
  const tok = (amount: string, index = 1): string =>
    `${index},2024-01-01,assets:a,${amount},TOK\n${index},2024-01-01,equity:b,-${amount},TOK\n`;

  it('is not fixed by a posting of nothing, with a unit or without', async () => {
    const books = new MemoryBooks();
    const nothing = '1,2024-01-01,assets:a,0,\n1,2024-01-01,equity:b,0,TOK\n1,2024-01-01,equity:b,0.00,EUR\n';
    const summary = await run(`${head}${nothing}`, books);
    expect(summary).toMatchObject({ units_declared: [], accounts_opened: 0, transactions: { skipped: 1 } });
    const mixed = `${head}${nothing}1,2024-01-01,assets:a,5,USD\n1,2024-01-01,equity:b,-5,USD\n`;
    expect(await run(mixed, books)).toMatchObject({ units_declared: [], errors: [] });
    expect(books.balances()).toEqual({ 'assets:a': '500 USD', 'equity:b': '-500 USD' });
  });

  it('is not fixed for a transaction of which one account, or one amount, is refused', async () => {
    const books = new MemoryBooks();
    const open = { type: 'OpenAccount', address: 'equity:b', accountType: 'asset', currency: 'USD' } as const;
    await books.submit(open, 'k');
    const text = `${head}1,2024-01-01,assets:a,5,TOK\n1,2024-01-01,assets:a,5,USD\n1,2024-01-01,equity:b,-5,USD\n1,2024-01-01,equity:c,-5,TOK\n`;
    expect(await run(text, books)).toMatchObject({
      errors: [{ code: 'account_differs', line: 2 }],
      accounts_opened: 0,
      units_declared: [],
    });
    const large = await run(head + tok('1' + '0'.repeat(40)), books);
    expect(large).toMatchObject({ errors: [{ code: 'invalid_amount' }, {}], accounts_opened: 0 });
    expect(books.recorded).toHaveLength(1);
    expect(books.units.size).toBe(0);
  });

  it('leaves room for the digits of later files', async () => {
    const books = new MemoryBooks();
    expect((await run(head + tok('5'), books)).errors).toEqual([]);
    expect(books.units.get('TOK')).toMatchObject({ exponent: 8 });
    expect((await run(head + tok('0.12345678'), books)).errors).toEqual([]);
    expect(books.balances()).toEqual({ 'assets:a': '512345678 TOK', 'equity:b': '-512345678 TOK' });
  });

  it('has the decimals that were asked for, and a refusal names the way out', async () => {
    const books = new MemoryBooks();
    books.units.set('TOK', { exponent: 2, name: 'fixed by an earlier release' });
    const refused = await run(head + tok('0.123'), books);
    expect(refused.errors[0]).toMatchObject({
      code: 'too_many_decimals',
      detail: expect.stringContaining('TOK=TOK.2/8'),
    });
    expect((await run(head + tok('0.123'), books, { units: parseUnits('TOK=TOK/18') })).errors).toMatchObject(
      [{ code: 'unit_differs', detail: expect.stringContaining('TOK=TOK.2/18') }, { code: 'unit_differs' }],
    );
    expect((await run(head + tok('0.123'), books, { units: parseUnits('TOK=TOK.2/18') })).errors).toEqual([]);
    expect(books.units.get('TOK.2')).toMatchObject({ exponent: 18 });
  });

  it('has room for large amounts before it has room for decimals', async () => {
    const books = new MemoryBooks();
    expect((await run(head + tok('1' + '0'.repeat(30)), books)).errors).toEqual([]);
    expect(books.units.get('TOK')).toMatchObject({ exponent: 1 });
  });

  it.each(['', 'TOK', 'TOK=tok', 'TOK=TOK/19', 'TOK=TOK/x', 'TOK=TOK/1/2', 'A=B,A=C'])(
    'is not said by units %p',
    (text) => expect(() => parseUnits(text)).toThrow(ImportRefused),
  );
});
