import { globalPosition } from '@fintech-ledger/event-store';
import type { GlobalPosition } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';

/** How far a topic has everything. */
export interface RelayCheckpoint {
  /** Undefined: nothing yet. */
  readonly position: GlobalPosition | undefined;
  /** By partition: the offset after the last record of it that was acknowledged by then. */
  readonly offsets: ReadonlyMap<number, bigint>;
  /** How often the topic was recreated. */
  readonly epoch: number;
}

export async function loadCheckpoint(sql: Sql, topic: string): Promise<RelayCheckpoint | undefined> {
  const { rows } = await sql.query<{
    position: string;
    offsets: Readonly<Record<string, string>>;
    epoch: string;
  }>(`select position, offsets, epoch from relay.checkpoints where topic = $1`, [topic]);
  const row = rows[0];
  if (row === undefined) return undefined;
  const offsets = Object.entries(row.offsets).map(
    ([partition, offset]) => [Number(partition), BigInt(offset)] as const,
  );
  return {
    position: row.position === '' ? undefined : globalPosition(row.position),
    offsets: new Map(offsets),
    epoch: Number(row.epoch),
  };
}

export async function saveCheckpoint(sql: Sql, topic: string, checkpoint: RelayCheckpoint): Promise<void> {
  const offsets = Object.fromEntries(
    [...checkpoint.offsets].map(([partition, offset]) => [partition, String(offset)]),
  );
  const { position = '', epoch } = checkpoint;
  await sql.query(
    `insert into relay.checkpoints (topic, position, offsets, epoch) values ($1, $2, $3::jsonb, $4)
     on conflict (topic) do update
       set position = excluded.position, offsets = excluded.offsets, epoch = excluded.epoch, updated_at = now()`,
    [topic, position, JSON.stringify(offsets), epoch === 0 ? '' : String(epoch)],
    'save-relay-checkpoint',
  );
}
