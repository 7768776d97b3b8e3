import type { Sql } from '@fintech-ledger/postgres';
import { contentIn, movedTo } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent, Projection } from '@fintech-ledger/projection-runtime';

/** Rows of one table that are named as differing. */
const namedMax = 5;

/** Projections send several statements at once, which the driver takes from pipelined connections only. */
function oneAfterAnother(): <T>(statement: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (statement) => {
    const answered = last.then(statement);
    last = answered.catch(() => undefined);
    return answered;
  };
}

/**
 * Temporary tables in which projections are made again of the events, beside the live ones. They are gone with the
 * transaction, and nobody else sees them.
 */
export class ScratchTables {
  private readonly tables: ReadonlySet<string>;
  private readonly scratch: Sql;

  constructor(
    private readonly sql: Sql,
    private readonly projections: readonly Projection<DecodedEvent>[],
  ) {
    this.tables = new Set(projections.flatMap(({ tables }) => tables));
    const moved = (text: string): string => movedTo('pg_temp', this.tables, text);
    const inTurn = oneAfterAnother();
    this.scratch = {
      // One name stands for one text.
      query(text, values, name) {
        const there = moved(text);
        // What a projection does beside its tables, such as destroying the keys of who was erased, is not done again.
        if (there === text && !/^\s*(?:select|with)\b/i.test(text))
          return Promise.resolve({ rows: [], rowCount: 0 });
        return inTurn(() => sql.query(there, values, name === undefined ? name : `${name} scratch`));
      },
      copyFrom: (statement, chunks) => inTurn(() => sql.copyFrom(moved(statement), chunks)),
    };
  }

  async create(): Promise<void> {
    for (const table of this.tables)
      await this.sql.query(
        `create temporary table ${table} (like read.${table} including all) on commit drop`,
      );
  }

  /** @throws what a projection throws at events that contradict one another */
  fold(projection: Projection<DecodedEvent>, events: readonly DecodedEvent[]): Promise<void> {
    return projection.fold(events)(this.scratch);
  }

  /** What the live tables have that the events don't say, or say otherwise; a sentence for each row. */
  async differences(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { contents = {}, tables } of this.projections)
      for (const table of tables) {
        const says = contents[table];
        found.push(...(await (says === undefined ? this.ofRows(table) : this.ofContents(table, says))));
      }
    return found;
  }

  private async ofRows(table: string): Promise<readonly string[]> {
    const { key, on } = await this.keyOf(table);
    const same = key.map((column) => `l.${column} is not distinct from m.${column}`).join(' and ');
    const { rows } = await this.sql.query<{ live: Row | null; made: Row | null }>(
      `select to_jsonb(l) as live, to_jsonb(m) as made
         from read.${table} l full join pg_temp.${table} m on ${on}
        where (${same}) is not true or to_jsonb(l) is distinct from to_jsonb(m) limit ${namedMax}`,
    );
    return rows.map(({ live, made }) => sentence(table, key, live, made));
  }

  /** What can be said by other rows: only that something differs can be told, and in which content. */
  private async ofContents(table: string, says: string): Promise<readonly string[]> {
    const [live, made] = [contentIn('read', table, says), contentIn('pg_temp', table, says)];
    const { rows } = await this.sql.query<{ is: string; side: string }>(
      `select x::text as is, 'live' as side from (${live} except all ${made}) x
       union all select x::text, 'made' from (${made} except all ${live}) x limit ${namedMax}`,
    );
    return rows.map(({ is, side }) =>
      side === 'live'
        ? `${table} says ${is}, and the events do not`
        : `${table} does not say ${is}, and the events do`,
    );
  }

  /** The columns of its primary key, or of its first unique index; of neither: all. */
  private async keyOf(table: string): Promise<{ readonly key: readonly string[]; readonly on: string }> {
    const { rows } = await this.sql.query<{ column: string }>(
      `select a.attname as column
         from (select i.* from pg_index i where i.indrelid = $1::regclass and i.indisunique and i.indpred is null
                  and i.indexprs is null order by i.indisprimary desc, i.indexrelid limit 1) i
         cross join lateral unnest(i.indkey::int2[]) with ordinality k (number, place)
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
        where k.place <= i.indnkeyatts order by k.place`,
      [`read.${table}`],
    );
    if (rows.length > 0) return keyOn(rows, (value) => value);
    const { rows: all } = await this.sql.query<{ column: string }>(
      `select attname as column from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [`read.${table}`],
    );
    // Of these some may be null, which equals nothing.
    return keyOn(all, (value) => `coalesce(${value}::text, '')`);
  }
}

type Row = Readonly<Record<string, unknown>>;

/** A full join takes equality alone. @param as SQL of a value as it is compared */
function keyOn(columns: readonly { readonly column: string }[], as: (value: string) => string) {
  const key = columns.map(({ column }) => column);
  return { key, on: key.map((name) => `${as(`l.${name}`)} = ${as(`m.${name}`)}`).join(' and ') };
}

function sentence(table: string, key: readonly string[], live: Row | null, made: Row | null): string {
  const row = live ?? made ?? {};
  // A key may be a hash: what people call the row says more.
  const names = [...new Set([...key, ...['address', 'id', 'stream'].filter((name) => name in row)])];
  const where = `${table} (${names.map((name) => `${name} ${String(row[name])}`).join(', ')})`;
  if (made === null) return `${where} is there, and no event says so`;
  if (live === null) return `${where} is missing`;
  const columns = Object.keys(made).filter(
    (name) => JSON.stringify(live[name]) !== JSON.stringify(made[name]),
  );
  const text = (value: unknown): string => JSON.stringify(value).slice(0, 100);
  const told = columns.map((name) => `${name} is ${text(live[name])}, the events give ${text(made[name])}`);
  return `${where}: ${told.join('; ')}`;
}
