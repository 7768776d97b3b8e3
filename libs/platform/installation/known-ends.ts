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
  readonly source: 'writer' | 'read models' | 'topic';
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

/** How a store differs from what is known of a stream. */
export type Difference = 'shorter' | 'different' | 'lost';

/** Streams that a comparison looks at; of more, some are taken at random. */
export const comparedStreamsMax = 1_000;
const readsAtOnce = 16;

const knownEnds = `
  select stream, revision, chain_hash as hash, 'writer' as source from writer.heads where revision >= 0
  union all
  (select distinct on (stream) stream, revision, hash, 'read models'
     from read.checkpoints where revision >= 0 order by stream, revision desc, hash nulls last)
  union all
  select stream, revision, hash, 'topic' from relay.streams where revision >= 0`;

interface KnownRow {
  readonly stream: string;
  readonly revision: string;
  readonly hash: string | null;
  readonly source: KnownEnd['source'];
}

const ends = (rows: readonly KnownRow[]): readonly KnownEnd[] =>
  rows.map((row) => ({ ...row, revision: Number(row.revision) }));

/** Some of the ends that writers' checkpoints, read models and topics know, taken at random. */
export async function selectSomeKnownEnds(
  sql: Sql,
  limit = comparedStreamsMax,
): Promise<readonly KnownEnd[]> {
  const { rows } = await sql.query<KnownRow>(
    `select * from (${knownEnds}) known order by random() limit $1`,
    [limit],
  );
  return ends(rows);
}

/** What is known of one stream. */
export async function selectKnownEndsOf(sql: Sql, stream: string): Promise<readonly KnownEnd[]> {
  const { rows } = await sql.query<KnownRow>(
    `select * from (${knownEnds}) known where stream = $1`,
    [stream],
    'known-ends-of-stream',
  );
  return ends(rows);
}

/** What is known of the next streams by name. */
export async function selectKnownEndsAfter(
  sql: Sql,
  stream: string,
  limit: number,
): Promise<readonly KnownEnd[]> {
  const { rows } = await sql.query<KnownRow>(
    `select * from (${knownEnds}) known
      where stream in (select distinct stream from (${knownEnds}) named where stream > $1 order by stream limit $2)
      order by stream`,
    [stream, limit],
  );
  return ends(rows);
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

/** @throws StoreUnavailable */
export async function compareEnd(
  store: Pick<EventStore, 'readStream'>,
  { stream, revision, hash }: KnownEnd,
): Promise<'same' | Difference> {
  try {
    const [event] = await store.readStream(stream, { from: revisionOf(revision), limit: 1 });
    if (event?.revision !== revision) return 'shorter';
    return hash === null || knownHashOf(event) === hash ? 'same' : 'different';
  } catch (error) {
    if (error instanceof StreamGone || error instanceof StreamTruncated) return 'lost';
    throw error;
  }
}

/** Who knows how much, as a part of a sentence. */
export function describeEnd({ stream, revision, source }: KnownEnd): string {
  const whose = {
    writer: `the writer's checkpoint of ${stream} is`,
    'read models': `the read models of ${stream} are`,
    topic: `the topic's copy of ${stream} is`,
  };
  return `${whose[source]} at revision ${revision}`;
}
