import type { Sql } from '@fintech-ledger/postgres';
import { unsidedName } from '../rebuild/sides';
import { haltAdvice } from './halt-advice';
import type { ParkedSource } from './parked-events';
import type { ParkedView } from './parked-view';

interface Row {
  readonly id: string;
  readonly projection: string;
  readonly stream: string;
  readonly revision: string;
  readonly reason: string;
  readonly code: string;
  readonly since: Date;
  readonly attempts: number;
  /** Null: it is infinite. */
  readonly retry_at: Date | null;
}

// Of the sides that queries read, and of relays. What was not tried again yet is most often over at once.
const halted = `
select h.id, h.projection, h.stream, h.revision, h.reason, h.code, date_trunc('milliseconds', h.since) as since,
       h.attempts, h.retry_at
  from read.halted_streams h
 where h.attempts > 0
   and not exists (select from read.projections p
                    where p.name = split_part(h.projection, ':', 1)
                      and h.projection <> case p.side when 'b' then p.name || ':b' else p.name end)`;

/** The streams at which a read model or the relay is halted, each with the event that it can't pass. */
export function haltedSource(sql: Sql): ParkedSource {
  return {
    async list(states, reader, limit, before) {
      if (!states.includes('halted')) return [];
      const { rows } = await sql.query<Row>(
        `select * from (${halted}) h
          where ($1::text is null or h.projection = $1 or h.projection = $1 || ':b')
            and ($2::bigint is null or (h.since, h.id) < (to_timestamp($2::bigint / 1000.0), $3))
          order by h.since desc, h.id desc limit $4`,
        [reader ?? null, before?.sinceMs ?? null, before?.id ?? null, limit],
      );
      return rows.map(view);
    },
    async find(id) {
      const { rows } = await sql.query<Row>(`select * from (${halted}) h where h.id = $1`, [id]);
      return rows[0] === undefined ? undefined : view(rows[0]);
    },
    async retry(id) {
      // The process that reads that stream looks every second.
      await sql.query(`update read.halted_streams set retry_at = now() where id = $1`, [id]);
    },
  };
}

const view = ({
  id,
  projection,
  stream,
  revision,
  reason,
  code,
  since,
  attempts,
  retry_at,
}: Row): ParkedView => ({
  object: 'parked_event',
  id,
  state: 'halted',
  reader: unsidedName(projection),
  webhook_endpoint: null,
  stream,
  revision: Number(revision),
  type: null,
  reason,
  advice: haltAdvice(code),
  attempts,
  since: since.toISOString(),
  retry_at: retry_at?.toISOString() ?? null,
  may_be_discarded: false,
  discarded_at: null,
  discarded_by: null,
  discard_reason: null,
});
