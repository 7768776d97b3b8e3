import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';

/** What a read model of all streams lacks of the streams of an organization. */
export interface Standing {
  /** Streams of which other read models have more, up to where; the first of them. */
  readonly behind: readonly { readonly stream: string; readonly revision: number }[];
  /** Why one of the streams is halted. */
  readonly halted: string | undefined;
}

interface Row {
  readonly stream: string;
  readonly revision: string | null;
  readonly reason: string | null;
}

const listedMax = 100;

/** Compares with the read models that say which ledgers and accounts there are. */
export async function standingOf(
  sql: Sql,
  organizationId: string,
  projection = 'public_events',
): Promise<Standing> {
  const { rows } = await sql.query<Row>(
    `with streams as (
       select '${organizationPrefix}' || $1 as stream
       union all
       select '${journalPrefix}' || l.id from read.ledgers l where l.organization_id = $1)
     (select s.stream, k.revision, null as reason
        from streams s
        join read.checkpoints k on k.stream = s.stream and k.projection in ('accounts', 'directory')
        left join read.checkpoints e on e.stream = s.stream and e.projection = $2
       where coalesce(e.revision, -1) < k.revision
       limit ${listedMax})
     union all
     (select s.stream, null, h.reason
        from streams s
        join read.halted_streams h on h.stream = s.stream and h.projection = $2 and h.attempts > 0
       limit 1)`,
    [organizationId, projection],
    'standing-of-events',
  );
  return {
    behind: rows.flatMap(({ stream, revision }) =>
      revision === null ? [] : [{ stream, revision: Number(revision) }],
    ),
    halted: rows.find(({ reason }) => reason !== null)?.reason ?? undefined,
  };
}
