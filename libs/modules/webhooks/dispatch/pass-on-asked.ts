import type { Sql } from '@fintech-ledger/postgres';
import type { EndpointFacts, Ordering } from '@fintech-ledger/webhooks/domain';

/** SQL: what was asked for of an endpoint ($1) and has others before it, with the first of those. */
const heldUp = (ofWhich: string): string =>
  `select a.message_id as "askedId", f.id as "firstId"
     from hooks.asked a
     join hooks.messages m on m.id = a.message_id
    cross join lateral (
      (select p.id from hooks.messages p
        where p.endpoint_id = $1 and p.status = 'pending' and p.replay_id is null and m.replay_id is null
          and p.sequence < m.sequence${ofWhich}
        order by p.sequence limit 1)
      union all
      (select p.id from hooks.messages p
        where p.replay_id = m.replay_id and p.status = 'pending' and p.replay_number < m.replay_number${ofWhich}
        order by p.replay_number limit 1)) f
    where a.endpoint_id = $1 and m.status = 'pending'`;

const heldUpBy: Readonly<Record<Exclude<Ordering, 'none'>, string>> = {
  strict: heldUp(''),
  per_object: heldUp(' and p.object = m.object'),
};

/**
 * Where the order of an endpoint has another message go before one that somebody asked for, the first of those is asked
 * for in its place, and does not wait for its next attempt. Those that wait for the same one are one attempt at it.
 */
export async function passOnAsked(
  sql: Sql,
  { id, ordering }: Pick<EndpointFacts, 'id' | 'ordering'>,
  nowMs: number,
): Promise<void> {
  if (ordering === 'none') return;
  const { rows } = await sql.query<{ askedId: string; firstId: string }>(
    heldUpBy[ordering],
    [id],
    `held-up-webhooks-${ordering}`,
  );
  if (rows.length === 0) return;
  const first = [...new Set(rows.map(({ firstId }) => firstId))].join('\n');
  // Rows of messages before those of what is asked for, as a retry has them: else the two could wait for each other.
  await sql.query(
    `update hooks.messages set next_at_ms = least($2, next_at_ms)
      where id = any (string_to_array($1, E'\\n')) and status = 'pending'`,
    [first, nowMs],
  );
  await sql.query(
    `with passed_on as (delete from hooks.asked where message_id = any (string_to_array($3, E'\\n')))
     insert into hooks.asked (message_id, endpoint_id)
     select f.id, $2 from unnest(string_to_array($1, E'\\n')) f (id)
     on conflict do nothing`,
    [first, id, rows.map(({ askedId }) => askedId).join('\n')],
  );
}
