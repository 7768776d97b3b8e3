import { fileOf, MemoryBooks } from '../../../testing/books/memory-books';
import { parseColumns } from './csv-columns';
import { importCsv } from './import-csv';
import type { CsvImport } from './import-csv';
import type { ImportSummary } from './import-shape';
import { ImportRefused } from './problem';

const hledger = parseColumns(
  'transaction=txnidx,date=date,account=account,amount=amount,unit=commodity,description=description',
);
const head = '"txnidx","date","description","account","amount","commodity"\n';
const line = (...fields: (string | number)[]): string => `${fields.map((field) => `"${field}"`).join(',')}\n`;
const run = (
  text: string,
  books = new MemoryBooks(),
  options: Partial<CsvImport> = {},
): Promise<ImportSummary> => importCsv(fileOf(text), books, { columns: hledger, ...options });

const pay = (index: number, amount = '10.00'): string =>
  line(index, '2024-01-01', 'Shop', 'expenses:food', amount, 'USD') +
  line(index, '2024-01-01', 'Shop', 'assets:cash', `-${amount}`, 'USD');

describe('importCsv', () => {
  it('books a positive amount as a debit and opens accounts by their first segment', async () => {
    const books = new MemoryBooks();
    const summary = await run(head + pay(1), books);
    expect(summary).toMatchObject({
      transactions: { imported: 1, skipped: 0, refused: 0 },
      accounts_opened: 2,
      errors: [],
    });
    expect(books.balances()).toEqual({ 'assets:cash': '-1000 USD', 'expenses:food': '1000 USD' });
  });

  it('adds nothing when it is run again, though the numbers of the transactions shifted', async () => {
    const books = new MemoryBooks();
    await run(head + pay(1) + pay(2) + pay(3, '7'), books);
    const before = books.balances();
    const summary = await run(head + pay(1, '5') + pay(2) + pay(3) + pay(4, '7'), books);
    expect(summary.transactions).toEqual({ imported: 1, skipped: 3, refused: 0 });
    expect(summary.accounts_opened).toBe(0);
    expect(before['assets:cash']).toBe('-2700 USD');
    expect(books.balances()['assets:cash']).toBe('-3200 USD');
  });

  it('gathers lines of a transaction that do not stand together', async () => {
    const books = new MemoryBooks();
    const lines = (pay(1) + pay(2, '3'))
      .trimEnd()
      .split('\n')
      .toSorted()
      .map((text) => `${text}\n`);
    const [a = '', b = '', c = '', d = ''] = lines;
    const summary = await run(head + a + c + b + d, books);
    expect(summary.transactions.imported).toBe(2);
    expect(books.balances()).toEqual({ 'assets:cash': '-1300 USD', 'expenses:food': '1300 USD' });
  });

  it('sends what was exchanged through trading accounts, declares units and opens an account for each unit', async () => {
    const books = new MemoryBooks();
    const text =
      head +
      line(1, '2024-01-02', 'Buy', 'Assets:Broker', '6.675', 'VBMPX') +
      line(1, '2024-01-02', 'Buy', 'Assets:Broker', '-480.07', 'USD') +
      line(2, '2024-01-03', 'Buy', 'Assets:Broker', '1', 'VBMPX') +
      line(2, '2024-01-03', 'Buy', 'Assets:Broker:USD', '-70', 'USD');
    const summary = await run(text, books);
    expect(summary.errors).toEqual([]);
    expect(summary.units_declared).toEqual(['VBMPX']);
    expect(books.units.get('VBMPX')).toEqual({ exponent: 8, name: 'VBMPX' });
    expect(books.balances()).toEqual({
      'Assets:Broker': '767500000 VBMPX',
      'Assets:Broker:USD': '-48007 USD',
      'Assets:Broker:USD:USD': '-7000 USD',
      'equity:trading:USD': '55007 USD',
      'equity:trading:VBMPX': '-767500000 VBMPX',
    });
    expect((await run(text, books)).transactions).toEqual({ imported: 0, skipped: 2, refused: 0 });
  });

  it.each([
    ['unbalanced', 'USD', line(2, '2024-01-01', '', 'assets:a', '1', 'USD'), 4, undefined],
    ['too_many_decimals', 'USD', line(2, '2024-01-01', '', 'assets:a', '1.005', 'USD'), 4, undefined],
    ['unknown_account_type', '', line(2, '2024-01-01', '', 'stuff:a', '1', 'USD'), 4, 'account'],
    ['invalid_date', '', line(2, '2024-02-30', '', 'assets:a', '1', 'USD'), 4, 'date'],
    ['invalid_amount', '', line(2, '2024-01-01', '', 'assets:a', '1e3', 'USD'), 4, 'amount'],
    ['ambiguous_date', '', line(2, '03.04.2024', '', 'assets:a', '1', 'USD'), 4, 'date'],
    ['invalid_amount', '', line(2, '2024-01-01', '', 'assets:a', '[1]', 'USD'), 4, 'amount'],
    ['invalid_unit', '', line(2, '2024-01-01', '', 'assets:a', '1', '\u2212$'), 4, 'commodity'],
    ['virtual_posting', '', line(2, '2024-01-01', '', '(assets:a)', '1', 'USD'), 4, 'account'],
    ['missing_unit', '', line(2, '2024-01-01', '', 'assets:a', '$1', 'EUR'), 4, 'commodity'],
    ['missing_value', '', line('', '2024-01-01', '', 'assets:a', '1', 'EUR'), 4, 'txnidx'],
    ['malformed_csv', '', '"2","2024-01-01"\n', 4, undefined],
    ['withdrawn_currency', '', line(2, '2002-03-01', '', 'assets:a', '1', 'DEM'), 4, undefined],
    ['unknown_currency', '', line(2, '1999-01-01', '', 'assets:a', '1', 'XAU'), 4, undefined],
    ['malformed_line', '', line(2, '2024-01-01', 'x'.repeat(1001), 'assets:a', '1', 'USD'), 4, 'description'],
  ])('names the line of %s, books nothing of it and goes on', async (code, _unit, bad, badLine, column) => {
    const books = new MemoryBooks();
    const summary = await run(head + pay(1) + bad + pay(3, '2'), books);
    expect(summary.transactions).toEqual({ imported: 2, skipped: 0, refused: 1 });
    expect(summary.errors).toEqual([
      { code, line: badLine, detail: expect.any(String), ...(column === undefined ? {} : { column }) },
    ]);
    expect(books.balances()).toEqual({ 'assets:cash': '-1200 USD', 'expenses:food': '1200 USD' });
  });

  it.each([
    ['unknown_column', head.replace('commodity', 'unit') + pay(1)],
    ['malformed_csv', ''],
    ['malformed_csv', `${head}"1,2\n`],
    ['ambiguous_unit', head + pay(1).replaceAll('USD', 'h') + pay(2).replaceAll('USD', 'H.AAA94026')],
  ])('refuses a file as a whole: %s', async (code, text) => {
    const refused = await run(text).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ImportRefused);
    expect(refused).toMatchObject({ problem: { code } });
  });

  it('counts the same when it is only tried, and says so', async () => {
    const text = head + pay(1) + pay(2).replaceAll('USD', 'h');
    const imported = await run(text, new MemoryBooks());
    expect(await run(text, new MemoryBooks(), { isTrial: true })).toEqual({ ...imported, dry_run: true });
  });

  it('skips a transaction of nothing', async () => {
    const books = new MemoryBooks();
    const summary = await run(head + pay(1, '0.00'), books);
    expect(summary).toMatchObject({ transactions: { imported: 0, skipped: 1 }, accounts_opened: 0 });
    expect(books.recorded).toEqual([]);
  });

  it('reports how far it is', async () => {
    const reports: number[] = [];
    await run(head + pay(1), new MemoryBooks(), {
      onProgress: ({ done, total }) => reports.push(done / total),
    });
    expect(reports.at(-1)).toBe(1);
  });
});

describe('parseColumns', () => {
  it('reads quotes and spaces', () => {
    const text = ' transaction = "Nr, lfd" ,date=Tag,account= Konto,amount=a=b,unit="Währung"';
    expect(Object.fromEntries(parseColumns(text))).toEqual({
      transaction: 'Nr, lfd',
      date: 'Tag',
      account: 'Konto',
      amount: 'a=b',
      unit: 'Währung',
    });
  });

  it.each(['', 'transaction', 'x=y', 'transaction=a,transaction=b', 'transaction=a,date=b,account=c'])(
    'refuses %p',
    (text) => {
      expect(() => parseColumns(text)).toThrow(ImportRefused);
    },
  );
});
