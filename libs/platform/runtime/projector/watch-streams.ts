import type { EventStore } from '@fintech-ledger/event-store';
import type { AlarmSink } from '@fintech-ledger/health';
import { problemOfEnds, selectKnownEndsAfter } from '@fintech-ledger/installation';
import type { KnownEnd, StreamProblem } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import type { Sql } from '@fintech-ledger/postgres';
import { insertHaltedOnSides } from '@fintech-ledger/projection-runtime';
import { setTimeout as sleep } from 'node:timers/promises';

export interface WatchOptions {
  readonly db: Sql;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly projections: readonly { readonly name: string; readonly streamPrefixes: readonly string[] }[];
  readonly log: Logger;
  readonly alarms: AlarmSink;
  /** The rest between two looks at some streams, after the first round. Default 5 s. */
  readonly restMs?: number;
}

/** Streams of one look. */
const streamsAtOnce = 100;

/**
 * Compares, stream by stream, what read models know with what the event store has: a stream that got shorter, or was rewritten, sends no event that
 * would tell. Its read models halt (and go on by themselves when the right store is back); one that lost its beginning or was deleted is an alarm.
 * @returns ends it
 */
export function watchStreams(options: WatchOptions): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = watch(options, signal);
  return async () => {
    stopping.abort();
    await running;
  };
}

async function watch(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const alarmed = new Set<string>();
  const { restMs = 5_000 } = options;
  let after = '';
  let isFirstRound = true;
  while (!signal.aborted) {
    let isLast = true;
    try {
      const ends = await selectKnownEndsAfter(options.db, after, streamsAtOnce);
      const streams = new Map<string, KnownEnd[]>();
      for (const end of ends) streams.set(end.stream, [...(streams.get(end.stream) ?? []), end]);
      for (const [stream, known] of streams) {
        if (signal.aborted) return;
        await look(options, stream, known, alarmed);
        after = stream;
      }
      isLast = streams.size < streamsAtOnce;
      if (isLast) after = '';
    } catch (err) {
      // The store or the database is unavailable: looked at again later, from here on.
      options.log.debug({ err }, 'streams could not be compared with the event store');
    }
    if (!isFirstRound || isLast) await sleep(restMs, undefined, { signal }).catch(() => undefined);
    if (isLast) isFirstRound = false;
  }
}

async function look(
  options: WatchOptions,
  stream: string,
  known: readonly KnownEnd[],
  alarmed: Set<string>,
): Promise<void> {
  const problem = await problemOfEnds(options.store, known);
  if (problem === undefined) {
    if (alarmed.delete(stream)) options.alarms.clear('streams', stream);
    return;
  }
  if (!alarmed.has(stream)) {
    alarmed.add(stream);
    options.log.fatal({ stream, reason: problem.reason }, 'ALARM: the event store lost events of a stream');
  }
  options.alarms.raise('streams', stream, problem.reason);
  // Only what was applied and is not there any more makes read models wrong.
  const applied = await problemOfEnds(
    options.store,
    known.filter(({ source }) => source === 'read models'),
  );
  if (applied !== undefined && applied.kind !== 'lost') await halt(options, stream, applied);
}

async function halt({ db, projections }: WatchOptions, stream: string, { end, reason }: StreamProblem) {
  for (const { name, streamPrefixes } of projections) {
    if (!streamPrefixes.some((prefix) => stream.startsWith(prefix))) continue;
    const revision = end.revision + 1;
    await insertHaltedOnSides(db, { projection: name, stream, revision, reason, code: 'journal_rewritten' });
  }
}
