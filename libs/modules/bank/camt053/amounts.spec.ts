import { minorOf, timeOf } from './amounts';

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

describe('a time of a period', () => {
  const time = (text: string): string | null =>
    timeOf({ name: 'FrDtTm', attributes: {}, children: [], path: '/FrDtTm', text });

  it.each([
    ['2026-01-05T00:00:00', '2026-01-05T00:00:00.000Z'],
    ['2026-01-05T01:02:03.4567891234', '2026-01-05T01:02:03.456Z'],
    ['2026-01-05T01:00:00+02:00', '2026-01-04T23:00:00.000Z'],
    ['2026-12-31T24:00:00', '2027-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('is read as XML writes it: %s', (text, expected) => {
    expect(time(text)).toBe(expected);
  });

  it.each([
    ...[
      '',
      '5',
      'March 7',
      '2026-01-05',
      '2026-02-30T00:00:00',
      '2026-01-05T24:00:01',
      '2026-01-05T25:00:00',
    ],
    ...['+100000-01-01T00:00:00Z', '0000-01-01T00:00:00', '9999-12-31T24:00:00', '9999-12-31T23:59:59-01:00'],
  ])('is refused where it is none: %j', (text) => {
    expect(() => time(text)).toThrow('is no time');
  });

  it('may be absent', () => {
    expect(timeOf(undefined)).toBeNull();
  });
});
