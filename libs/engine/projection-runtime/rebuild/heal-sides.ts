import type { Sql } from '@fintech-ledger/postgres';
import { lookFreshSeconds } from '../projector-looks';
import { healedStreams } from './limits';
import type { Rebuild } from './rebuild-rows';
import { otherSide, sidedName } from './sides';

/**
 * Whether all projectors keep the side up to date that was filled: they say so every second. Before they do, what is
 * appended comes to the live side alone. One that has said nothing for a while has ended, or finds out at its next
 * batch.
 */
export async function isTakenUp(sql: Sql, { id, projection, side }: Rebuild): Promise<boolean> {
  const { rows } = await sql.query<{ taken_up: boolean }>(
    `with fresh as (
       select l.projector, l.projection from read.projector_looks l, read.rebuilds r
        where r.id = $1 and l.projection in ($2, $3) and l.looked_at > r.updated_at
          and l.looked_at > now() - $4 * interval '1 second')
     select exists (select from fresh where projection = $3)
            and not exists (select from fresh a where a.projection = $2
                               and not exists (select from fresh b where b.projector = a.projector
                                                                     and b.projection = $3)) as taken_up`,
    [id, projection, sidedName(projection, side), lookFreshSeconds],
  );
  return rows[0]?.taken_up === true;
}

/**
 * Has what one side lacks read again from the event store, stream by stream. Both are written in one transaction once
 * they are kept up to date, so what lacks something then was taken up too late.
 * @returns how many streams are being read again of which that was not tried yet
 */
export async function healSides(
  sql: Sql,
  { projection, side, version, oldVersion }: Rebuild,
): Promise<number> {
  const filled = sidedName(projection, side);
  const other = sidedName(projection, otherSide(side));
  await heal(sql, filled, other);
  // Rows of another version are left as they are, and perhaps nobody reads a stream of them again.
  const isSame = version === oldVersion;
  if (isSame) await heal(sql, other, filled);
  const { rows } = await sql.query<{ n: string }>(
    `select count(*) as n from read.halted_streams where projection in ($1, $2) and attempts = 0`,
    [filled, isSame ? other : filled],
  );
  return Number(rows[0]?.n);
}

/** Another text once something has become of what waits: it moved on, or streams that it lacks were read again. */
export async function signsOf(sql: Sql, { id, projection, side }: Rebuild): Promise<string> {
  const { rows } = await sql.query<{ signs: string }>(
    `select concat_ws(' ', (select concat_ws(' ', state, problem, updated_at) from read.rebuilds where id = $1),
                      count(*), count(*) filter (where attempts = 0), sum(revision)) as signs
       from read.halted_streams where projection in ($2, $3)`,
    [id, sidedName(projection, side), sidedName(projection, otherSide(side))],
  );
  return rows[0]?.signs ?? '';
}

/** What can't be read keeps no other stream from being entered; so many at once don't stop a projector. */
async function heal(sql: Sql, name: string, from: string): Promise<void> {
  await sql.query(
    `insert into read.halted_streams (projection, stream, revision, reason, code)
     select $1, l.stream, coalesce(f.revision, -1) + 1, l.stream || ' is read again for a rebuild', 'read_again'
       from read.checkpoints l
       left join read.checkpoints f on f.stream = l.stream and f.projection = $1
      where l.projection = $2 and l.revision > coalesce(f.revision, -1)
        -- What the other side has of a history that was rewritten is in no store any more.
        and not exists (select from read.halted_streams h
                         where h.stream = l.stream
                           and (h.projection = $1 or (h.projection = $2 and h.code = 'journal_rewritten')))
      order by l.stream
      limit greatest(0, $3 - (select count(*) from read.halted_streams h where h.projection = $1 and h.attempts = 0))
     on conflict (stream, projection) do nothing`,
    [name, from, healedStreams],
  );
}
