import fc from 'fast-check';
import { readAmountCell } from './amount-cell';
import { readAmount } from './testing/read-amount';
import type { DecimalMark } from './number-text';

interface Spelling {
  readonly mark: DecimalMark;
  readonly group: string;
  readonly sign: (text: string) => string;
  readonly unit: (text: string) => string;
}

const groups = ['', "'", '\u2019', ' ', '\u00a0', '\u2009', '\u202f', '_'];
const spelling: fc.Arbitrary<Spelling> = fc.constantFrom<DecimalMark>('.', ',').chain((mark) =>
  fc.record({
    mark: fc.constant(mark),
    group: fc.constantFrom(...groups, mark === '.' ? ',' : '.'),
    sign: fc.constantFrom(
      (text: string) => `-${text}`,
      (text: string) => `\u2212${text}`,
      (text: string) => `\u2013 ${text}`,
      (text: string) => `(${text})`,
      (text: string) => `${text}-`,
    ),
    unit: fc.constantFrom(
      (text: string) => text,
      (text: string) => `$${text}`,
      (text: string) => `${text} USD`,
      (text: string) => `EUR ${text}`,
      (text: string) => `${text} "Apples 2"`,
    ),
  }),
);

/** A number of minor units as somebody writes it. */
function written(minor: bigint, decimals: number, { mark, group, sign, unit }: Spelling): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  const whole = decimals === 0 ? digits : digits.slice(0, -decimals);
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, group);
  const number = decimals === 0 ? grouped : `${grouped}${mark}${digits.slice(-decimals)}`;
  return unit(minor < 0n ? sign(number) : number);
}

describe('books in any spelling', () => {
  it('have the amounts that were written, or say that they are not sure', () => {
    const amounts = fc.array(
      fc.record({ minor: fc.bigInt(-(10n ** 15n), 10n ** 15n), decimals: fc.integer({ min: 0, max: 4 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(amounts, spelling, fc.boolean(), (list, how, isNamed) => {
        const cells = list.map(({ minor, decimals }) => written(minor, decimals, how));
        const named = isNamed ? how.mark : undefined;
        list.forEach(({ minor, decimals }, i) => {
          const cell = cells[i] ?? '';
          const result = readAmount(cell, cells, named);
          if (result === 'ambiguous_amount' && !isNamed) return;
          const [, digits = '', scale = ''] = /^(-?\d+)e-(\d+)/.exec(result) ?? [];
          expect([cell, BigInt(digits || 'x') * 10n ** BigInt(decimals - Number(scale))]).toEqual([
            cell,
            minor,
          ]);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('never make a unit of what is not understood', () => {
    const alphabet = [
      ...'0123456789.,-+()[]{}@"\'$€ eEaUSDxX_*=%#:;/\u2212\u2013\u2014\u00a0\u202f\u200b\u2019\u0661\uff11',
    ];
    const text = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 14 });
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 12 })), (cell) => {
        const amount = readAmountCell(cell);
        if ('code' in amount || amount.unit === null) return;
        const isQuoted = cell.includes(`"${amount.unit}"`) || cell.includes('"');
        expect([cell, isQuoted || /^[\p{L}\p{Sc}][\p{L}\p{M}\p{Sc}0-9._'&/-]*$/u.test(amount.unit)]).toEqual([
          cell,
          true,
        ]);
        expect([cell, isQuoted || !/^[-+()]|[-+()]$/.test(amount.unit)]).toEqual([cell, true]);
      }),
      { numRuns: 5_000 },
    );
  });
});
