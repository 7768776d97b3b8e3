import type { Sql } from '@fintech-ledger/postgres';
import type { Projection } from '../projection';
import { otherSide, sided } from './sides';
import type { Side } from './sides';

/** A projection with the sides that are to be kept up to date. */
export interface FollowedProjection<E> {
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  /** Whether the side is among them that queries read. */
  readonly isLive: boolean;
  /** Under the names of their sides, see `sidedName`. */
  readonly sides: readonly Projection<E>[];
}

interface Row {
  readonly name: string;
  readonly side: Side;
  readonly version: number;
  /** Of the rebuild that counts; null: there is none. */
  readonly state: string | null;
  readonly new_side: Side | null;
  readonly new_version: number | null;
  readonly old_version: number | null;
}

/**
 * Which sides are kept up to date: the one that queries read, the one that a rebuild has filled, after a swap the
 * old one until it is dropped, so that a rollback finds it as it should be. Rows of an older version are carried
 * on while they are read.
 */
export async function selectFollowed<E>(
  sql: Sql,
  projections: readonly Projection<E>[],
): Promise<readonly FollowedProjection<E>[]> {
  const { rows } = await sql.query<Row>(
    `select p.name, p.side, p.version, r.state, r.side as new_side, r.version as new_version, r.old_version
       from read.projections p
       left join read.rebuilds r on r.projection = p.name
                                and r.state in ('catching_up', 'verifying', 'ready', 'swapped')`,
    [],
    'select-followed',
  );
  const live = new Map(rows.map(({ name, side }) => [name, side]));
  return projections.map((projection) => {
    const { name, streamPrefixes } = projection;
    const row = rows.find((each) => each.name === name);
    const sides = row === undefined ? (['a'] as const) : sidesOf(row, projection);
    return {
      name,
      streamPrefixes,
      isLive: row === undefined || carriesOn(projection, row.version),
      sides: sides.map((side) => sided(projection, side, projections, live)),
    };
  });
}

/** Rows of an older version are what queries read until those of this one are there. */
const carriesOn = <E>({ version, carriesOnFrom = 0 }: Projection<E>, rows: number): boolean =>
  rows <= version && rows >= carriesOnFrom;

function sidesOf<E>(row: Row, projection: Projection<E>): readonly Side[] {
  const { version } = projection;
  const sides: Side[] = carriesOn(projection, row.version) ? [row.side] : [];
  if (row.state === null || row.new_side === null) return sides;
  if (row.state === 'swapped') {
    if (row.old_version === version) sides.push(otherSide(row.new_side));
  } else if (row.new_version === version) sides.push(row.new_side);
  return [...new Set(sides)];
}

/** Says which sides these are, so that a change is seen. */
export const sidesKey = <E>(followed: readonly FollowedProjection<E>[]): string =>
  followed
    .map(({ name, isLive, sides }) => [name, isLive, ...sides.map((each) => each.name)].join(' '))
    .join('\n');

/** What concerns these projections. */
export function ofThese<E>(
  followed: readonly FollowedProjection<E>[],
  projections: readonly { readonly name: string }[],
): readonly FollowedProjection<E>[] {
  const names = new Set(projections.map(({ name }) => name));
  return followed.filter(({ name }) => names.has(name));
}
