import type { Sql } from '@fintech-ledger/postgres';
import { dropAll } from './statements';

/** A record or a key of a stream's checkpoints, as it is stored. */
export interface CheckpointText {
  readonly kind: 'account' | 'record' | 'idempotency_key';
  readonly key: string;
  readonly text: string;
}

const selectTexts = `
  with kept as (select stream_id from writer.heads where stream = $1)
  select 'account' as kind, key, record as text from writer.accounts where stream_id in (select stream_id from kept)
  union all
  select 'record', key, record from writer.records where stream_id in (select stream_id from kept)
  union all
  select 'idempotency_key', key,
         json_build_object('first_revision', first_revision, 'last_revision', last_revision, 'request_hash', request_hash)::text
    from writer.idempotency_keys where stream_id in (select stream_id from kept)`;

/** All that the checkpoints of a stream say, whether it holds or not: for whoever gives them up. */
export async function selectCheckpointTexts(sql: Sql, stream: string): Promise<readonly CheckpointText[]> {
  return (await sql.query<CheckpointText>(selectTexts, [stream])).rows;
}

/** Deletes every checkpoint of a stream, within a transaction of the caller's. */
export async function dropCheckpoints(sql: Sql, stream: string): Promise<void> {
  for (const statement of dropAll) await sql.query(statement, [stream]);
}
