import { metadataOf } from '../../../testing/metadata-of';
import { lineShapes, readNdjson } from './read-ndjson';

type Line = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

async function problemOf(
  line: Line,
): Promise<{ readonly code: string; readonly column?: string } | undefined> {
  const bytes = Buffer.from(`\n${JSON.stringify(line)}\n`);
  for await (const { line: number, record } of readNdjson(chunksOf(bytes))) {
    if (!('code' in record && 'detail' in record)) return undefined;
    expect(number).toBe(2);
    return record;
  }
  throw new Error('the file has no line');
}
async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** A character that is two units of UTF-16 and four bytes of UTF-8. */
const long = (length: number): string => '😀'.repeat(length);
const entry = { account: 'a'.repeat(255), amount: '9'.repeat(40), currency: `U${'.'.repeat(23)}` };
const metadata = {
  [`k${'_'.repeat(63)}`]: long(500),
  p: { subject: `sub_${'1'.repeat(64)}`, value: long(500) },
};
const entries = [{ ...entry, direction: 'debit' }];
const account = {
  address: entry.account,
  type: 'asset',
  currency: entry.currency,
  min_balance: `-${'9'.repeat(36)}`,
  max_balance: `-${'9'.repeat(36)}`,
  metadata,
};
const time = `2026-01-31T12:00:00.${'0'.repeat(43)}Z`;
/** It has to be one that the ledger reads. */
const instant = '2026-01-31T12:00:00.000Z';
const id = long(255);
const described = { description: long(1_000), effective_at: time, metadata };

/** Lines of each kind with all that they can have, each text as long as it may be. */
const longest: Readonly<Record<string, Line>> = {
  export: { format: 1, ledger: { id, name: long(255) }, revision: 1 },
  unit: { code: entry.currency, exponent: 18, name: long(255) },
  account,
  account_amendment: account,
  account_freeze: { address: entry.account },
  account_unfreeze: { address: entry.account },
  account_close: { address: entry.account },
  account_reopen: { address: entry.account },
  transaction: {
    id,
    entries,
    ...described,
    reference: long(255),
    correction_of: id,
    pending: true,
    expires_at: time,
    judged: false,
  },
  capture: { transaction: id, entries, final: true, effective_at: instant },
  void: { transaction: id, effective_at: instant },
  expiry: { transaction: id },
  reversal: { id, transaction: id, entries, ...described },
  period_close: { through: time, reason: long(1_000) },
  end: { lines: 1 },
  proof_bundle: {
    format: 1,
    head: {},
    lines_sha256: 'a'.repeat(64),
    key_id: id,
    signature: long(1_024),
  },
};
/** Texts of which there are some, whatever their length; those of a proof bundle's head are signed, and not kept. */
const enumerated = new Set(['type', 'direction', 'object']);

function textsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value === 'string') return enumerated.has(String(path.at(-1))) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return (members as [string | number, unknown][]).flatMap(([name, each]) => textsOf(each, [...path, name]));
}
function changed(value: unknown, [name, ...rest]: Path, change: (text: string) => string): unknown {
  if (name === undefined) return change(value as string);
  if (Array.isArray(value)) return value.map((each, i) => (i === name ? changed(each, rest, change) : each));
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [name]: changed(object[name], rest, change) };
}
const lines = Object.entries(longest).map(([object, line]): [string, Line] => [object, { object, ...line }]);
const texts = lines.flatMap(([object, line]) =>
  textsOf(line).map((path): [string, string, Path, Line] => [object, path.join('/'), path, line]),
);
const withMetadata = lines.filter(([, line]) => 'metadata' in line);

describe('a line of an NDJSON file', () => {
  it('is tried with all that it can have', () => {
    const members = Object.entries(lineShapes).map(([object, shape]) => [object, Object.keys(shape).sort()]);
    const tried = Object.entries(longest).map(([object, line]) => [object, Object.keys(line).sort()]);
    expect(Object.fromEntries(tried)).toEqual(Object.fromEntries(members));
    expect(texts.length).toBeGreaterThan(50);
  });

  it.each(lines)('may be as long as over HTTP: %s', async (_object, line) => {
    expect(await problemOf(line)).toBeUndefined();
  });

  it.each(texts)('has no longer text: %s %s', async (_object, _at, path, line) => {
    const longer = changed(line, path, (text) => `${text}${text.at(-1) === '😀' ? '😀' : '1'}`) as Line;
    expect(await problemOf(longer)).toMatchObject({ code: 'malformed_line', column: path[0] });
  });

  it.each(withMetadata)('has metadata as over HTTP: %s', async (object, line) => {
    const keysMax = object === 'account_amendment' ? 1_000 : 50;
    expect(await problemOf({ ...line, metadata: metadataOf(keysMax) })).toBeUndefined();
    // A key that was possible once.
    expect(await problemOf({ ...line, metadata: JSON.parse('{"__proto__":"v"}') as object })).toBeUndefined();
    const refused = { code: 'malformed_line', column: 'metadata' };
    for (const given of [
      metadataOf(keysMax + 1),
      { '': 'v' },
      { 'k é\n': 'v' },
      { ['k'.repeat(65)]: 'v' },
      { k: 'sealed:1:x' },
    ])
      expect(await problemOf({ ...line, metadata: given })).toMatchObject(refused);
  });

  it.each([
    ['transaction', 'reference'],
    ['period_close', 'reason'],
    ['unit', 'name'],
  ])('does not say nothing: %s %s', async (object, name) => {
    expect(await problemOf({ object, ...longest[object], [name]: '' })).toMatchObject({ column: name });
  });

  it.each([
    ['code', 'points'],
    ['exponent', 19],
    ['exponent', -1],
    ['exponent', 0.5],
  ])('names what of a unit can not be: %s %s', async (name, value) => {
    expect(await problemOf({ object: 'unit', ...longest['unit'], [name]: value })).toMatchObject({
      code: 'malformed_line',
      column: name,
    });
  });
});
