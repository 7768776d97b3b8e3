import { StreamGone, StreamTruncated } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import { compareEnd, describeEnd, selectKnownEndsOf } from './known-ends';
import type { Difference, KnownEnd } from './known-ends';

type Store = Pick<EventStore, 'readStream'>;

export interface StreamProblem {
  readonly kind: Difference;
  /** Who knows of more, or of something else. */
  readonly end: KnownEnd;
  /** What is wrong, which of the two is older, and what to do. */
  readonly reason: string;
}

const whatToDo =
  'Bring back the right event store, or accept the one that is there with "ledgerctl recover" (docs/how-to/recover-an-older-store.md)';
const whatToDoWithLost =
  'Remove the limit ($maxCount, $maxAge, $tb of its metadata), or restore the stream from a backup ' +
  '(docs/how-to/recover-an-older-store.md)';

/**
 * Whether the store has of a stream what checkpoints, read models and topics know of it, from its first event on.
 * @returns what is wrong; undefined: nothing is, or nobody knows the stream @throws StoreUnavailable, DatabaseUnavailable
 */
export async function streamProblem(
  store: Store,
  db: Sql,
  stream: string,
): Promise<StreamProblem | undefined> {
  return problemOfEnds(store, await selectKnownEndsOf(db, stream));
}

/** The same, with the ends that are known of one stream. */
export async function problemOfEnds(
  store: Store,
  ends: readonly KnownEnd[],
): Promise<StreamProblem | undefined> {
  const [known] = ends;
  if (known === undefined) return undefined;
  const { stream } = known;
  try {
    await store.readStream(stream, { limit: 1 });
    const worst = await worstOf(store, ends);
    return worst && { ...worst, reason: await reasonOf(store, worst.end, worst.kind) };
  } catch (error) {
    if (!(error instanceof StreamGone || error instanceof StreamTruncated)) throw error;
    return { kind: 'lost', end: known, reason: `${error.message}. ${whatToDoWithLost}` };
  }
}

/** Another history counts more than a missing end: then what is there is not known either. Of equals, who knows most. */
async function worstOf(
  store: Store,
  ends: readonly KnownEnd[],
): Promise<Pick<StreamProblem, 'kind' | 'end'> | undefined> {
  let worst: Pick<StreamProblem, 'kind' | 'end'> | undefined;
  for (const end of ends) {
    const kind = await compareEnd(store, end);
    if (kind === 'same') continue;
    const isWorse =
      worst === undefined || (kind === worst.kind ? end.revision > worst.end.revision : kind !== 'shorter');
    if (isWorse) worst = { kind, end };
  }
  return worst;
}

async function reasonOf(store: Store, end: KnownEnd, kind: Difference): Promise<string> {
  const { stream, revision } = end;
  if (kind === 'different') {
    return `The event store has another event as ${stream}@${revision} than was applied (${describeEnd(end)}): it was put back and rewritten. ${whatToDo}`;
  }
  const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  const has = last === undefined ? `does not have ${stream}` : `has ${stream} up to ${last.revision}`;
  return `The event store ${has}, and ${describeEnd(end)}: the event store is the older one, or another one. ${whatToDo}`;
}
