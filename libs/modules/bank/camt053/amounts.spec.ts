import { minorOf } from './amounts';

const minor = (text: string, currency = 'EUR'): bigint =>
  minorOf({ name: 'Amt', attributes: { Ccy: currency }, children: [], path: '/Amt', text }, currency);

describe('an amount of a statement', () => {
  // xs:decimal of ISO 20022: 18 digits, of which zeros at either end are none, and at least 0.
  it.each([
    ['1', 100n],
    ['1.', 100n],
    ['1.5', 150n],
    ['+1.00', 100n],
    ['.50', 50n],
    ['+.5', 50n],
    ['0', 0n],
    ['-0.00', 0n],
    ['.0', 0n],
    ['000000000000000000001.2300000', 123n],
    ['9999999999999999.99', 999_999_999_999_999_999n],
  ])('is read as XML writes it: %s', (text, expected) => {
    expect(minor(text)).toBe(expected);
  });

  it.each([
    '',
    '+',
    '.',
    '+.',
    '-1.00',
    '-.01',
    '1,00',
    '1e2',
    'INF',
    '1 000',
    '0x1',
    '--1',
    '99999999999999999.99',
  ])('is refused where it is none: %j', (text) => {
    expect(() => minor(text)).toThrow('is no amount');
  });

  it('has the decimals of its currency at most', () => {
    expect(minor('150.000', 'JPY')).toBe(150n);
    expect(minor('999999999999999999', 'JPY')).toBe(999_999_999_999_999_999n);
    expect(() => minor('.001')).toThrow('more decimals than EUR, which has 2');
    expect(() => minor('150.5', 'JPY')).toThrow('more decimals than JPY, which has 0');
  });
});
