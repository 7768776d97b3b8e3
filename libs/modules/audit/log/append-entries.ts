import type { Sql } from '@fintech-ledger/postgres';
import { assertRows, column, copyRows } from '@fintech-ledger/projection-runtime';
import { hashOfTile, tileBytes, tileEntries } from '../merkle/tiles';

/** Entries of one level of a ledger's tree that follow those it has. */
export interface NewEntries {
  readonly ledgerId: string;
  /** From 0: how many there are before it. */
  readonly first: number;
  /** Lower-case hex. */
  readonly hashes: readonly string[];
}

/** What is added to one tile. */
interface TilePart {
  readonly ledgerId: string;
  readonly tile: number;
  /** How many entries the tile has before. */
  readonly before: number;
  readonly hex: string;
}

interface WholeTile {
  readonly ledgerId: string;
  readonly tile: number;
  readonly entries: Buffer;
}

/**
 * Adds entries to a level of the trees, and to those above what becomes whole: the last tile of each tree is written
 * again, all others once.
 * @throws Error a tile does not have the entries before them
 */
export async function appendEntries(sql: Sql, level: number, added: readonly NewEntries[]): Promise<void> {
  const parts = added.flatMap(partsOf);
  if (parts.length === 0) return;
  const fresh = parts.filter(({ before }) => before === 0);
  const [extended] = await Promise.all([
    extendTiles(
      sql,
      level,
      parts.filter(({ before }) => before > 0),
    ),
    copyRows(
      sql,
      'read.merkle_tiles (ledger_id, level, tile, entries)',
      fresh,
      ({ ledgerId, tile, hex }) => `${ledgerId}\t${level}\t${tile}\t\\\\x${hex}`,
    ),
  ]);
  const whole = fresh.filter(({ hex }) => hex.length === 2 * tileBytes);
  const filled = [
    ...whole.map(({ hex, ...tile }): WholeTile => ({ ...tile, entries: Buffer.from(hex, 'hex') })),
    ...extended,
  ];
  await appendEntries(sql, level + 1, entriesAbove(level, filled));
}

function partsOf({ ledgerId, first, hashes }: NewEntries): readonly TilePart[] {
  const parts: TilePart[] = [];
  for (let at = 0; at < hashes.length;) {
    const before = (first + at) % tileEntries;
    const count = Math.min(tileEntries - before, hashes.length - at);
    const hex = hashes.slice(at, at + count).join('');
    parts.push({ ledgerId, tile: Math.floor((first + at) / tileEntries), before, hex });
    at += count;
  }
  return parts;
}

/** @returns those that are whole now */
async function extendTiles(
  sql: Sql,
  level: number,
  parts: readonly TilePart[],
): Promise<readonly WholeTile[]> {
  if (parts.length === 0) return [];
  const { rows } = await sql.query<{ ledger_id: string; tile: string; entries: Buffer | null }>(
    `update read.merkle_tiles t set entries = t.entries || decode(p.hex, 'hex')
       from unnest(string_to_array($2, E'\\n'), string_to_array($3, E'\\n')::bigint[],
                   string_to_array($4, E'\\n')::int[], string_to_array($5, E'\\n')) as p (ledger_id, tile, before, hex)
      where t.ledger_id = p.ledger_id and t.level = $1 and t.tile = p.tile
        and octet_length(t.entries) = 32 * p.before
      returning t.ledger_id, t.tile, case when octet_length(t.entries) = ${tileBytes} then t.entries end as entries`,
    [
      level,
      column(parts, ({ ledgerId }) => ledgerId),
      column(parts, ({ tile }) => tile),
      column(parts, ({ before }) => before),
      column(parts, ({ hex }) => hex),
    ],
    'extend-merkle-tiles',
  );
  assertRows(rows.length, parts.length, 'tiles of Merkle logs with the entries before');
  return rows.flatMap(({ ledger_id: ledgerId, tile, entries }) =>
    entries === null ? [] : [{ ledgerId, tile: Number(tile), entries }],
  );
}

/** The hashes of whole tiles, in order, as entries of the level above. */
function entriesAbove(level: number, whole: readonly WholeTile[]): readonly NewEntries[] {
  const above = new Map<string, { readonly ledgerId: string; readonly first: number; hashes: string[] }>();
  for (const { ledgerId, tile, entries } of whole.toSorted((a, b) => a.tile - b.tile)) {
    const hash = hashOfTile(entries, level).toString('hex');
    const known = above.get(ledgerId);
    if (known === undefined) above.set(ledgerId, { ledgerId, first: tile, hashes: [hash] });
    else known.hashes.push(hash);
  }
  return [...above.values()];
}
