import fc from 'fast-check';

const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);

/** What a field should hardly ever be. */
export const oddValues: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -0, 1, -1, 0.5, 100, 1e21, 1e308, 2 ** 31, 2 ** 53, -(2 ** 63)],
    ...['', ' ', '0', '-0', '-1', '+1', '01', '1.5', '1e3', '0x10', 'NaN', 'Infinity', 'null', '\u0661'],
    ...['9'.repeat(36), '9'.repeat(37), '-' + '9'.repeat(36), 'x'.repeat(256), 'x'.repeat(5_000)],
    ...[
      '\u0000',
      'a\u0000b',
      '\ud800',
      'x\udfff',
      '\ufeff',
      '\u202eabc',
      '👩‍👩‍👧‍👦',
      'e\u0301',
      '\u2028',
      '\r\n',
      "'; --",
      '%00',
    ],
    ...['__proto__', 'constructor', '../..', 'a::b', ':', 'led_', 'txn_', 'usd', 'DEM', 'US', 'USD '],
    ...['2026-02-30T00:00:00Z', '2026-01-01', '0000-01-01T00:00:00Z', '9999-12-31T23:59:60Z'],
    ...['2026-01-01T00:00:00+99:99', '+275760-09-13T00:00:00Z', '2026-01-01T00:00:00.123456789Z'],
    ...[[], {}, [[]], [null], { a: 1 }, nested(31), nested(40), nested(4_000)],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.integer(),
  fc.double(),
);

type Kind = 'replace' | 'remove' | 'add' | 'repeat' | 'wrap' | 'number';

/** A JSON value with one to three things wrong in it, anywhere. */
export function mutated(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const kinds = fc.constantFrom<Kind>(
    'replace',
    'replace',
    'replace',
    'remove',
    'add',
    'repeat',
    'wrap',
    'number',
  );
  const change = fc.record({ at: fc.nat(1_000), kind: kinds, odd: oddValues, name: oddNames });
  return fc.tuple(values, fc.array(change, { minLength: 1, maxLength: 3 })).map(([value, changes]) =>
    changes.reduce((so, { at, kind, odd, name }) => {
      const places = placesOf(so);
      return changeAt(so, places[at % places.length] ?? [], (was) => changed(was, kind, odd, name));
    }, value),
  );
}

const oddNames = fc.constantFrom(
  'x',
  '',
  '__proto__',
  'constructor',
  'toString',
  'amount',
  '\u0000',
  'é'.repeat(100),
);
const removed = Symbol('removed');

function changed(was: unknown, kind: Kind, odd: unknown, name: string): unknown {
  if (kind === 'remove') return removed;
  if (kind === 'wrap') return [was];
  if (kind === 'repeat' && Array.isArray(was) && isSmall(was[0]))
    return Array.from({ length: 1_001 }, () => was[0] as unknown);
  if (kind === 'number' && typeof was === 'string' && was !== '' && !Number.isNaN(Number(was)))
    return Number(was);
  if (kind === 'add' && isObject(was)) return withField(was, name, odd);
  return odd;
}

/** What is large already would be a thousand times as large: gigabytes, when it was repeated before. */
const isSmall = (value: unknown): boolean => (JSON.stringify(value) ?? '').length <= repeatedCharactersMax;
const repeatedCharactersMax = 1_000;

type Place = readonly (string | number)[];

const placesDeep = 8;

function placesOf(value: unknown, depth = 0): Place[] {
  if (typeof value !== 'object' || value === null || depth > placesDeep) return [[]];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.slice(0, 10).entries()]
    : Object.entries(value);
  return [[], ...entries.flatMap(([key, part]) => placesOf(part, depth + 1).map((place) => [key, ...place]))];
}

function changeAt(value: unknown, [key, ...rest]: Place, change: (was: unknown) => unknown): unknown {
  if (key === undefined) {
    const is = change(value);
    return is === removed ? null : is;
  }
  const inner = (was: unknown): unknown => (rest.length === 0 ? change(was) : changeAt(was, rest, change));
  if (Array.isArray(value)) {
    return value
      .map((part: unknown, at) => (at === key ? inner(part) : part))
      .filter((part) => part !== removed);
  }
  if (!isObject(value)) return value;
  const is = inner(value[key]);
  if (is !== removed) return withField(value, String(key), is);
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

const isObject = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Unlike an assignment, right for `__proto__` too. */
const withField = (value: object, name: string, field: unknown): object =>
  Object.fromEntries([...Object.entries(value), [name, field]]);
