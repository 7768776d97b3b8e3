import type { Sql } from '@fintech-ledger/postgres';
import type { Rebuild } from './rebuild-rows';
import { otherSide, sidedName } from './sides';

/** Streams that are named. */
const namedMax = 10;

/** A stream that queries would lose something of with the side that was filled. */
export interface Lacking {
  readonly stream: string;
  readonly is: string | null;
  readonly should: string;
  /** Why it is halted on that side; null: it is behind. */
  readonly reason: string | null;
}

/**
 * What the side that was filled has not, or can't go on with, and the live side has. A stream that is halted on the
 * live side as well loses nothing by a swap, unless it stands further there. One whose history was rewritten counts as
 * it stands in the store now.
 */
export async function selectLacking(
  sql: Sql,
  { projection, side }: Pick<Rebuild, 'projection' | 'side'>,
): Promise<readonly Lacking[]> {
  const { rows } = await sql.query<Lacking>(
    `select l.stream, f.revision as is, l.revision as should, fh.reason
       from (select stream, revision, hash from read.checkpoints where projection = $2) l
       left join (select stream, revision, hash from read.checkpoints where projection = $1) f on f.stream = l.stream
       left join read.halted_streams fh on fh.projection = $1 and fh.stream = l.stream
       left join read.halted_streams lh on lh.projection = $2 and lh.stream = l.stream
      where case when lh.stream is null then fh.stream is not null or coalesce(f.revision, -1) < l.revision
                                             or (f.revision = l.revision and f.hash <> l.hash)
                 when lh.code = 'journal_rewritten' then fh.stream is not null and coalesce(f.revision, -1) < l.revision
                 else coalesce(f.revision, -1) < l.revision end
      order by l.stream limit $3`,
    [sidedName(projection, side), sidedName(projection, otherSide(side)), namedMax],
  );
  return rows;
}

/** In a sentence for operators. */
export function sayLacking({ stream, is, should, reason }: Lacking): string {
  const stands = is === should ? stream : `${stream} stands at ${is ?? 'none'} and not at ${should}`;
  if (reason === null) return stands === stream ? `${stream} has another history` : stands;
  return `${stands}${stands === stream ? '' : ', and'} is halted: ${reason}`;
}
