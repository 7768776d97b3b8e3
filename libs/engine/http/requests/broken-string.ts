import { pointer } from '../validation/violations';

// With the u flag a surrogate matches only when it stands alone.
// eslint-disable-next-line no-control-regex -- U+0000 is what is looked for: Postgres can't hold it
const broken = /[\u0000\ud800-\udfff]/u;

/** Whether a text can't be stored: it holds U+0000 or a lone surrogate. */
export function isBrokenString(text: string): boolean {
  return broken.test(text);
}

/**
 * Where a parsed JSON value holds such a text: a JSON pointer (RFC 6901). For a name, that of the object that has it: a
 * pointer to the member would repeat what many clients can't read.
 */
export function brokenStringIn(value: unknown): string | undefined {
  if (typeof value === 'string') return isBrokenString(value) ? '' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const name of Object.keys(value)) {
    if (isBrokenString(name)) return '';
    const inside = brokenStringIn((value as Readonly<Record<string, unknown>>)[name]);
    if (inside !== undefined) return `${pointer('', name)}${inside}`;
  }
  return undefined;
}
