import { compare } from '../compare';
import { decodeCursor, encodeCursor } from '../reads/cursor';
import { pageOf } from '../reads/page';
import type { PageRequest } from '../reads/queries';
import { refusedQuery } from '../reads/refused';
import { parkedEventNotDiscardable, parkedEventNotFound, parkedEventSettled } from './parked-refusals';
import { openStates } from './parked-view';
import type { ParkedState, ParkedView } from './parked-view';

export interface ParkedFilter {
  /** Absent: what has not ended. */
  readonly state?: ParkedState;
  readonly reader?: string;
}

/** What comes before the last one of a page, newest first. */
export interface ParkedBefore {
  readonly sinceMs: number;
  readonly id: string;
}

/** A reader of events, or several of one kind, and what they could not take. */
export interface ParkedSource {
  /** Newest first. */
  list(
    states: readonly ParkedState[],
    reader: string | undefined,
    limit: number,
    before?: ParkedBefore,
  ): Promise<readonly ParkedView[]>;
  find(id: string): Promise<ParkedView | undefined>;
  /** Tries it again, or has it tried at once. */
  retry(id: string): Promise<void>;
  /** Absent: none of them may be. `note` records the event of it, before anything is changed. */
  discard?(id: string, what: Discard, note: () => Promise<void>): Promise<void>;
}

export interface Discard {
  readonly reason: string;
  /** The API key. */
  readonly by: string;
}

/** What operators ask of events that a reader could not take. All throw Refused. */
export interface ParkedEvents {
  list(
    filter: ParkedFilter,
    page: PageRequest,
  ): Promise<{
    readonly data: readonly ParkedView[];
    readonly has_more: boolean;
    readonly next_cursor: string | null;
  }>;
  get(id: string): Promise<ParkedView>;
  retry(id: string): Promise<ParkedView>;
  discard(id: string, what: Discard): Promise<ParkedView>;
}

const cursorKind = 'parked_events';

/** @param noteDiscard records in the event store what was discarded, by whom and why */
export function parkedEvents(
  sources: readonly ParkedSource[],
  noteDiscard: (parked: ParkedView, what: Discard) => Promise<void>,
): ParkedEvents {
  const find = async (
    id: string,
  ): Promise<{ readonly source: ParkedSource; readonly parked: ParkedView }> => {
    for (const source of sources) {
      const parked = await source.find(id);
      if (parked !== undefined) return { source, parked };
    }
    throw refusedQuery(parkedEventNotFound, `There is no parked event ${id}.`);
  };
  const open = async (id: string): ReturnType<typeof find> => {
    const found = await find(id);
    const { state } = found.parked;
    if (!openStates.includes(state))
      throw refusedQuery(parkedEventSettled, `The event ${id} was ${state} before.`);
    return found;
  };
  return {
    async list({ state, reader }, { limit, cursor }) {
      const states = state === undefined ? openStates : [state];
      const before = cursor === undefined ? undefined : placeOf(cursor);
      const lists = await Promise.all(
        sources.map((source) => source.list(states, reader, limit + 1, before)),
      );
      const rows = lists.flat().sort((a, b) => compare(b.since, a.since) || compare(b.id, a.id));
      return pageOf(
        rows.slice(0, limit + 1),
        limit,
        (row) => row,
        ({ since, id }) => encodeCursor(cursorKind, [Date.parse(since), id]),
      );
    },
    get: async (id) => (await find(id)).parked,
    async retry(id) {
      const { source, parked } = await open(id);
      await source.retry(id);
      // A stream that is not halted any more is not there either.
      return (await source.find(id)) ?? parked;
    },
    async discard(id, what) {
      const { source, parked } = await open(id);
      if (source.discard === undefined)
        throw refusedQuery(parkedEventNotDiscardable, `${parked.reader} is halted at it: ${parked.advice}`);
      await source.discard(id, what, () => noteDiscard(parked, what));
      return (await source.find(id)) ?? parked;
    },
  };
}

function placeOf(cursor: string): ParkedBefore {
  const [sinceMs, id] = decodeCursor(cursorKind, ['number', 'string'], cursor);
  return { sinceMs: Number(sinceMs), id: String(id) };
}
