import type { Database, Sql } from '@fintech-ledger/postgres';
import type { Projection } from '@fintech-ledger/projection-runtime';
import { seededRandom } from '../faults/seeded-random';

/** How events come to a projection. */
interface Way {
  readonly name: string;
  /** How many of them are in the next batch. */
  readonly size: () => number;
  /** Batch after batch is folded into the same rows, which are written at the end, as a rebuild does it. */
  readonly isCollected?: boolean;
}
/** By table, the text of each row. */
type Rows = ReadonlyMap<string, readonly string[]>;

const alone: Way = { name: 'one at a time', size: () => 1 };
const others = (seed: number): readonly Way[] => {
  const random = seededRandom(seed);
  const upTo = (most: number) => (): number => 1 + Math.floor(random() * most);
  return [
    { name: 'all at once', size: () => Number.POSITIVE_INFINITY },
    { name: 'a few at a time', size: upTo(5) },
    { name: 'many at a time', size: upTo(200) },
    { name: 'a few at a time, written together', size: upTo(5), isCollected: true },
  ];
};

/**
 * Where a projector's batches end is chance, and a rebuild has others: the rows are those of the events. Empties the
 * tables of the projection.
 * @param events each stream in order @throws Error rows that depend on batches
 */
export async function assertSameInAnyBatches<E>(
  database: Database,
  projection: Projection<E>,
  events: readonly E[],
  seed: number,
): Promise<Rows> {
  const expected = await rowsAfter(database, projection, events, alone);
  for (const way of others(seed)) {
    const rows = await rowsAfter(database, projection, events, way);
    for (const [table, should] of expected) {
      const is = rows.get(table) ?? [];
      if (is.join('\n') === should.join('\n')) continue;
      const [more, less] = [without(is, should), without(should, is)];
      throw new Error(`read.${table} is otherwise ${way.name}, with seed ${seed}:\n+ ${more}\n- ${less}`);
    }
  }
  return expected;
}

const without = (rows: readonly string[], known: readonly string[]): string => {
  const all = new Set(known);
  return rows
    .filter((row) => !all.has(row))
    .slice(0, 3)
    .join('\n  ');
};

function rowsAfter<E>(
  database: Database,
  projection: Projection<E>,
  events: readonly E[],
  { isCollected = false, size }: Way,
): Promise<Rows> {
  const write = async (sql: Sql): Promise<Rows> => {
    await projection.reset(sql);
    const collected = isCollected ? projection.begin?.() : undefined;
    for (let from = 0; from < events.length;) {
      const to = Math.min(from + size(), events.length);
      const batch = events.slice(from, to);
      if (collected === undefined) await projection.fold(batch)(sql);
      else collected.add(batch);
      from = to;
    }
    await collected?.writer()(sql);
    return rowsOf(sql, projection);
  };
  return database.transaction(write, { isPipelined: true });
}

async function rowsOf(sql: Sql, { contents = {}, tables }: Projection<never>): Promise<Rows> {
  await sql.query('set local search_path = read');
  const rows = new Map<string, readonly string[]>();
  for (const table of tables) {
    const says = contents[table] ?? `select * from ${table}`;
    const { rows: found } = await sql.query<{ row: string }>(
      `select r::text as row from (${says}) r order by r::text collate "C"`,
    );
    rows.set(
      table,
      found.map(({ row }) => row),
    );
  }
  return rows;
}
