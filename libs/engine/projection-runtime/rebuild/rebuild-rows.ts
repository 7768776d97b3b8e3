import { randomBytes } from 'node:crypto';
import type { Sql } from '@fintech-ledger/postgres';
import type { Side } from './sides';

export const rebuildStates = [
  'filling',
  'catching_up',
  'verifying',
  'ready',
  'swapped',
  'rolled_back',
  'dropped',
  'cancelled',
  'failed',
] as const;
export type RebuildState = (typeof rebuildStates)[number];

/** It has not ended: there is one of these for a projection at most. */
const runningStates: readonly RebuildState[] = ['filling', 'catching_up', 'verifying', 'ready'];
export const isRunning = ({ state }: Pick<Rebuild, 'state'>): boolean => runningStates.includes(state);

/** How the side that was filled compares with the one that is read, both at the same position. */
export interface Verification {
  /** By table. */
  readonly rows: Readonly<Record<string, string>>;
  /** Of each column of amounts, as `table.column`. */
  readonly sums: Readonly<Record<string, string>>;
  /** Hex, of all rows in any order. */
  readonly content_hash: string;
  /** Null: the sides are of different versions, so their rows may differ. */
  readonly matches: boolean | null;
  /** What differs. */
  readonly differences: readonly string[];
}

export interface Rebuild {
  readonly id: string;
  readonly projection: string;
  readonly ledger: string | null;
  readonly version: number;
  readonly oldVersion: number;
  /** That it fills. */
  readonly side: Side;
  readonly state: RebuildState;
  readonly autoSwap: boolean;
  readonly because: string;
  readonly position: string | null;
  readonly done: number;
  readonly total: number | null;
  readonly eventsPerSecond: number | null;
  readonly verification: Verification | null;
  readonly problem: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly keptUntil: Date | null;
  readonly unusedSince: Date | null;
}

interface Row {
  readonly id: string;
  readonly projection: string;
  readonly ledger: string | null;
  readonly version: number;
  readonly old_version: number;
  readonly side: Side;
  readonly state: RebuildState;
  readonly auto_swap: boolean;
  readonly because: string;
  readonly position: string | null;
  readonly done: string;
  readonly total: string | null;
  readonly events_per_s: number | null;
  readonly verification: Verification | null;
  readonly problem: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly kept_until: Date | null;
  readonly unused_since: Date | null;
}

const rebuildOf = (row: Row): Rebuild => ({
  id: row.id,
  projection: row.projection,
  ledger: row.ledger,
  version: row.version,
  oldVersion: row.old_version,
  side: row.side,
  state: row.state,
  autoSwap: row.auto_swap,
  because: row.because,
  position: row.position,
  done: Number(row.done),
  total: row.total === null ? null : Number(row.total),
  eventsPerSecond: row.events_per_s,
  verification: row.verification,
  problem: row.problem,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  keptUntil: row.kept_until,
  unusedSince: row.unused_since,
});

/** Rebuilds, the newest first. */
export async function selectRebuilds(
  sql: Sql,
  {
    projection,
    id,
    limit = 100,
    after,
  }: {
    readonly projection?: string;
    readonly id?: string;
    readonly limit?: number;
    /** The id of the one after which the page begins. */
    readonly after?: string;
  },
): Promise<readonly Rebuild[]> {
  const { rows } = await sql.query<Row>(
    `select r.* from read.rebuilds r
      where ($1::text is null or r.projection = $1) and ($2::text is null or r.id = $2)
        and ($4::text is null or (r.created_at, r.id) < (select b.created_at, b.id from read.rebuilds b
                                                          where b.id = $4))
      order by r.created_at desc, r.id desc limit $3`,
    [projection ?? null, id ?? null, limit, after ?? null],
    'select-rebuilds',
  );
  return rows.map(rebuildOf);
}

/** Those that somebody has something to do for: running ones, kept sides, sides to be emptied. */
export async function selectRebuildsToDo(sql: Sql): Promise<readonly Rebuild[]> {
  const { rows } = await sql.query<Row>(
    `select r.* from read.rebuilds r
      where r.state in ('filling', 'catching_up', 'verifying', 'ready', 'swapped') or r.unused_since is not null
      order by r.created_at`,
    [],
    'select-rebuilds-to-do',
  );
  return rows.map(rebuildOf);
}

/** The row stays locked until the transaction ends. */
export async function lockRebuild(sql: Sql, id: string): Promise<Rebuild | undefined> {
  const { rows } = await sql.query<Row>(`select * from read.rebuilds where id = $1 for update`, [id]);
  return rows[0] === undefined ? undefined : rebuildOf(rows[0]);
}

export async function insertRebuild(
  sql: Sql,
  rebuild: Pick<
    Rebuild,
    'projection' | 'ledger' | 'version' | 'oldVersion' | 'side' | 'autoSwap' | 'because'
  >,
): Promise<Rebuild> {
  const { rows } = await sql.query<Row>(
    `insert into read.rebuilds (id, projection, ledger, version, old_version, side, state, auto_swap, because)
     values ($1, $2, $3, $4, $5, $6, 'filling', $7, $8) returning *`,
    [
      `rbd_${randomBytes(12).toString('hex')}`,
      rebuild.projection,
      rebuild.ledger,
      rebuild.version,
      rebuild.oldVersion,
      rebuild.side,
      rebuild.autoSwap,
      rebuild.because,
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a rebuild was inserted and is not there');
  return rebuildOf(row);
}

/** Moves a rebuild on, unless somebody else has. @returns whether it was still in that state */
export async function moveRebuild(
  sql: Sql,
  { id, state }: Pick<Rebuild, 'id' | 'state'>,
  to: RebuildState,
  also: { readonly problem?: string | null; readonly verification?: Verification } = {},
): Promise<boolean> {
  const isOver = to === 'cancelled' || to === 'failed' || to === 'rolled_back' || to === 'dropped';
  const { rowCount } = await sql.query(
    `update read.rebuilds
        set state = $3, updated_at = now(), problem = $4, verification = coalesce($5::jsonb, verification),
            kept_until = case when $3 = 'swapped' then now() + interval '24 hours' else kept_until end,
            unused_since = case when $6 then now() end
      where id = $1 and state = $2`,
    [
      id,
      state,
      to,
      also.problem ?? null,
      also.verification === undefined ? null : JSON.stringify(also.verification),
      isOver,
    ],
  );
  return rowCount > 0;
}
