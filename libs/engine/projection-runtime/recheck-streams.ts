import type { Database } from '@fintech-ledger/postgres';
import { haltedStreamsMax } from './limits';

/**
 * The event store does not know the position at which these projections stand: it was put back, or is another one. They read it from its beginning, where what
 * is known is skipped, and each stream's last event is compared with the store's at once (of as many streams as may be halted; the others when
 * their next event comes).
 */
export async function recheckStreams(
  db: Database,
  projections: readonly string[],
  reason: string,
): Promise<void> {
  const names = projections.join('\n');
  await db.transaction(async (sql) => {
    await sql.query(
      `update read.projections set feed_token = null where name = any (string_to_array($1, E'\\n'))`,
      [names],
    );
    await sql.query(
      `insert into read.halted_streams (projection, stream, revision, reason, code)
       select c.projection, c.stream, c.revision + 1, $3, 'journal_rewritten'
         from (select k.projection, k.stream, k.revision,
                      row_number() over (partition by k.projection order by k.stream) as place
                 from read.checkpoints k where split_part(k.projection, ':', 1) = any (string_to_array($1, E'\\n'))) c
        where c.place <= $2
       on conflict (stream, projection) do nothing`,
      [names, haltedStreamsMax - 1, reason],
    );
  });
}
