import { StreamGone, StreamTruncated, revision as revisionOf } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { knownHashOf } from './known-hash';
import type { Sql } from '@fintech-ledger/postgres';

/** How far this database knows a stream to go, from what was computed of its events. */
export interface KnownEnd {
  readonly stream: string;
  readonly revision: number;
  /** The chain hash of the event at this revision; null: not known. */
  readonly hash: string | null;
  readonly source: 'writer' | 'read models';
}

export interface Comparison {
  readonly compared: number;
  /** The store ends before what is known, or never had the stream. */
  readonly shorter: readonly KnownEnd[];
  /** The store has another event there. */
  readonly different: readonly KnownEnd[];
  /** The stream was deleted or cut off in the store. */
  readonly lost: readonly KnownEnd[];
}

/** Streams that a comparison looks at; of more, some are taken at random. */
export const comparedStreamsMax = 1_000;
const readsAtOnce = 16;

/** The ends that writers' checkpoints and read models know. */
export async function selectKnownEnds(sql: Sql, limit = comparedStreamsMax): Promise<readonly KnownEnd[]> {
  const { rows } = await sql.query<KnownEnd & { revision: string }>(
    `select * from (
       select stream, revision, chain_hash as hash, 'writer' as source from writer.heads where revision >= 0
       union all
       select stream, max(revision), null, 'read models' from read.checkpoints group by stream
     ) known order by random() limit $1`,
    [limit],
  );
  return rows.map((row) => ({ ...row, revision: Number(row.revision) }));
}

/** Whether the store has what is known. @throws StoreUnavailable */
export async function compareEnds(
  store: Pick<EventStore, 'readStream'>,
  ends: readonly KnownEnd[],
): Promise<Comparison> {
  const found = { shorter: [] as KnownEnd[], different: [] as KnownEnd[], lost: [] as KnownEnd[] };
  for (let at = 0; at < ends.length; at += readsAtOnce) {
    const some = ends.slice(at, at + readsAtOnce);
    const outcomes = await Promise.all(some.map((end) => compareEnd(store, end)));
    for (const [index, outcome] of outcomes.entries()) {
      const end = some[index];
      if (end !== undefined && outcome !== 'same') found[outcome].push(end);
    }
  }
  return { compared: ends.length, ...found };
}

async function compareEnd(
  store: Pick<EventStore, 'readStream'>,
  { stream, revision, hash }: KnownEnd,
): Promise<'same' | 'shorter' | 'different' | 'lost'> {
  try {
    const [event] = await store.readStream(stream, { from: revisionOf(revision), limit: 1 });
    if (event?.revision !== revision) return 'shorter';
    return hash === null || knownHashOf(event) === hash ? 'same' : 'different';
  } catch (error) {
    if (error instanceof StreamGone || error instanceof StreamTruncated) return 'lost';
    throw error;
  }
}
