import type { Database, Sql } from '@fintech-ledger/postgres';
import { deleteCheckpointsIn } from './checkpoints';
import type { Projection } from './projection';
import { selectSidesInUse } from './rebuild/live-tables';
import { SideMap, sidedName } from './rebuild/sides';

type Rebuilt = Pick<
  Projection<never>,
  'name' | 'tables' | 'functions' | 'streamPrefixes' | 'mayBeRebuilt' | 'resetStream'
>;

/**
 * Accepts what the event store has of a stream, whatever it was before: takes the stream's rows out of the read models, forgets how far they and the
 * topics had come, and has all of it read again from the store. Processes that run notice by themselves, within seconds; until it is done the
 * stream counts as halted. What may not be rebuilt stays as it is, and halts where its history is another one.
 */
export function rebuildStream(db: Database, projections: readonly Rebuilt[], stream: string): Promise<void> {
  return db.transaction((sql) => rebuildStreamWithin(sql, projections, stream));
}

/** The same, within a transaction of the caller's. */
export async function rebuildStreamWithin(
  sql: Sql,
  projections: readonly Rebuilt[],
  stream: string,
): Promise<void> {
  const concerned = projections.filter(
    ({ streamPrefixes, mayBeRebuilt }) =>
      mayBeRebuilt && streamPrefixes.some((prefix) => stream.startsWith(prefix)),
  );
  // Locked in the order in which projectors lock: checkpoints before rows.
  const kept = projections.filter(({ mayBeRebuilt }) => !mayBeRebuilt).map(({ name }) => name);
  await deleteCheckpointsIn(sql, stream, kept);
  const inUse = await selectSidesInUse(sql);
  // In the reverse of the order in which rows are written, because later ones are found by earlier ones.
  for (const projection of [...concerned].reverse())
    for (const side of inUse.get(projection.name) ?? (['a'] as const))
      await projection.resetStream(
        new SideMap([projection], new Map([[projection.name, side]])).sql(sql),
        stream,
      );
  await sql.query(
    `insert into read.rebuilt_streams as r (stream, generation) values ($1, 1)
     on conflict (stream) do update set generation = r.generation + 1, rebuilt_at = now()`,
    [stream],
  );
  for (const { name } of concerned)
    for (const side of inUse.get(name) ?? (['a'] as const))
      await readAgain(sql, sidedName(name, side), stream);
  const { rows } = await sql.query<{ topic: string }>(`select topic from relay.checkpoints`);
  await sql.query(`delete from relay.streams where stream = $1`, [stream]);
  for (const { topic } of rows) await readAgain(sql, relayName(topic), stream);
}

/** What a relay is called where halted streams are listed. */
export const relayName = (topic: string): string => `relay:${topic}`;

async function readAgain(sql: Sql, projection: string, stream: string): Promise<void> {
  await sql.query(
    `insert into read.halted_streams (projection, stream, revision, reason, code, attempts)
     values ($1, $2, 0, $3, 'read_again', 1)
     on conflict (stream, projection) do update
       set revision = 0, reason = excluded.reason, code = excluded.code, since = now(), attempts = 1, retry_at = now()`,
    [projection, stream, `${stream} is being read again from the event store, from its first event on`],
  );
}

/** By stream, how often its history was accepted again; a stream to which that never happened is left out. */
export async function selectGenerations(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ stream: string; generation: number }>(
    `select stream, generation from read.rebuilt_streams`,
    [],
    'select-generations',
  );
  return new Map(rows.map(({ stream, generation }) => [stream, generation]));
}
