import { hash } from 'node:crypto';
import { fileOf, MemoryBooks, textOf } from '../../../testing/books/memory-books';
import { exportFormats } from './export-formats';
import { importCsv } from './import-csv';
import type { CsvImport } from './import-csv';
import type { ImportSummary } from './import-shape';
import { importNdjson } from './import-ndjson';
import { parseUnits } from './unit-codes';

const run = (text: string, books: MemoryBooks, options: Partial<CsvImport> = {}): Promise<ImportSummary> =>
  importCsv(fileOf(text), books, { ...options });
const head = 'transaction,date,account,amount,unit\n';
const posting = (account: string, amount: string, index = 1): string =>
  `${index},2024-01-01,${account},${amount},USD\n`;
const debit = posting('assets:a', '5.00');
const credit = posting('equity:b', '-5.00');
const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** The key under which the first releases booked a transaction of these two postings, in their order. */
function earlierKey(order: readonly ('debit' | 'credit')[], occurrence = 0): string {
  const day = '2024-01-01T00:00:00.000Z';
  const postings = {
    debit: [day, 'assets:a', 'asset', '5e-0', 'USD', null, null],
    credit: [day, 'equity:b', 'equity', '-5e-0', 'USD', null, null],
  };
  return `import-${sha256(`csv\n${occurrence}\n${JSON.stringify(order.map((each) => postings[each]))}`)}`;
}

async function importedByEarlierRelease(
  orders: readonly (readonly ['debit' | 'credit', 'debit' | 'credit'])[],
): Promise<MemoryBooks> {
  const books = new MemoryBooks();
  const open = (address: string, accountType: 'asset' | 'equity') =>
    books.submit(
      { type: 'OpenAccount', address, accountType, currency: 'USD', metadata: {} },
      `import-${sha256(JSON.stringify(['account', address, accountType, 'USD', {}]))}`,
    );
  await open('assets:a', 'asset');
  await open('equity:b', 'equity');
  const seen = new Map<string, number>();
  for (const order of orders) {
    const occurrence = seen.get(order.join()) ?? 0;
    seen.set(order.join(), occurrence + 1);
    const entries = [
      { account: 'assets:a', direction: 'debit', amount: '500', currency: 'USD' },
      { account: 'equity:b', direction: 'credit', amount: '500', currency: 'USD' },
    ] as const;
    await books.submit({ type: 'PostTransaction', entries }, earlierKey(order, occurrence));
  }
  return books;
}

describe('an import', () => {
  it('books what says the same at other addresses, and nothing twice that says the addresses of its names', async () => {
    const books = new MemoryBooks();
    const at = (address: string, of: string): Promise<ImportSummary> => {
      const line = (account: string, type: string, amount: string, where: string): string =>
        `1,2024-01-01,${account},${type},${amount},${of},,,${where}\n`;
      const columns = 'transaction,date,account,type,amount,unit,description,reference,address\n';
      const lines = line('assets:a', 'asset', '5.00', address) + line('equity:b', 'equity', '-5.00', '');
      return run(columns + lines, books);
    };
    await run(head + debit + credit, books);
    for (const [address, unit, imported] of [
      ['assets:a', 'USD', 0],
      ['till:1', 'USD', 1],
      ['till:2', 'USD', 1],
      ['till:1', 'USD', 0],
      // Behind its name the unit of a further account.
      ['', 'EUR', 1],
      ['assets:a:EUR', 'EUR', 0],
    ] as const)
      expect([address, await at(address, unit)]).toMatchObject([
        address,
        { errors: [], transactions: { imported, skipped: 1 - imported } },
      ]);
    expect(books.balances()).toMatchObject({
      ...{ 'assets:a': '500 USD', 'assets:a:EUR': '500 EUR', 'till:1': '500 USD', 'till:2': '500 USD' },
      'equity:b': '-1500 USD',
    });
  });

  it('knows a transaction whose postings stand in another order', async () => {
    const books = new MemoryBooks();
    await run(head + debit + credit, books);
    expect((await run(head + credit + debit, books)).transactions).toEqual({
      imported: 0,
      skipped: 1,
      refused: 0,
    });
    const twice = head + credit + debit + posting('assets:a', '5.00', 2) + posting('equity:b', '-5.00', 2);
    expect((await run(twice, books)).transactions).toEqual({ imported: 1, skipped: 1, refused: 0 });
    expect((await run(twice, books)).transactions).toEqual({ imported: 0, skipped: 2, refused: 0 });
  });

  it('answers the last position of the journal', async () => {
    const books = new MemoryBooks();
    expect(await run(head + debit + credit, books)).toMatchObject({ position: 'led_1@2' });
    expect(await run(head + debit + credit, books, { isTrial: true })).toMatchObject({ position: 'led_1@2' });
    expect(await run(head, new MemoryBooks())).toMatchObject({ position: 'led_1@-1' });
  });
});

describe('an import of an earlier release', () => {
  const dc = ['debit', 'credit'] as const;
  const cd = ['credit', 'debit'] as const;
  const file = (...orders: readonly (readonly string[])[]): string =>
    head +
    orders
      .map((order, i) =>
        order
          .map((each) =>
            posting(each === 'debit' ? 'assets:a' : 'equity:b', each === 'debit' ? '5' : '-5', i),
          )
          .join(''),
      )
      .join('');

  it.each([
    [[dc], [dc], 0],
    [[dc], [cd], 0],
    [[dc, dc], [dc, dc], 0],
    [[dc, cd], [dc, cd], 0],
    [[dc, cd], [cd, dc], 0],
    [[dc, dc], [cd, dc], 0],
    [[dc, dc], [cd, dc, dc], 1],
    [[dc, cd], [dc, cd, cd], 1],
    [[], [dc], 1],
  ] as const)('of %j, run again with %j, adds %i', async (earlier, now, added) => {
    const books = await importedByEarlierRelease(earlier);
    const before = books.recorded.length;
    const expected = { imported: added, skipped: now.length - added, refused: 0 };
    expect(await run(file(...now), books)).toMatchObject({ transactions: expected, accounts_opened: 0 });
    expect(books.recorded).toHaveLength(before + added);
    expect(await run(file(...now), books)).toMatchObject({ transactions: { imported: 0, refused: 0 } });
    expect(books.recorded).toHaveLength(before + added);
  });

  it.each([
    ['a point', '1.000', '1e-0', 'EUR'],
    ['a dash', '\u2212$10.00', '10e-0', '\u2212$'],
  ])('that misread %s is told, and not booked a second time', async (_name, cell, digits, unit) => {
    const books = new MemoryBooks();
    const code = unit === 'EUR' ? 'EUR' : 'DASH';
    if (code === 'DASH') books.units.set(code, { exponent: 2, name: unit });
    await books.submit(
      { type: 'OpenAccount', address: 'assets:a', accountType: 'asset', currency: code },
      'k1',
    );
    await books.submit(
      { type: 'OpenAccount', address: 'equity:b', accountType: 'equity', currency: code },
      'k2',
    );
    const day = '2024-01-01T00:00:00.000Z';
    const other = unit === 'EUR' ? ['-1.000', '-1e-0', 'EUR'] : ['$10.00', '10e-0', '$'];
    const text = JSON.stringify([
      [day, 'assets:a', 'asset', digits, unit, null, null],
      [day, 'equity:b', 'equity', other[1], other[2], null, null],
    ]);
    const entries = [
      { account: 'assets:a', direction: 'debit', amount: '100', currency: code },
      { account: 'equity:b', direction: 'credit', amount: '100', currency: code },
    ] as const;
    await books.submit({ type: 'PostTransaction', entries }, `import-${sha256(`csv\n0\n${text}`)}`);
    const column = unit === 'EUR' ? 'EUR' : '';
    const sure = '2,2024-01-01,assets:a,"1.234,50",EUR\n2,2024-01-01,equity:b,"-1.234,50",EUR\n';
    const again = `${head}1,2024-01-01,assets:a,${cell},${column}\n1,2024-01-01,equity:b,${other[0]},${column}\n${sure}`;
    const summary = await run(again, books);
    expect(summary).toMatchObject({
      transactions: { imported: 1, skipped: 0, refused: 1 },
      errors: [{ code: 'booked_otherwise', line: 2 }],
    });
    expect((await run(again, books)).transactions).toEqual({ imported: 0, skipped: 1, refused: 1 });
    if (unit !== 'EUR') return;
    const named = await run(again, books, { decimalMark: ',' });
    expect(named.transactions).toEqual({ imported: 1, skipped: 1, refused: 0 });
  });

  it('is not looked for among accounts that this release opened', async () => {
    const books = new MemoryBooks();
    await run(file(dc), books);
    const dryRuns: string[] = [];
    const submit = books.submit.bind(books);
    books.submit = (command, key, options) => {
      if (options?.dryRun === true) dryRuns.push(command.type);
      return submit(command, key, options);
    };
    expect((await run(file(dc, dc), books)).transactions).toEqual({ imported: 1, skipped: 1, refused: 0 });
    expect(dryRuns).not.toContain('PostTransaction');
  });

  it('of an export adds nothing when it is run again', async () => {
    const books = await importedByEarlierRelease([]);
    const line = {
      description: 'of an export',
      effective_at: null,
      entries: [
        { account: 'assets:a', amount: '500', currency: 'USD', direction: 'debit' as const },
        { account: 'equity:b', amount: '500', currency: 'USD', direction: 'credit' as const },
      ],
      expires_at: null,
      metadata: {},
      object: 'transaction',
      pending: false,
      reference: null,
    };
    const { entries, description } = line;
    const key = `import-${sha256(`ndjson\n\n${JSON.stringify(line)}\n0`)}`;
    await books.submit({ type: 'PostTransaction', entries, description }, key);
    const again = await importNdjson(fileOf(JSON.stringify(line)), books, {});
    expect(again.transactions).toEqual({ imported: 0, skipped: 1, refused: 0 });
    const twice = await importNdjson(fileOf(`${JSON.stringify(line)}\n`.repeat(2)), books, {});
    expect(twice.transactions).toEqual({ imported: 1, skipped: 1, refused: 0 });
  });
});

describe('what clients write', () => {
  it('can not take the keys of an import', async () => {
    const books = new MemoryBooks();
    await run(head + debit + credit, books);
    for (const event of books.recorded) {
      const { idempotencyKey } = JSON.parse(event.metadata) as { idempotencyKey: string };
      // What the API takes from clients is printable ASCII.
      expect(idempotencyKey).not.toMatch(/^[\x20-\x7e]+$/);
    }
  });

  it('does not name accounts and units in exports', async () => {
    const books = new MemoryBooks();
    const metadata = { source_unit: 'EUR', source_account: 'assets:real' };
    const open = { type: 'OpenAccount', accountType: 'asset', currency: 'USD' } as const;
    await books.submit({ ...open, address: 'assets:real' }, 'k1');
    await books.submit({ ...open, address: 'assets:fake', metadata }, 'k2');
    const entry = { amount: '5', currency: 'USD' };
    const entries = [
      { ...entry, account: 'assets:real', direction: 'debit' },
      { ...entry, account: 'assets:fake', direction: 'credit' },
    ] as const;
    await books.submit({ type: 'PostTransaction', entries }, 'k3');
    for (const format of ['csv', 'hledger', 'beancount'] as const) {
      const text = await textOf(exportFormats[format].write(books.source()));
      expect(text).not.toContain('EUR');
      expect(text.toLowerCase()).toContain('assets:fake');
    }
  });

  it('does not name them either when it is changed later, or comes in an export that was edited', async () => {
    const edited = new MemoryBooks('led_2');
    const line = {
      object: 'account',
      address: 'assets:fake',
      type: 'asset',
      currency: 'USD',
      metadata: { source_unit: 'EUR', source_account: 'assets:real' },
    };
    await importNdjson(fileOf(JSON.stringify(line)), edited, {});
    const changed = new MemoryBooks('led_3');
    await run(head + debit + credit, changed);
    await changed.submit({ type: 'AmendAccount', address: 'assets:a', metadata: line.metadata }, 'k');
    for (const books of [edited, changed]) {
      const text = await textOf(exportFormats.hledger.write(books.source()));
      expect(text).not.toMatch(/EUR|assets:real/);
    }
    // Nor does it lead the next import astray.
    expect(
      await run(head + debit + credit + posting('assets:a', '7', 2) + posting('equity:b', '-7', 2), changed),
    ).toMatchObject({ accounts_opened: 0 });
  });

  it('leaves the names that an import gave', async () => {
    const books = new MemoryBooks();
    const text = `${head}1,2024-01-01,assets:a b,5,Apples\n1,2024-01-01,equity:b,-5,Apples\n2,2024-01-01,assets:a b,$5,\n2,2024-01-01,equity:b,$-5,\n`;
    await run(text, books, { units: parseUnits('Apples=APL') });
    const exported = await textOf(exportFormats.hledger.write(books.source()));
    expect(exported).toContain('assets:a b  5.00000000 Apples');
    expect(exported).toContain('assets:a b  5.00 $');
    const copy = new MemoryBooks('led_2');
    await importNdjson(fileOf(await textOf(exportFormats.ndjson.write(books.source()))), copy, {});
    const again = await textOf(exportFormats.hledger.write(copy.source()));
    expect(again).toContain('assets:a b  5.00000000 APL');
    expect(again).toContain('assets:a b  5.00 $');
  });

  it.each([
    ['csv', { source_account: 'assets:a b', source_unit: 'Apples' }, 'assets:a b  5.00 Apples'],
    ['ndjson', { source_account: 'assets:a b', source_unit: 'Apples' }, 'assets:a b  5.00 APL'],
    ['ndjson', { source_account: 'assets:other', source_unit: 'Apples' }, 'assets:a_x20_b  5.00 APL'],
    ['client', { source_account: 'assets:a b', source_unit: 'Apples' }, 'assets:a_x20_b  5.00 APL'],
  ])('leaves those that an earlier release gave: %s %j', async (kind, metadata, expected) => {
    const books = new MemoryBooks();
    books.units.set('APL', { exponent: 2, name: 'Apples' });
    const open = { type: 'OpenAccount', accountType: 'asset', currency: 'APL' } as const;
    const address = 'assets:a_x20_b';
    const text = { csv: JSON.stringify(['account', address, 'asset', 'APL', metadata]), ndjson: 'ndjson' }[
      kind
    ];
    await books.submit({ ...open, address, metadata }, text === undefined ? 'k' : `import-${sha256(text)}`);
    await books.submit({ ...open, address: 'b' }, 'k2');
    const entry = { amount: '500', currency: 'APL' };
    const entries = [
      { ...entry, account: address, direction: 'debit' },
      { ...entry, account: 'b', direction: 'credit' },
    ] as const;
    await books.submit({ type: 'PostTransaction', entries }, 'k3');
    expect(await textOf(exportFormats.hledger.write(books.source()))).toContain(expected);
  });

  it('has one name for a unit in the whole export', async () => {
    const books = new MemoryBooks();
    await books.submit({ type: 'OpenAccount', address: 'c', accountType: 'asset', currency: 'USD' }, 'k');
    await run(`${head}1,2024-01-01,assets:a,$5,\n1,2024-01-01,equity:b,$-5,\n`, books);
    expect(await textOf(exportFormats.hledger.write(books.source()))).not.toContain('$');
  });
});
