import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { DueSearch, DueStreams } from '@fintech-ledger/journal';
import { DatabaseUnavailable } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';

/** Whether another living process writes the stream of this expression: it looks after it on its own. $4: the address of this one. */
const isOfAnother = (stream: string): string => `exists (
  select from writer.leases held join writer.living_owners owner on owner.owner_id = held.owner_id
  where held.stream = ${stream} and owner.address <> $4
)`;

/**
 * $1 the time, $2 how many, $3 streams that run here, $5 what names of streams may begin with, $6 streams to leave alone. The index `records_due_first` gives what is due. A
 * checkpoint that was replaced has nothing to say. A lease whose owner is no more says that its writer ended without giving the stream up, which
 * one that has saved all of it does.
 */
const dueStreams = `
select stream from (
  (select head.stream from writer.records record join writer.heads head on head.stream_id = record.stream_id
    where record.due_at <= $1::timestamptz and head.stream <> all ($3::text[] || $6::text[]) and head.stream ^@ any ($5::text[])
      and (head.is_live or not exists (select from writer.heads live where live.stream = head.stream and live.is_live))
      and not ${isOfAnother('head.stream')}
    group by head.stream limit $2::bigint)
  union
  (select lease.stream from writer.leases lease
    where lease.owner_id is not null and lease.stream <> all ($6::text[]) and lease.stream ^@ any ($5::text[])
      and not exists (select from writer.living_owners owner where owner.owner_id = lease.owner_id)
    limit $2::bigint)
) found order by random() limit $2::bigint`;

/** Finds in the checkpoints and leases of Postgres which streams need a writer. */
export class PostgresDueStreams implements DueStreams {
  /** @param options.address of this process, as its leases say it */
  constructor(
    private readonly database: Database,
    private readonly options: { readonly address: string; readonly streamPrefixes: readonly string[] },
  ) {}

  async find({ now, limit, running, failing }: DueSearch): Promise<readonly string[]> {
    const { address, streamPrefixes } = this.options;
    const values = [now, limit, running, address, streamPrefixes, failing];
    try {
      const { rows } = await this.database.query<{ stream: string }>(dueStreams, values, 'due-streams');
      return rows.map(({ stream }) => stream);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      throw new StoreUnavailable(error.message, { cause: error });
    }
  }
}
