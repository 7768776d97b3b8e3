/**
 * JSON in the canonical form of RFC 8785 (JCS): object keys sorted by UTF-16 code units, no white space, strings and numbers as
 * ECMAScript writes them. Members that are `undefined` are left out, as JSON.stringify does.
 * @throws TypeError for what JSON can't hold (a bigint, a number that is not finite)
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
    default:
      throw new TypeError(`a ${typeof value} has no JSON form`);
  }
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < items.length; i += 1) {
    if (i > 0) text += ',';
    text += canonicalJson(items[i] ?? null);
  }
  return `${text}]`;
}

function canonicalObject(object: object): string {
  const members = object as Record<string, unknown>;
  const keys = Object.keys(members);
  if (!isSorted(keys)) keys.sort();
  let text = '{';
  for (const key of keys) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}

/** The hot path builds its objects in order, so sorting is the exception. */
function isSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i += 1) {
    if ((keys[i - 1] ?? '') > (keys[i] ?? '')) return false;
  }
  return true;
}
