import { readUnitCell } from './unit-cell';

const read = (text: string): string | undefined => readUnitCell(text, (unit) => unit === '(named)');

describe('a cell of a column of units', () => {
  it.each([
    '',
    'USD',
    '$',
    'R$',
    'h',
    'Golden Apples 2',
    'BRK.B',
    'kr.',
    '1INCH',
    'PTS-X',
    'Zürich',
    '(named)',
  ])('%p is a unit', (text) => expect(read(text)).toBe(text));
  it('may quote what is none', () => expect(read('"(5)"')).toBe('(5)'));
  it.each([
    '-',
    '\u2212',
    '\u2014',
    '\u2212$',
    '-EUR',
    'EUR-',
    'EUR\u2212',
    '(EUR)',
    '[EUR]',
    '{EUR}',
    '5 EUR',
    '5.00',
    '1,000.00',
    '%',
    'EUR;',
    '=EUR',
    '@EUR',
    '"',
    '""',
    '"EUR',
    '\u0661',
  ])('%p is none', (text) => expect(read(text)).toBeUndefined());
});
