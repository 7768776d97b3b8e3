import type { FeedBatch, FeedEvent, FeedToken } from '@fintech-ledger/event-feed';
import { setImmediate } from 'node:timers/promises';
import { parseBatch } from './admit';
import type { Parsed } from './admit';
import { parseSliceEvents } from './limits';
import type { Decode, LinkOf } from './projection';

export interface ParsedBatch<E> {
  readonly parsed: readonly Parsed<E>[];
  readonly streams: ReadonlySet<string>;
  readonly token: FeedToken;
  /** When its first and its last event were recorded, milliseconds since 1970; null: not known. */
  readonly firstRecordedMs: number | null;
  readonly recordedMs: number | null;
  readonly startedAt: number;
}

export async function batchOf<E>(
  { events, token }: FeedBatch,
  options: {
    readonly decode: Decode<E>;
    readonly linkOf?: LinkOf<E> | undefined;
    readonly recordedMsOf: (event: E) => number | null;
  },
): Promise<ParsedBatch<E>> {
  const parsed = await parseInSlices(events, options.decode, options.linkOf);
  const recordedMs = (one: Parsed<E> | undefined): number | null =>
    one === undefined || one.decoded instanceof Error ? null : options.recordedMsOf(one.decoded);
  return {
    parsed,
    streams: new Set(events.map(({ stream }) => stream)),
    token,
    firstRecordedMs: recordedMs(parsed[0]),
    recordedMs: recordedMs(parsed.at(-1)),
    startedAt: performance.now(),
  };
}

/** Parses while Postgres works on the last batch, and lets go of the thread again and again, so that Postgres is never kept waiting for rows. */
export async function parseInSlices<E>(
  events: readonly FeedEvent[],
  decode: Decode<E>,
  linkOf: LinkOf<E> | undefined,
): Promise<readonly Parsed<E>[]> {
  const parsed: Parsed<E>[] = [];
  for (let at = 0; at < events.length; at += parseSliceEvents) {
    for (const one of parseBatch(events.slice(at, at + parseSliceEvents), decode, linkOf)) parsed.push(one);
    await setImmediate();
  }
  return parsed;
}
