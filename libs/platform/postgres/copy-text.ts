const special = /[\\\t\n\r\b\f\v]/;
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

/** One field of COPY's text format: `\N` for null, backslash escapes for what would end a field or line. */
export function copyText(value: string | number | bigint | null): string {
  if (value === null) return '\\N';
  if (typeof value !== 'string') return value.toString();
  if (!special.test(value)) return value;
  return value.replace(/[\\\t\n\r\b\f\v]/g, (character) => escapes[character] ?? character);
}
