import type { Database, Sql } from '@fintech-ledger/postgres';
import type { ProjectionRelations } from '../projection';
import { SideMap } from './sides';
import type { Side } from './sides';

/** How old what is known of the sides may be before it is looked up beside a query, and before a query waits for it. */
const freshMs = 500;
const staleMs = 5_000;
/** How long a side must stay that no query shall read any more: no process may take it for the live one for so long. */
export const unusedSeconds = 15;

/** A database whose statements read the sides of the read models that are live now. */
export interface LiveDatabase extends Database {
  /** Under which name the live side of a projection has its checkpoints, as far as is known. */
  nameOf(projection: string): string;
}

/** The side of each projection that queries read. */
export async function selectSides(sql: Sql): Promise<ReadonlyMap<string, Side>> {
  const { rows } = await sql.query<{ name: string; side: Side }>(
    `select name, side from read.projections`,
    [],
    'select-sides',
  );
  return new Map(rows.map(({ name, side }) => [name, side]));
}

/** The sides of each projection that have rows which count: the live one, and those of a rebuild. */
export async function selectSidesInUse(sql: Sql): Promise<ReadonlyMap<string, readonly Side[]>> {
  const { rows } = await sql.query<{ name: string; side: Side; both: boolean }>(
    `select p.name, p.side, exists (select from read.rebuilds r
                                     where r.projection = p.name and r.state in
                                           ('filling', 'catching_up', 'verifying', 'ready', 'swapped')) as both
       from read.projections p`,
  );
  return new Map(rows.map(({ name, side, both }) => [name, both ? ['a', 'b'] : [side]]));
}

/**
 * Statements are written for side a; where another side is live they are changed for it. One that was changed for the
 * side before a swap is right too: that one is brought up to date for some time yet, with its own position.
 */
export function liveTables(
  db: Database,
  projections: readonly (ProjectionRelations & { readonly name: string })[],
): LiveDatabase {
  let map = new SideMap(projections, new Map());
  let known = '';
  let lookedAt = -Infinity;
  let looking: Promise<void> | undefined;
  // Most often all is on side a.
  const sqlOf = (sql: Sql): Sql => (map.key === '' ? sql : map.sql(sql));
  const look = async (): Promise<void> => {
    const startedAt = performance.now();
    try {
      const sides = await selectSides(db);
      const texts = [...sides].join(' ');
      if (texts !== known) map = new SideMap(projections, sides);
      known = texts;
      lookedAt = startedAt;
    } finally {
      looking = undefined;
    }
  };
  const current = async (): Promise<void> => {
    const ageMs = performance.now() - lookedAt;
    if (ageMs < freshMs) return;
    looking ??= look();
    if (ageMs > staleMs) await looking;
    else looking.catch(() => undefined);
  };
  return {
    nameOf: (projection) => map.nameOf(projection),
    async query(text, values, name) {
      await current();
      return sqlOf(db).query(text, values, name);
    },
    async copyFrom(statement, chunks) {
      await current();
      return sqlOf(db).copyFrom(statement, chunks);
    },
    copyTo: (statement, onData) => db.copyTo(statement, onData),
    async transaction(work, options) {
      await current();
      return db.transaction((sql) => work(sqlOf(sql)), options);
    },
    session: () => db.session(),
    close: (withinMs) => db.close(withinMs),
  };
}
