import fc from 'fast-check';
import { isAddress } from '@fintech-ledger/ledger/domain';
import { exportFormats } from './export-formats';
import { importCsv } from './import-csv';
import { importNdjson } from './import-ndjson';
import { fileOf, MemoryBooks, textOf } from '../../../testing/books/memory-books';

const segment = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/),
  fc.constantFrom('a_xb', '_x', 'q_x5f_', '-dash', '_x20_', 'a_x5f_xb', '_xh0', 'USD', 'EUR'),
);
const joined = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(part, { minLength: 1, maxLength: 4 }).map((segments) => segments.join(':'));
const address = fc.oneof(
  joined(segment),
  fc.nat({ max: 40 }).map((more) => `${'_x'.repeat(107)}${'a'.repeat(more)}`),
);
/** As a book elsewhere calls an account: it is imported, and gets an address. */
const name = joined(fc.oneof(segment, fc.constantFrom('a b', 'é', 'x.y', '_x 20'))).map(
  (text) => `assets:${text}`,
);
const books = fc.record({
  addresses: fc.uniqueArray(address.filter(isAddress), { minLength: 2, maxLength: 6 }),
  names: fc.uniqueArray(fc.tuple(name, fc.constantFrom('USD', 'EUR')), { maxLength: 5, selector: String }),
});

/** Accounts that clients opened, and such that a file of another book did, with different balances. */
async function booksOf({ addresses, names }: typeof books extends fc.Arbitrary<infer T> ? T : never) {
  const source = new MemoryBooks('led_source');
  const submit = async (command: Parameters<MemoryBooks['submit']>[0], key: string): Promise<void> => {
    expect(await source.submit(command, key)).toMatchObject({ kind: 'accepted' });
  };
  for (const each of addresses)
    await submit(
      { type: 'OpenAccount', address: each, accountType: 'asset', currency: 'USD' },
      `open ${each}`,
    );
  const [from = ''] = addresses;
  for (const [index, to] of addresses.slice(1).entries()) {
    const amount = { amount: String(10 ** index), currency: 'USD' };
    const entries = [
      { account: to, direction: 'debit', ...amount },
      { account: from, direction: 'credit', ...amount },
    ] as const;
    await submit({ type: 'PostTransaction', entries }, `post ${index}`);
  }
  const lines = names.map(
    ([account, unit], index) =>
      `${index},2024-01-01,"${account}",${index + 1},${unit}\n${index},2024-01-01,equity:x,-${index + 1},${unit}\n`,
  );
  const text = `transaction,date,account,amount,unit\n${lines.join('')}`;
  await importCsv(fileOf(text, 1_000), source, {});
  return source;
}

const copies = {
  ndjson: (text: string, copy: MemoryBooks) => importNdjson(fileOf(text, 1_000), copy, {}),
  csv: (text: string, copy: MemoryBooks) => importCsv(fileOf(text, 1_000), copy, {}),
} as const;

describe.each([
  ['ndjson', false],
  ['csv', false],
  ['csv', true],
] as const)('a %s export (for a spreadsheet: %s)', (format, isSafe) => {
  it('has the same balances at the same addresses where it is imported, and so has an export of that', async () => {
    await fc.assert(
      fc.asyncProperty(books, async (given) => {
        let source = await booksOf(given);
        const balances = source.balances();
        for (const id of ['led_copy', 'led_again']) {
          const copy = new MemoryBooks(id);
          const text = await textOf(exportFormats[format].write(source.source(), { isSafe }));
          const { errors } = await copies[format](text, copy);
          expect({ errors, balances: copy.balances() }).toEqual({ errors: [], balances });
          source = copy;
        }
      }),
      { numRuns: 150 },
    );
  });
});

it('takes a column `address` of another file for what it is', async () => {
  const target = new MemoryBooks();
  const text =
    'transaction,date,account,amount,unit,address\n1,2024-01-01,assets:a,1,USD,12 High St\n1,2024-01-01,equity:b,-1,USD,\n';
  expect((await importCsv(fileOf(text), target, {})).errors).toEqual([]);
  expect(target.balances()).toEqual({ 'assets:a': '100 USD', 'equity:b': '-100 USD' });
});

it('refuses an address that is none, and one of another currency', async () => {
  const target = new MemoryBooks();
  const run = (address: string, unit = 'USD') => {
    const head = 'transaction,date,account,type,amount,unit,description,reference,address\n';
    const line = (amount: string, at: string) => `1,2024-01-01,a,asset,${amount},${unit},,,${at}\n`;
    return importCsv(fileOf(`${head}${line('1', address)}${line('-1', 'other')}`), target, {});
  };
  expect((await run('a b')).errors).toMatchObject([{ code: 'invalid_address', line: 2, column: 'address' }]);
  expect((await run('a:b')).errors).toEqual([]);
  expect((await run('a:b', 'EUR')).errors).toMatchObject([{ code: 'account_differs' }]);
  expect(target.balances()).toEqual({ 'a:b': '100 USD', other: '-100 USD' });
});

it('imports an export of an earlier release as that did', async () => {
  const target = new MemoryBooks();
  const text =
    'transaction,date,account,type,amount,unit,description,reference\n1,2024-01-01,a_xb,asset,1,USD,,\n1,2024-01-01,b,asset,-1,USD,,\n';
  await importCsv(fileOf(text), target, {});
  expect(target.balances()).toEqual({ a_x5f_xb: '100 USD', b: '-100 USD' });
});
