const rfc3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * A point in time in the ledger's form (RFC 3339, UTC, milliseconds; finer digits are cut), or undefined when the text is not one:
 * no offset, a day that the month does not have, a year outside 0001–9999.
 */
export function parseTime(text: unknown): string | undefined {
  if (typeof text !== 'string' || !rfc3339.test(text)) return undefined;
  const day = Number(text.slice(8, 10));
  if (day > daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)))) return undefined;
  const at = new Date(text);
  const year = at.getUTCFullYear();
  return Number.isNaN(at.getTime()) || year < 1 || year > 9999 ? undefined : at.toISOString();
}

const calendarDay = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Whether the text is a day of the calendar, YYYY-MM-DD: the 29th of February only where the year has it. */
export const isDay = (text: string): boolean =>
  calendarDay.test(text) && parseTime(`${text}T00:00:00Z`) !== undefined;

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** So much before a time, in that form; the first of all times where that would be in no year that it has. */
export const timeBefore = (time: string, ms: number): string =>
  new Date(Math.max(Date.parse(time) - ms, firstMs)).toISOString();

const firstMs = Date.parse('0001-01-01T00:00:00Z');

/** Milliseconds, as rows have them, in that form. */
export const isoTime = (ms: string | number): string => new Date(Number(ms)).toISOString();
export const isoTimeOrNull = (ms: string | null): string | null => (ms === null ? null : isoTime(ms));
