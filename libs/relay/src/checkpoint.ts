import { globalPosition } from '@fintech-ledger/event-store';
import type { GlobalPosition } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';

/** How far a topic has everything. */
export interface RelayCheckpoint {
  readonly position: GlobalPosition;
  /** By partition: the offset after the last record that was acknowledged by then. */
  readonly offsets: ReadonlyMap<number, bigint>;
}

export async function loadCheckpoint(sql: Sql, topic: string): Promise<RelayCheckpoint | undefined> {
  const { rows } = await sql.query<{ position: string; offsets: Readonly<Record<string, string>> }>(
    `select position, offsets from relay.checkpoints where topic = $1`,
    [topic],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const offsets = Object.entries(row.offsets).map(
    ([partition, offset]) => [Number(partition), BigInt(offset)] as const,
  );
  return { position: globalPosition(row.position), offsets: new Map(offsets) };
}

export async function saveCheckpoint(sql: Sql, topic: string, checkpoint: RelayCheckpoint): Promise<void> {
  const offsets = Object.fromEntries(
    [...checkpoint.offsets].map(([partition, offset]) => [partition, String(offset)]),
  );
  await sql.query(
    `insert into relay.checkpoints (topic, position, offsets) values ($1, $2, $3::jsonb)
     on conflict (topic) do update
       set position = excluded.position, offsets = excluded.offsets, updated_at = now()`,
    [topic, checkpoint.position, JSON.stringify(offsets)],
    'save-relay-checkpoint',
  );
}
