import { int4Array, int8Array, textArray } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import type { ExactAppend } from '../../append-joiner';
import { appendTogether as statement } from './joined-statement';
import type { RowPlaces } from './append';
import { throwAppendError } from './translate-error';

/** See `JoinableStore`. @throws StoreUnavailable, OutcomeUnknown, AppendRejected */
export async function appendTogether(
  sql: Sql,
  appends: readonly ExactAppend[],
  places: RowPlaces,
): Promise<readonly ExactAppend[]> {
  const known = appends.map(({ stream }) => places.of(stream) ?? '');
  const values = [...valuesOf(appends), known.join('\n'), places.counter];
  const { rows } = await sql.query<JoinedRow>(statement, values, 'append-together').catch(throwAppendError);
  const [row] = rows;
  if (row?.is_all !== true) {
    const found = new Set(row?.numbers);
    return appends.filter((_, index) => !found.has(index + 1));
  }
  for (const [index, place] of (row.places ?? '').split('\n').entries())
    places.updated(appends[index]?.stream ?? '', { place, counter_place: row.counter_place });
  return [];
}

interface JoinedRow {
  readonly is_all: boolean;
  readonly numbers: readonly number[] | null;
  /** Of the streams' rows, one a line. */
  readonly places: string | null;
  readonly counter_place: string;
}

function valuesOf(appends: readonly ExactAppend[]): readonly unknown[] {
  const events = appends.flatMap((append) => append.events);
  const revisions = appends.flatMap(({ before, events: own }) => own.map((_, index) => before + 1 + index));
  const numbers = appends.flatMap(({ events: own }, index) => own.map(() => index + 1));
  let later = events.length;
  return [
    textArray(appends.map(({ stream }) => stream)),
    int8Array(appends.map(({ before }) => before)),
    int8Array(appends.map(({ before, events: own }) => before + own.length)),
    int8Array(appends.map(({ events: own }) => (later -= own.length))),
    int4Array(numbers),
    int8Array(revisions),
    events.map(({ id }) => id).join('\n'),
    events.map(({ type }) => type).join('\n'),
    textArray(events.map(({ data }) => data)),
    textArray(events.map(({ metadata }) => metadata)),
  ];
}
