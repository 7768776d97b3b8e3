import type { EventStore } from '@fintech-ledger/event-store';
import { problemOfEnds, selectKnownEndsAfter } from '@fintech-ledger/installation';
import type { KnownEnd, StreamProblem } from '@fintech-ledger/installation';
import type { Sql } from '@fintech-ledger/postgres';

/** A stream of which more, or something else, is known than the event store has. */
export interface Difference {
  readonly stream: string;
  readonly problem: StreamProblem;
  /** The most that is known of it. */
  readonly known: KnownEnd;
  /** The last revision that the store has; -1: it does not have the stream, or can't read it. */
  readonly storeEnd: number;
}

const streamsAtOnce = 500;

/** Compares every stream that is known, or those of `streams`. @throws StoreUnavailable, DatabaseUnavailable */
export async function findDifferences(
  store: EventStore,
  db: Sql,
  streams: ReadonlySet<string> | undefined,
  onProgress: (compared: number) => void = () => undefined,
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  let compared = 0;
  for (let after = ''; ;) {
    const ends = await selectKnownEndsAfter(db, after, streamsAtOnce);
    const last = ends.at(-1);
    if (last === undefined) return differences;
    for (const [stream, ofStream] of byStream(ends)) {
      if (streams !== undefined && !streams.has(stream)) continue;
      const problem = await problemOfEnds(store, ofStream);
      if (problem !== undefined) {
        const known = mostOf(ofStream, problem.end);
        differences.push({ stream, problem, known, storeEnd: await endOf(store, stream, problem) });
      }
      onProgress((compared += 1));
    }
    after = last.stream;
  }
}

function byStream(ends: readonly KnownEnd[]): ReadonlyMap<string, readonly KnownEnd[]> {
  const streams = new Map<string, KnownEnd[]>();
  for (const end of ends) streams.set(end.stream, [...(streams.get(end.stream) ?? []), end]);
  return streams;
}

/** Of several that know as much, one that has the hash. */
function mostOf(ends: readonly KnownEnd[], first: KnownEnd): KnownEnd {
  return ends.reduce(
    (most, end) =>
      end.revision > most.revision || (end.revision === most.revision && most.hash === null) ? end : most,
    first,
  );
}

async function endOf(store: EventStore, stream: string, problem: StreamProblem): Promise<number> {
  if (problem.kind === 'lost') return -1;
  const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  return last?.revision ?? -1;
}
