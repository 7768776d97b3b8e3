/**
 * Texts that Postgres can hold: without U+0000, and without half of a surrogate pair, which has no UTF-8 (RFC 8259,
 * 8.2) and no canonical JSON (RFC 8785, 3.2.2.2).
 */

// With the u flag a surrogate matches only when it stands alone.
// eslint-disable-next-line no-control-regex -- U+0000 is what is looked for
const unstorable = /[\u0000\ud800-\udfff]/u;
// eslint-disable-next-line no-control-regex -- likewise
const everyUnstorable = /[\u0000\ud800-\udfff]/gu;

export function isStorable(text: string): boolean {
  return !unstorable.test(text);
}

/**
 * A value that is written as `json`, with U+FFFD in the place of what Postgres can't hold; the value itself where it
 * has none, which costs two searches.
 * @param json written by JSON.stringify or canonicalJson: there it is always an escape, in lower case
 */
export function storableValue<T>(value: T, json: string): T {
  // A backslash before such letters is written like that too: then all texts are looked at, and none is replaced.
  if (!json.includes('\\ud') && !json.includes('\\u0000')) return value;
  return replaced(value) as T;
}

function replaced(value: unknown): unknown {
  if (typeof value === 'string') return isStorable(value) ? value : value.replace(everyUnstorable, '\uFFFD');
  if (Array.isArray(value)) return value.map(replaced);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [replaced(name) as string, replaced(member)]),
  );
}

/** At most so many UTF-16 units of a text: never half of a surrogate pair, and no white space at either end. */
export function shortened(text: string, max: number): string {
  const plain = text.trim();
  if (plain.length <= max) return plain;
  const last = plain.codePointAt(max - 1) ?? 0;
  return plain.slice(0, last > 0xffff ? max - 1 : max).trimEnd();
}
