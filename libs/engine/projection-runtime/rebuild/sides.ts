import type { Sql } from '@fintech-ledger/postgres';
import { createHash } from 'node:crypto';
import type { Accumulator, Projection, ProjectionRelations } from '../projection';

/** Each table of a read model appears twice: side a in the schema `read`, side b in `read_b`. */
export type Side = 'a' | 'b';

export const otherSide = (side: Side): Side => (side === 'a' ? 'b' : 'a');

/** Under which name a side of a projection has its checkpoints, and its halted streams. */
export const sidedName = (projection: string, side: Side): string =>
  side === 'a' ? projection : `${projection}:b`;

/** The projection, without the side. */
export const unsidedName = (name: string): string => (name.endsWith(':b') ? name.slice(0, -2) : name);

type Relations = ProjectionRelations & { readonly name: string };

const relation = /\bread\.([a-z_]+)/g;
/** A statement, with what is in these names taken from another schema than `read`. */
export const movedTo = (schema: string, names: ReadonlySet<string>, statement: string): string =>
  statement.replace(relation, (whole, name: string) => (names.has(name) ? `${schema}.${name}` : whole));
/** As `reachedRevision` and others write it: `k.projection = 'sums'`, `k.projection in ('accounts', 'entries')`. */
const condition = /\bprojection (?:= '[a-z_]+'|in \('[a-z_]+'(?:, '[a-z_]+')*\))/g;
const textsMax = 5_000;

/** Which side of each projection is meant: statements are written for side a, and are changed where another one is. */
export class SideMap {
  private readonly moved = new Set<string>();
  private readonly texts = new Map<string, string>();
  /** A digest of which sides these are, for the names of statements, which are short. Empty: all are side a. */
  readonly key: string;

  constructor(
    projections: readonly Relations[],
    private readonly sides: ReadonlyMap<string, Side>,
  ) {
    const onB = projections.filter(({ name }) => sides.get(name) === 'b');
    for (const { tables, functions = [] } of onB)
      for (const name of [...tables, ...functions]) this.moved.add(name);
    const names = onB.map(({ name }) => name).join(' ');
    this.key = names === '' ? '' : createHash('sha256').update(names).digest('hex').slice(0, 12);
  }

  nameOf(projection: string): string {
    return sidedName(projection, this.sides.get(projection) ?? 'a');
  }

  /** A statement for these sides. */
  text(statement: string): string {
    if (this.key === '') return statement;
    const known = this.texts.get(statement);
    if (known !== undefined) return known;
    const text = movedTo('read_b', this.moved, statement).replace(condition, (part) =>
      part.replace(/'([a-z_]+)'/g, (_, name: string) => `'${this.nameOf(name)}'`),
    );
    if (this.texts.size >= textsMax) this.texts.clear();
    this.texts.set(statement, text);
    return text;
  }

  /** What runs statements on these sides. */
  sql(sql: Sql): Sql {
    if (this.key === '') return sql;
    return {
      // One name stands for one text.
      query: (text, values, name) =>
        sql.query(this.text(text), values, name === undefined ? name : `${name} ${this.key}`),
      copyFrom: (statement, chunks) => sql.copyFrom(this.text(statement), chunks),
    };
  }
}

/**
 * A projection on one of its sides, under the name of the side.
 * @param others which sides are read of the other projections
 */
export function sided<E>(
  projection: Projection<E>,
  side: Side,
  all: readonly Projection<E>[],
  others: ReadonlyMap<string, Side>,
): Projection<E> {
  const map = new SideMap(all, new Map([...others, [projection.name, side]]));
  if (map.key === '') return projection;
  return {
    ...projection,
    name: sidedName(projection.name, side),
    fold(events) {
      const write = projection.fold(events);
      return (sql) => write(map.sql(sql));
    },
    ...(projection.begin !== undefined && { begin: () => sidedAccumulator(projection.begin?.(), map) }),
    reset: (sql) => projection.reset(map.sql(sql)),
    resetStream: (sql, stream) => projection.resetStream(map.sql(sql), stream),
  };
}

function sidedAccumulator<E>(rows: Accumulator<E> | undefined, map: SideMap): Accumulator<E> {
  if (rows === undefined) throw new Error('this projection does not fold run after run');
  return {
    add: (events) => rows.add(events),
    writer() {
      const write = rows.writer();
      return (sql) => write(map.sql(sql));
    },
  };
}
