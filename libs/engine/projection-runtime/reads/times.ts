/** A row's milliseconds as the API's time. */
export const isoTime = (ms: string | number): string => new Date(Number(ms)).toISOString();
export const isoTimeOrNull = (ms: string | null): string | null => (ms === null ? null : isoTime(ms));
