import type { Sql } from '@fintech-ledger/postgres';
import { compare } from './compare';
import { CheckpointMoved } from './errors';
import type { CheckpointMove } from './moves-alike';

interface Place {
  readonly revision: number;
  readonly previous: number;
  readonly hash: string | null;
}

interface Held extends Place {
  readonly projection: string;
  /** Whose row says it: its own name where it stands alone or leads. */
  readonly leader: string;
}

interface Written extends Place {
  readonly stream: string;
  readonly projection: string;
  readonly leader: string | null;
  readonly members: string | null;
  readonly isNew: boolean;
}

interface Move extends Place {
  readonly from: number;
}

/**
 * Moves checkpoints whatever rows they share: those that come to one place share a row from then on, and those that
 * shared one with them and stay where they are have one of their own. All or nothing, in a transaction.
 * @throws CheckpointMoved one is not where this projector believed it to be
 */
export async function regroupCheckpoints(sql: Sql, moves: readonly CheckpointMove[]): Promise<void> {
  const streams = movesByStream(moves);
  if (streams.size === 0) return;
  // What shares a row is changed by nobody else while all rows of the stream are locked.
  const held = await lockRows(sql, [...streams.keys()].toSorted());
  const written = [...streams].flatMap(([stream, moving]) =>
    rowsOf(stream, moving, held.get(stream) ?? new Map()),
  );
  await Promise.all([
    updateRows(
      sql,
      written.filter(({ isNew }) => !isNew),
    ),
    insertRows(
      sql,
      written.filter(({ isNew }) => isNew),
    ),
  ]);
}

function movesByStream(moves: readonly CheckpointMove[]): ReadonlyMap<string, Map<string, Move>> {
  const streams = new Map<string, Map<string, Move>>();
  for (const { projection, advances } of moves) {
    for (const { stream, from, to, hash } of advances) {
      const moving = streams.get(stream) ?? new Map<string, Move>();
      streams.set(stream, moving.set(projection, { from, revision: to, previous: from, hash: hash ?? null }));
    }
  }
  return streams;
}

async function lockRows(
  sql: Sql,
  streams: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Held>>> {
  const { rows } = await sql.query<{
    stream: string;
    projection: string;
    revision: string;
    previous: string;
    hash: string | null;
    leader: string | null;
  }>(
    `select stream, projection, revision, previous, hash, leader from read.checkpoint_rows
      where stream = any (string_to_array($1, E'\\n')) order by stream, projection for update`,
    [streams.join('\n')],
    'lock-checkpoints',
  );
  const held = new Map<string, Map<string, Held>>();
  for (const { stream, projection, revision, previous, hash, leader } of rows) {
    const ofStream = held.get(stream) ?? new Map<string, Held>();
    const place = { revision: Number(revision), previous: Number(previous), hash };
    held.set(stream, ofStream.set(projection, { projection, ...place, leader: leader ?? projection }));
  }
  return held;
}

function rowsOf(
  stream: string,
  moving: ReadonlyMap<string, Move>,
  held: ReadonlyMap<string, Held>,
): readonly Written[] {
  const groups = new Map<string, { readonly place: Place; readonly names: string[] }>();
  const put = (kind: string, name: string, place: Place): void => {
    const key = `${kind}\n${place.revision}\n${place.previous}\n${place.hash ?? ''}`;
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { place, names: [name] });
  };
  const left = new Set<string>();
  for (const [name, move] of moving) {
    const row = held.get(name);
    const at = row === undefined ? -1 : placeOf(row, held).revision;
    if (at !== move.from) throw movedBy(stream);
    if (row !== undefined) left.add(row.leader);
    put('moves', name, move);
  }
  for (const row of held.values())
    if (left.has(row.leader) && !moving.has(row.projection))
      put(`stays with ${row.leader}`, row.projection, placeOf(row, held));
  return [...groups.values()].flatMap(({ place, names }) => {
    const [leader, ...others] = names.toSorted();
    const members = others.length === 0 ? null : membersOf(names);
    return names.map((projection) => ({
      ...{ stream, projection, revision: place.revision, previous: place.previous, hash: place.hash },
      ...(projection === leader ? { leader: null, members } : { leader: leader ?? null, members: null }),
      isNew: !held.has(projection),
    }));
  });
}

/** What the row of those that lead says of them. */
export const membersOf = (projections: readonly string[]): string => projections.toSorted().join(',');

const placeOf = (row: Held, held: ReadonlyMap<string, Held>): Place => held.get(row.leader) ?? row;

async function updateRows(sql: Sql, rows: readonly Written[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `update read.checkpoint_rows c
        set revision = n.revision, previous = n.previous, hash = n.hash, leader = n.leader, members = n.members
       from ${given} where c.stream = n.stream and c.projection = n.projection`,
    values(rows),
    'regroup-checkpoints',
  );
}

async function insertRows(sql: Sql, rows: readonly Written[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const sorted = rows.toSorted((a, b) => compare(a.stream, b.stream) || compare(a.projection, b.projection));
  const { rowCount } = await sql.query(
    `insert into read.checkpoint_rows (projection, stream, revision, previous, hash, leader, members)
     select projection, stream, revision, previous, hash, leader, members from ${given}
     on conflict do nothing`,
    values(sorted),
    'begin-checkpoints',
  );
  if (rowCount !== rows.length) throw movedBy(first.stream);
}

const given = `unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n'), string_to_array($3, E'\\n')::bigint[],
                      string_to_array($4, E'\\n')::bigint[], string_to_array($5, E'\\n', ''),
                      string_to_array($6, E'\\n', ''), string_to_array($7, E'\\n', ''))
                 as n (projection, stream, revision, previous, hash, leader, members)`;

const values = (rows: readonly Written[]): string[] => {
  const column = (name: keyof Written): string => rows.map((row) => row[name] ?? '').join('\n');
  return [
    ...[column('projection'), column('stream'), column('revision'), column('previous')],
    ...[column('hash'), column('leader'), column('members')],
  ];
};

function movedBy(stream: string): CheckpointMoved {
  return new CheckpointMoved(`another projector has moved a checkpoint of ${stream} and others`);
}
