import fc from 'fast-check';
import { Conventions } from './conventions';
import { readDateCell } from './date-cell';
import type { DateOrder } from './date-cell';

/** The day of a cell in a file that has these other dates too. */
const read = (text: string, others: readonly string[] = [], dateOrder?: DateOrder): string => {
  const conventions = new Conventions({ dateOrder });
  for (const each of [text, ...others]) {
    const date = readDateCell(each);
    if (date !== undefined) conventions.seeDate(date);
  }
  const date = readDateCell(text);
  if (date === undefined) return 'none';
  const time = conventions.time(date, text);
  return typeof time === 'string' ? time.replace('T00:00:00.000Z', '') : time.code;
};

describe('a date', () => {
  it.each([
    ['2024-01-31', '2024-01-31'],
    ['2024/1/31', '2024-01-31'],
    ['2024.01.31', '2024-01-31'],
    ['20240131', '2024-01-31'],
    ['2024-01-31T12:00:00+01:00', '2024-01-31T11:00:00.000Z'],
    ['31.01.2024', '2024-01-31'],
    ['1/31/2024', '2024-01-31'],
    ['31-1-2024', '2024-01-31'],
    ['05.05.2024', '2024-05-05'],
    ['29.2.1996', '1996-02-29'],
    ['03.04.2024', 'ambiguous_date'],
    ['31.01.24', 'ambiguous_date'],
    ['30.02.2024', 'none'],
    ['13/13/2024', 'none'],
    ['2024-13-01', 'none'],
    ['1.2.3', 'none'],
    ['2024-01', 'none'],
    ['31.01.124', 'none'],
    ['', 'none'],
    ['yesterday', 'none'],
    ['1/2/3/2024', 'none'],
  ])('%s is %s', (text, day) => expect(read(text)).toBe(day));

  it('has the order that all dates of the file have, or that was named', () => {
    expect(read('03.04.2024', ['31.01.2024'])).toBe('2024-04-03');
    expect(read('03/04/2024', ['01/31/2024'])).toBe('2024-03-04');
    expect(read('03/04/2024', ['2024-01-31'])).toBe('ambiguous_date');
    expect(read('03.04.24', ['31.12.99'])).toBe('2024-04-03');
    expect(read('31/12/2024', ['12/31/2024'])).toBe('2024-12-31');
    expect(read('03/04/2024', ['12/31/2024', '31/12/2024'])).toBe('ambiguous_date');
    expect(read('03/04/2024', [], 'mdy')).toBe('2024-03-04');
    expect(read('03/04/2024', [], 'ymd')).toBe('invalid_date');
    expect(read('31/12/2024', [], 'mdy')).toBe('invalid_date');
    expect(read('03.04.05', [], 'ymd')).toBe('2003-04-05');
  });

  it('is the day that was written, in every order, or not sure', () => {
    const day = fc.date({ min: new Date('1970-01-01'), max: new Date('2060-12-31'), noInvalidDate: true });
    const order = fc.constantFrom<DateOrder>('ymd', 'dmy', 'mdy');
    const separator = fc.constantFrom('.', '/', '-');
    fc.assert(
      fc.property(
        fc.array(day, { minLength: 1, maxLength: 8 }),
        order,
        separator,
        fc.boolean(),
        (days, how, between, isNamed) => {
          const isoDays = days.map((each) => each.toISOString().slice(0, 10));
          const cells = isoDays.map((iso) => {
            const [y = '', m = '', d = ''] = iso.split('-');
            return { ymd: [y, m, d], dmy: [d, m, y], mdy: [m, d, y] }[how].join(between);
          });
          cells.forEach((cell, i) => {
            const result = read(cell, cells, isNamed ? how : undefined);
            if (!isNamed && result === 'ambiguous_date') return;
            expect([cell, result]).toEqual([cell, isoDays[i]]);
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});
