import { metadataText } from '@fintech-ledger/envelope';
import { revision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import { JournalShortened } from './errors';
import { insertHalted } from './halted-streams';
import { adoptionsAtOnce } from './limits';

type History = Pick<EventStore, 'readStream'>;

/**
 * Gives checkpoints from before hashes were kept the hash that the event store has at their revision. When the store has the stream, but not that far,
 * the stream halts. When it doesn't have the stream at all the checkpoint waits: that says more of the store than of the stream.
 * @throws StoreUnavailable
 */
export async function adoptHashes(sql: Sql, history: History, projections: readonly string[]): Promise<void> {
  for (let after = ''; ;) {
    const { rows } = await sql.query<{ stream: string; revision: string }>(
      `select distinct stream, revision from read.checkpoints
        where hash is null and revision >= 0 and projection = any (string_to_array($1, E'\\n')) and stream > $2
        order by stream, revision limit $3`,
      [projections.join('\n'), after, adoptionsAtOnce],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    // A stream's projections may stand at different revisions: whoever is cut off by the limit comes with the next page.
    const isFull = rows.length === adoptionsAtOnce && rows[0]?.stream !== last.stream;
    const whole = isFull ? rows.filter(({ stream }) => stream !== last.stream) : rows;
    await Promise.all(whole.map((row) => adopt(sql, history, projections, row.stream, Number(row.revision))));
    after = whole.at(-1)?.stream ?? last.stream;
  }
}

async function adopt(
  sql: Sql,
  history: History,
  projections: readonly string[],
  stream: string,
  at: number,
): Promise<void> {
  const [event] = await history.readStream(stream, { from: revision(at), limit: 1 });
  const hash = event?.revision === at ? metadataText(event.metadata, 'hash') : undefined;
  if (hash !== undefined) {
    await sql.query(
      `update read.checkpoint_rows set hash = $3
        where stream = $1 and revision = $2 and hash is null and leader is null`,
      [stream, at, hash],
    );
    return;
  }
  const [any] = await history.readStream(stream, { direction: 'backwards', limit: 1 });
  if (any === undefined || any.revision >= at) return;
  for (const projection of projections) {
    if (!(await stands(sql, projection, stream, at))) continue;
    const { message: reason, haltCode: code } = new JournalShortened(stream, at);
    await insertHalted(sql, { projection, stream, revision: at + 1, reason, code });
  }
}

async function stands(sql: Sql, projection: string, stream: string, at: number): Promise<boolean> {
  const { rows } = await sql.query(
    `select from read.checkpoints where projection = $1 and stream = $2 and revision = $3`,
    [projection, stream, at],
  );
  return rows.length > 0;
}
