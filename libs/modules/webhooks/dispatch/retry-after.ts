const imfFixdate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long to wait by the header `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
 * @returns undefined when it is neither; 0 for a date that has passed
 */
export function retryAfterMs(value: string, now: number): number | undefined {
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1_000;
  const at = imfFixdate.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
