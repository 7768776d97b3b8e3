/**
 * JSON in the canonical form of RFC 8785 (JCS): object keys sorted by UTF-16 code units, no white space, strings and numbers as
 * ECMAScript writes them. Members that are `undefined` are left out, as JSON.stringify does.
 * @throws TypeError for what JSON can't hold (a bigint, a number that is not finite)
 */
export function canonicalJson(value: unknown): string {
  // The engine writes what is in order: several times as fast as doing it here.
  const inOrder = ordered(value);
  return inOrder === noOrder ? sorted(value) : JSON.stringify(inOrder);
}

/** Of what the engine doesn't write in canonical form, or at all. */
const noOrder = Symbol('no order');

/** What JSON.stringify writes in canonical form: the value itself where it does, else with copies of what it does not. */
function ordered(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : noOrder;
  if (typeof value !== 'object') return noOrder;
  return Array.isArray(value) ? orderedArray(value) : orderedObject(value);
}

function orderedArray(items: readonly unknown[]): unknown {
  let copy: unknown[] | undefined;
  for (let i = 0; i < items.length; i += 1) {
    const item = items[i];
    const own = item === undefined ? item : ordered(item);
    if (own === noOrder) return noOrder;
    if (own !== item) copy ??= items.slice(0, i);
    copy?.push(own);
  }
  return copy ?? items;
}

function orderedObject(object: object): unknown {
  const members = object as Record<string, unknown>;
  const keys = Object.keys(members);
  // What has a class may have a form of its own.
  let copy: Record<string, unknown> | undefined =
    isInOrder(keys) && Object.getPrototypeOf(object) === Object.prototype ? undefined : {};
  if (copy !== undefined) sort(keys);
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] as string;
    const member = members[key];
    if (member === undefined) continue;
    const own = ordered(member);
    if (own === noOrder || key === '__proto__') return noOrder;
    if (own !== member) copy ??= copyOf(members, keys, i);
    if (copy === undefined) continue;
    if (isLikeAnIndex(key)) return noOrder;
    copy[key] = own;
  }
  return copy ?? members;
}

function isInOrder(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i += 1) if ((keys[i - 1] as string) > (keys[i] as string)) return false;
  return true;
}

/** The members before one of them. */
function copyOf(
  members: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  end: number,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (let i = 0; i < end; i += 1) copy[keys[i] as string] = members[keys[i] as string];
  return copy;
}

/** Whether a member of this name may come before those that were set earlier: indices do. */
const isLikeAnIndex = (key: string): boolean => key.charCodeAt(0) >= 48 && key.charCodeAt(0) <= 57;

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
  for (const key of sort(Object.keys(members))) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(key)}:${sorted(member)}`;
  }
  return `${text}}`;
}

/** For so few keys an insertion sort is faster than `sort`, which copies them. */
const insertionSortMax = 32;

/** In place, by UTF-16 code units, as `sort` and `>` compare strings. */
function sort(keys: string[]): readonly string[] {
  if (keys.length > insertionSortMax) return keys.sort();
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i] as string;
    let at = i;
    for (; at > 0 && (keys[at - 1] as string) > key; at -= 1) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}
