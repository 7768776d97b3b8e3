import type { Sql } from '@fintech-ledger/postgres';
import { subscriptionBatchBytesMax } from '../../limits';
import { globalPosition, revision } from '../../port';
import type { RecordedEvent } from '../../port';
import { eventsOf } from './feed-statements';
import { throwReadError } from './translate-error';

interface EventRow {
  readonly number: string;
  readonly revision: string;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** A piece of an append, all of it wanted. */
export interface Range {
  readonly stream: string;
  readonly streamId: string;
  readonly low: number;
  readonly high: number;
  /** position = revision + this */
  readonly offset: number;
}

/**
 * Reads the events of these ranges, in their order; fewer where they are large.
 * @throws StoreUnavailable @throws Error the store is damaged
 */
export type ReadRanges = (sql: Sql, ranges: readonly Range[]) => Promise<readonly RecordedEvent[]>;

/** Row by row, until the bytes of a batch are passed. */
export const readRows: ReadRanges = async (sql, ranges) => {
  const values = [
    ranges.map(({ streamId }) => streamId),
    ranges.map(({ low }) => low),
    ranges.map(({ high }) => high),
    subscriptionBatchBytesMax,
  ];
  const { rows } = await sql.query<EventRow>(eventsOf, values, 'events-of').catch(throwReadError);
  // A missing event must not be passed over silently: everyone who follows the store would lack it.
  const places = placesOf(ranges);
  const recorded = rows.map((row) => {
    const { number, range, at } = nextPlace(places);
    if (Number(row.number) !== number || Number(row.revision) !== at) throw damaged(range, at);
    return {
      id: row.id,
      type: row.type,
      data: row.data,
      metadata: row.metadata,
      stream: range.stream,
      revision: revision(at),
      position: globalPosition(String(at + range.offset)),
    };
  });
  if (recorded.length === 0) {
    const { range, at } = nextPlace(places);
    throw damaged(range, at);
  }
  return recorded;
};

interface Place {
  /** Of the range, from 1. */
  readonly number: number;
  readonly range: Range;
  readonly at: number;
}

function* placesOf(ranges: readonly Range[]): Generator<Place, undefined> {
  for (const [index, range] of ranges.entries()) {
    for (let at = range.low; at <= range.high; at += 1) yield { number: index + 1, range, at };
  }
}

function nextPlace(places: Generator<Place, undefined>): Place {
  const { value } = places.next();
  if (value === undefined) throw new Error('more events than were asked for');
  return value;
}

export const damaged = ({ stream }: Range, at: number): Error =>
  new Error(`the store is damaged: stream ${stream} lacks its event at revision ${at}`);

/** What follows one another in a stream and in the store is one range. */
export function mergedRanges(ranges: readonly Range[]): readonly Range[] {
  const runs: Range[] = [];
  for (const range of ranges) {
    const last = runs.at(-1);
    const isNext =
      last?.streamId === range.streamId && last.high + 1 === range.low && last.offset === range.offset;
    if (isNext) runs[runs.length - 1] = { ...last, high: range.high };
    else runs.push(range);
  }
  return runs;
}
