// With the u flag a surrogate matches only when it stands alone.
// eslint-disable-next-line no-control-regex -- U+0000 is what is looked for: Postgres can't hold it
const broken = /[\u0000\ud800-\udfff]/u;

/** Whether a text can't be stored: it holds U+0000 or a lone surrogate. */
export function isBrokenString(text: string): boolean {
  return broken.test(text);
}

/** The same for any text or key inside a parsed JSON value. */
export function hasBrokenString(value: unknown): boolean {
  if (typeof value === 'string') return isBrokenString(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasBrokenString);
  return Object.entries(value).some(([key, item]) => isBrokenString(key) || hasBrokenString(item));
}
