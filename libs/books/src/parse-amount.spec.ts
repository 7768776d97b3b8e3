import { formatMinor, toMinor } from './decimal';
import { parseAmountCell } from './parse-amount';

const parsed = (text: string, mark?: '.' | ','): string => {
  const amount = parseAmountCell(text, mark);
  if ('code' in amount) return amount.code;
  return `${amount.value.digits}e-${amount.value.decimals}${amount.unit === null ? '' : ` ${amount.unit}`}`;
};

describe('parseAmountCell', () => {
  it.each([
    ['-1000.00', '-1000e-0'],
    ['$-1,000.05', '-100005e-2 $'],
    ['-$1,000.05', '-100005e-2 $'],
    ['$ 12', '12e-0 $'],
    ['1.000,50 EUR', '10005e-1 EUR'],
    ['1000,50', '10005e-1'],
    ['€1.234.567', '1234567e-0 €'],
    ['1,234,567', '1234567e-0'],
    ['6.675 VBMPX  { 71.92 USD}', '6675e-3 VBMPX'],
    ['10 RGAGX @ 1.10 USD', '10e-0 RGAGX'],
    ['5 "Apples 2"', '5e-0 Apples 2'],
    ['"Apples 2" 5', '5e-0 Apples 2'],
    ["1'000.5", '10005e-1'],
    ['1 000,5', '10005e-1'],
    ['.5', '5e-1'],
    ['+3', '3e-0'],
    ['0.00', '0e-0'],
    ['6.675', '6675e-3'],
  ])('%s is %s', (text, expected) => expect(parsed(text)).toBe(expected));

  it('reads what is ambiguous when the mark is named', () => {
    expect(parsed('1,000')).toBe('ambiguous_amount');
    expect(parsed('1,000', '.')).toBe('1000e-0');
    expect(parsed('1,000', ',')).toBe('1e-0');
    expect(parsed('1.000', ',')).toBe('1000e-0');
  });

  it.each([
    '',
    'abc',
    '1e3',
    '--1',
    '-$-1',
    '1.2.3,4,5',
    '$1 USD',
    '1,00.00',
    '1..2',
    '(5)',
    '0x10',
    'NaN',
    ' '.repeat(9999),
  ])('refuses %p', (text) => expect(parsed(text)).toBe('invalid_amount'));
});

describe('decimals', () => {
  it('turn into minor units and back', () => {
    expect(toMinor({ digits: -105n, decimals: 1 }, 2)).toBe(-1050n);
    expect(toMinor({ digits: 105n, decimals: 3 }, 2)).toBeUndefined();
    expect(formatMinor(-1050n, 2)).toBe('-10.50');
    expect(formatMinor(5n, 3)).toBe('0.005');
    expect(formatMinor(7n, 0)).toBe('7');
  });
});
