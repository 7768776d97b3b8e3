import fc from 'fast-check';
import { fileOf, MemoryBooks } from '../../../testing/books/memory-books';
import { parseColumns } from './csv-columns';
import type { DateOrder } from './date-cell';
import { importCsv } from './import-csv';
import type { DecimalMark } from './number-text';
import { ImportRefused } from './problem';

interface Payment {
  readonly minor: bigint;
  readonly day: string;
  readonly from: number;
  readonly to: number;
}
interface Hand {
  readonly mark: DecimalMark;
  readonly group: string;
  readonly negative: 'before' | 'typographic' | 'behind' | 'brackets';
  readonly unit: 'column' | 'before' | 'behind';
  readonly delimiter: string;
  readonly order: DateOrder;
  readonly isNamed: boolean;
}

const payment: fc.Arbitrary<Payment> = fc.record({
  minor: fc.oneof(fc.bigInt(1n, 10n ** 6n), fc.bigInt(1n, 10n ** 13n)),
  day: fc
    .date({ min: new Date('1970-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  from: fc.nat({ max: 3 }),
  to: fc.integer({ min: 4, max: 6 }),
});
const hand: fc.Arbitrary<Hand> = fc.constantFrom<DecimalMark>('.', ',').chain((mark) =>
  fc.record({
    mark: fc.constant(mark),
    group: fc.constantFrom('', "'", '\u2019', ' ', '\u00a0', '\u2009', '\u202f', mark === '.' ? ',' : '.'),
    negative: fc.constantFrom('before', 'typographic', 'behind', 'brackets'),
    unit: fc.constantFrom('column', 'before', 'behind'),
    delimiter: fc.constantFrom(',', ';', '\t'),
    order: fc.constantFrom<DateOrder>('ymd', 'dmy', 'mdy'),
    isNamed: fc.boolean(),
  }),
);

const accounts = [
  'assets:a',
  'Assets:b c',
  'liabilities:d',
  'income:e',
  'expenses:f',
  'equity:g',
  'Expenses:h:i',
];

function amountIn({ mark, group, negative, unit }: Hand, minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
  const number = `${digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, group)}${mark}${digits.slice(-2)}`;
  const signed = {
    before: `-${number}`,
    typographic: `\u2212${number}`,
    behind: `${number}-`,
    brackets: `(${number})`,
  }[negative];
  const written = minor < 0n ? signed : number;
  return { column: written, before: `$${written}`, behind: `${written} USD` }[unit];
}

function fileIn(how: Hand, payments: readonly Payment[]): string {
  const line = (cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(how.delimiter);
  const rows = payments.flatMap(({ minor, day, from, to }, i) => {
    const [y = '', m = '', d = ''] = day.split('-');
    const date = { ymd: `${y}-${m}-${d}`, dmy: `${d}.${m}.${y}`, mdy: `${m}/${d}/${y}` }[how.order];
    return [
      [to, minor],
      [from, -minor],
    ].map(([account, amount]) =>
      line([
        String(i),
        date,
        accounts[Number(account)] ?? '',
        amountIn(how, BigInt(amount ?? 0)),
        how.unit === 'column' ? 'USD' : '',
      ]),
    );
  });
  return [line(['t', 'd', 'a', 'n', 'u']), ...rows].join('\r\n');
}

describe('a file of any text', () => {
  it('is imported or refused, and balances', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '1',
        '2',
        '2024-01-01',
        '03.04.2024',
        'assets:a',
        'equity:b',
        '-5',
        '5',
        '1.000',
        '1,5',
        'USD',
        '$5',
        '',
        '"',
        '(5)',
        '(x)',
        '\u22125',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    const between = fc.constantFrom(',', ',', ',', ';', '\t', '\n', '\n', '"', ' ');
    const text = fc.array(fc.tuple(cell, between), { maxLength: 40 }).map((parts) => parts.flat().join(''));
    await fc.assert(
      fc.asyncProperty(text, async (rest) => {
        const books = new MemoryBooks();
        const file = fileOf(`transaction,date,account,amount,unit\n${rest}`);
        const outcome = await importCsv(file, books, {}).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ImportRefused);
        const sums = new Map<string, bigint>();
        for (const balance of Object.values(books.balances())) {
          const [amount = '', unit = ''] = balance.split(' ');
          sums.set(unit, (sums.get(unit) ?? 0n) + BigInt(amount));
        }
        expect([...sums.values()].filter((sum) => sum !== 0n)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('books in any hand', () => {
  it('are imported with the amounts and days that were written, or refused where the file leaves them open', async () => {
    const columns = parseColumns('transaction=t,date=d,account=a,amount=n,unit=u');
    await fc.assert(
      fc.asyncProperty(fc.array(payment, { minLength: 1, maxLength: 10 }), hand, async (payments, how) => {
        const books = new MemoryBooks();
        const named = how.isNamed ? { decimalMark: how.mark, dateOrder: how.order } : {};
        const text = fileIn(how, payments);
        const summary = await importCsv(fileOf(text), books, { columns, ...named });
        const refused = new Set(summary.errors.map(({ line = 0 }) => Math.floor((line - 2) / 2)));
        if (how.isNamed) expect(summary.errors).toEqual([]);
        for (const { code, column } of summary.errors) {
          expect([text, column, code]).toEqual([text, 'd', 'ambiguous_date']);
        }
        const posted = books.recorded
          .filter(({ type }) => type === 'TransactionPosted')
          .map(({ data, metadata }) => {
            const { entries } = JSON.parse(data) as { entries: { amount: string; currency: string }[] };
            const { effectiveAt } = JSON.parse(metadata) as { effectiveAt: string };
            return [
              effectiveAt.slice(0, 10),
              ...entries.map(({ amount, currency }) => `${amount} ${currency}`),
            ].join();
          });
        const expected = payments
          .filter((_, i) => !refused.has(i))
          .map(({ day, minor }) => [day, `${minor} USD`, `${minor} USD`].join());
        expect([text, posted.sort()]).toEqual([text, expected.sort()]);
        expect(books.units.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
