import { readAmount } from './testing/read-amount';

describe('an amount', () => {
  it.each([
    ['-1000.00', '-1000e-0'],
    ['$-1,000.05', '-100005e-2 $'],
    ['-$1,000.05', '-100005e-2 $'],
    ['\u2212$10.00', '-10e-0 $'],
    ['\u201310.00', '-10e-0'],
    ['$ 12', '12e-0 $'],
    ['$.50', '5e-1 $'],
    ['USD5.00', '5e-0 USD'],
    ['USD-5.00', '-5e-0 USD'],
    ['Fr. 10.50', '105e-1 Fr.'],
    ['10.50 kr.', '105e-1 kr.'],
    ['R$ 1.000,50', '10005e-1 R$'],
    ['1.000,50 EUR', '10005e-1 EUR'],
    ['1000,50', '10005e-1'],
    ['€1.234.567', '1234567e-0 €'],
    ['1,234,567', '1234567e-0'],
    ['12,34,567.50', '12345675e-1'],
    ['6.6750 VBMPX  { 71.92 USD}', '6675e-3 VBMPX'],
    ['0.12 BTC {10.5 USD, 2021-01-01}', '12e-2 BTC'],
    ['10 RGAGX @ 1.10 USD', '10e-0 RGAGX'],
    ['3 AAPL {{100 USD}} @@ 120 USD', '3e-0 AAPL'],
    ['5 "Apples 2"', '5e-0 Apples 2'],
    ['"Apples 2" 5', '5e-0 Apples 2'],
    ['5 BRK.B', '5e-0 BRK.B'],
    ['5 X2', '5e-0 X2'],
    ["1'000.5", '10005e-1'],
    ['1\u2019234.50', '12345e-1'],
    ['1 000,5', '10005e-1'],
    ['1\u202f000,5', '10005e-1'],
    ['1\u2009000\u2009000', '1000000e-0'],
    ['1\u00a0000.500', '10005e-1'],
    ['.5', '5e-1'],
    ['5.', '5e-0'],
    ['+3', '3e-0'],
    ['(10.00)', '-10e-0'],
    ['($10.00)', '-10e-0 $'],
    ['$(10.00)', '-10e-0 $'],
    ['(10.00) USD', '-10e-0 USD'],
    ['10.00-', '-10e-0'],
    ['10.00- EUR', '-10e-0 EUR'],
    ['10.00 EUR-', '-10e-0 EUR'],
    ['\u200e-5.00\u200e', '-5e-0'],
    ['0.00', '0e-0'],
    ['0.125', '125e-3'],
    ['1234.567', '1234567e-3'],
  ])('%s is %s', (text, expected) => expect(readAmount(text)).toBe(expected));

  it.each([
    '',
    'abc',
    '-',
    '\u2014',
    '\u201410',
    '1e3',
    '1e-8',
    '--1',
    '-$-1',
    '- -5',
    '(-5)',
    '(5',
    '5)',
    '((5))',
    '()5',
    '[5]',
    '<5>',
    '1.2.3,4,5',
    '$1 USD',
    '1,00.00',
    '1..2',
    '1 2',
    '12 34',
    "1'00.00",
    "1'000 000",
    '0x10',
    '10X2',
    'NaN',
    '10.-',
    '5 -USD',
    '5-10',
    '10.00 CR',
    '10.00 Dr',
    'Fr.10',
    '5 %',
    '5 *',
    '=5',
    '5 Golden Apples',
    '5 ""',
    '5 "x',
    '5 USD {1',
    '5 USD {1} x',
    '5 USD @ x',
    '5 USD @',
    '5 USD @ 1 @ 2',
    '\u0665',
    '\uff15',
    ' '.repeat(9999),
  ])('%p is none', (text) => expect(readAmount(text)).toBe('invalid_amount'));

  it('has the decimal mark that the whole file shows, or that was named; else it is refused', () => {
    expect(readAmount('1.000')).toBe('ambiguous_amount');
    expect(readAmount('1,000')).toBe('ambiguous_amount');
    expect(readAmount('1.000', ['1.234,50'])).toBe('1000e-0');
    expect(readAmount('1,000', ['1.234,50'])).toBe('1e-0');
    expect(readAmount('1.000', ['7.5'])).toBe('1e-0');
    expect(readAmount('1,000', ['7.50 USD', '1,500'])).toBe('1000e-0');
    expect(readAmount('1.000', ['1.234,50', '1,234.50'])).toBe('ambiguous_amount');
    expect(readAmount('3.125', ['1000,50', '2000.50'])).toBe('3125e-3');
    expect(readAmount('1.000', ['1,000', '2.500'])).toBe('ambiguous_amount');
    expect(readAmount('1,000', [], '.')).toBe('1000e-0');
    expect(readAmount('1,000', [], ',')).toBe('1e-0');
    expect(readAmount('1.000', [], ',')).toBe('1000e-0');
    expect(readAmount('1.5', [], ',')).toBe('invalid_amount');
    expect(readAmount('1.000', ['nonsense', '\u2212'])).toBe('ambiguous_amount');
  });
});
