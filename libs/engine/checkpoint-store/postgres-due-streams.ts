import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { DueSearch, DueStream, DueStreams, DueStreamsOf } from '@fintech-ledger/journal';
import { DatabaseUnavailable } from '@fintech-ledger/postgres';
import type { Database, Sql } from '@fintech-ledger/postgres';

/** Whether another living process writes the stream of this expression: it looks after it on its own. $4: the address of this one. */
const isOfAnother = (stream: string): string => `exists (
  select from writer.leases held join writer.living_owners owner on owner.owner_id = held.owner_id
  where held.stream = ${stream} and owner.address <> $4
)`;

/**
 * $1 the time, $2 how many, $3 streams that run here, $5 what names of streams may begin with, $6 streams to leave alone,
 * $7 and $8 organizations whose time is not ours, and that time. The index `records_due_first` gives what is due. A
 * checkpoint that was replaced has nothing to say. A lease whose owner is no more says that its writer ended without
 * giving the stream up, which one that has saved all of it does. What is due in real time has no such organization.
 */
const isCandidate = `head.stream <> all ($3::text[] || $6::text[]) and head.stream ^@ any ($5::text[])
      and (head.is_live or not exists (select from writer.heads live where live.stream = head.stream and live.is_live))
      and not ${isOfAnother('head.stream')}`;
const dueStreams = `
select stream from (
  (select head.stream from writer.records record join writer.heads head on head.stream_id = record.stream_id
    where record.due_at <= $1::timestamptz and coalesce(head.organization_id <> all ($7::text[]), true)
      and ${isCandidate}
    group by head.stream limit $2::bigint)
  union
  (select head.stream from unnest($7::text[], $8::timestamptz[]) as moved (organization_id, now)
    join writer.heads head on head.organization_id = moved.organization_id
    where exists (select from writer.records record
                   where record.stream_id = head.stream_id and record.due_at <= moved.now)
      and ${isCandidate}
    limit $2::bigint)
  union
  (select lease.stream from writer.leases lease
    where lease.owner_id is not null and lease.stream <> all ($6::text[]) and lease.stream ^@ any ($5::text[])
      and not exists (select from writer.living_owners owner where owner.owner_id = lease.owner_id)
    limit $2::bigint)
) found order by random() limit $2::bigint`;

/** $1 streams, $2 a time: those that may have something due by then, and how many records that is. */
const dueOf = `
with due as (
  select head.stream, count(*) as records
    from writer.heads head join writer.records record on record.stream_id = head.stream_id
   where head.is_live and head.stream = any ($1::text[]) and record.due_at <= $2::timestamptz
   group by head.stream)
select stream, records::int from due
union all
select lease.stream, 0 from writer.leases lease
 where lease.owner_id is not null and lease.stream = any ($1::text[]) and lease.stream not in (select stream from due)`;

/** Finds in the checkpoints and leases of Postgres which streams need a writer. */
export class PostgresDueStreams implements DueStreams, DueStreamsOf {
  /** @param options.address of this process, as its leases say it */
  constructor(
    private readonly database: Database,
    private readonly options: { readonly address: string; readonly streamPrefixes: readonly string[] },
  ) {}

  async find({ now, limit, running, failing, moved }: DueSearch): Promise<readonly string[]> {
    const { address, streamPrefixes } = this.options;
    const { keys, values } = { keys: [...moved.keys()], values: [...moved.values()] };
    const parameters = [now, limit, running, address, streamPrefixes, failing, keys, values];
    const rows = await ask<{ stream: string }>(this.database, dueStreams, parameters, 'due-streams');
    return rows.map(({ stream }) => stream);
  }

  dueOf(streams: readonly string[], until: string): Promise<readonly DueStream[]> {
    return postgresDueStreamsOf(this.database).dueOf(streams, until);
  }
}

/** What is due in streams, for a process that writes none. */
export const postgresDueStreamsOf = (database: Sql): DueStreamsOf => ({
  dueOf: (streams, until) => ask<DueStream>(database, dueOf, [streams, until], 'due-of-streams'),
});

async function ask<T extends object>(
  database: Sql,
  text: string,
  values: readonly unknown[],
  name: string,
): Promise<readonly T[]> {
  try {
    return (await database.query<T>(text, [...values], name)).rows;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    throw new StoreUnavailable(error.message, { cause: error });
  }
}
