import { parseTime } from '@fintech-ledger/contract';

/** Year, month, day: the order in which a date names them. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';
export const dateOrders: readonly DateOrder[] = ['ymd', 'dmy', 'mdy'];

/** The time (RFC 3339) that a cell means in each order in which it is a date; `sure`: whatever the order. */
export type DateReading =
  | { readonly kind: 'sure'; readonly time: string }
  | { readonly kind: 'ordered'; readonly times: ReadonlyMap<DateOrder, string> };

/**
 * `2024-01-31`, `2024/1/31`, `20240131` and times of RFC 3339 are sure. `31.01.2024`, `1/31/2024` and `31.01.24` depend on the order; two
 * digits of a year are those of 1969 to 2068, as POSIX has it. Undefined: a date in no order.
 */
export function readDateCell(text: string): DateReading | undefined {
  const time = parseTime(text) ?? compactDate(text);
  if (time !== undefined) return { kind: 'sure', time };
  const parts = partsOf(text);
  if (parts === undefined) return undefined;
  const [a = '', b = '', c = ''] = parts;
  if (a.length === 4) {
    const day = timeOf(a, b, c);
    return day === undefined ? undefined : { kind: 'sure', time: day };
  }
  const readings: readonly (readonly [DateOrder, string | undefined])[] = [
    ['ymd', c.length === 4 ? undefined : timeOf(a, b, c)],
    ['dmy', timeOf(c, b, a)],
    ['mdy', timeOf(c, a, b)],
  ];
  const times = new Map<DateOrder, string>();
  for (const [order, reading] of readings) if (reading !== undefined) times.set(order, reading);
  return times.size === 0 ? undefined : { kind: 'ordered', times };
}

function partsOf(text: string): readonly string[] | undefined {
  const separator = ['-', '/', '.'].find((each) => text.includes(each));
  const parts = separator === undefined ? [] : text.split(separator);
  return parts.length === 3 && parts.every((part) => /^\d{1,4}$/.test(part)) ? parts : undefined;
}

function compactDate(text: string): string | undefined {
  return /^\d{8}$/.test(text) ? timeOf(text.slice(0, 4), text.slice(4, 6), text.slice(6)) : undefined;
}

function timeOf(year: string, month: string, day: string): string | undefined {
  if (month.length > 2 || day.length > 2 || (year.length !== 4 && year.length !== 2)) return undefined;
  const full = year.length === 4 ? year : `${Number(year) < 69 ? '20' : '19'}${year}`;
  return parseTime(`${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T00:00:00Z`);
}
