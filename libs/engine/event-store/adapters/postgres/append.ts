import { BoundedMap } from '@fintech-ledger/contract';
import { textArray } from '@fintech-ledger/postgres';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { reappendWindowEvents, rowPlacesMax } from '../../limits';
import { revision, WrongExpectedRevision } from '../../port';
import type { AppendResult, EventToAppend, ExpectedRevision } from '../../port';
import { appendAtPlace, appendAtRevision, appendNewStream } from './append-statements';
import { throwAppendError, throwUnknown } from './translate-error';

/** What an append says of the rows that it updated: where (ctid) they are now. */
export interface UpdatedRows {
  readonly place: string;
  readonly counter_place: string;
}

/**
 * Where the rows that appends update were when they were updated last. While anybody keeps a snapshot, as a backup
 * does, all their versions are kept, and an index or a scan leads through every one of them; a place leads to one. It
 * may be wrong, as another process updates them too: then nothing is at the place, and the row is looked for.
 */
export class RowPlaces {
  private readonly streams = new BoundedMap<string, string>(rowPlacesMax);
  private counterPlace: string | undefined;

  /** Of the row that counts positions. */
  get counter(): string | null {
    return this.counterPlace ?? null;
  }

  of(stream: string): string | undefined {
    return this.streams.get(stream);
  }

  updated(stream: string, { place, counter_place: counter }: UpdatedRows): void {
    this.streams.set(stream, place);
    this.counterPlace = counter;
  }
}

/** @throws WrongExpectedRevision, StoreUnavailable, OutcomeUnknown */
export async function append(
  database: Database,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
  places: RowPlaces,
): Promise<AppendResult> {
  if (expected === 'any' || expected === 'stream_exists') {
    return database
      .transaction((sql) => appendAnywhere(sql, stream, expected, events, places))
      .catch(throwAppendError);
  }
  const before = expected === 'no_stream' ? -1 : expected;
  for (let attempt = 1; ; attempt++) {
    const isNew = expected === 'no_stream';
    if (await insertEvents(database, stream, before, isNew, events, places).catch(throwAppendError)) {
      return stored(before + events.length);
    }
    // An earlier call may have written these events, so failing to find out is not "nothing was written".
    const there = await findEvents(database, stream, before, events).catch(throwUnknown);
    if (there.isAll) return repeated(before + events.length);
    // The stream may have come to the expected revision between the two statements.
    if (there.actual !== before || attempt === 3) {
      throw new WrongExpectedRevision(stream, expected, there.actual === -1 ? null : revision(there.actual));
    }
  }
}

const stored = (last: number): AppendResult => ({ revision: revision(last), repeated: false });
const repeated = (last: number): AppendResult => ({ revision: revision(last), repeated: true });

/** @returns false when the stream is not at revision `before`, or, for a new one, exists */
async function insertEvents(
  sql: Sql,
  stream: string,
  before: number,
  isNew: boolean,
  events: readonly EventToAppend[],
  places: RowPlaces,
): Promise<boolean> {
  const lines = (field: 'id' | 'type'): string => events.map((event) => event[field]).join('\n');
  const texts = (field: 'data' | 'metadata'): Buffer => textArray(events.map((event) => event[field]));
  const values = [stream, events.length, lines('id'), lines('type'), texts('data'), texts('metadata')];
  const insert = async (text: string, name: string, more: readonly unknown[]): Promise<boolean> => {
    const { rows } = await sql.query<UpdatedRows>(text, [...values, ...more], name);
    if (rows[0]) places.updated(stream, rows[0]);
    return rows.length === 1;
  };
  if (isNew) return insert(appendNewStream, 'append-new-stream', []);
  const place = places.of(stream);
  const exact = [before, places.counter];
  if (place !== undefined && (await insert(appendAtPlace, 'append-at-place', [...exact, place]))) return true;
  return insert(appendAtRevision, 'append-at-revision', exact);
}

// One statement, so that the ids are not older than the revision.
const idsAfter = `
select stream.revision, array(
  select event.id::text from store.events event
  where event.stream_id = stream.id and event.revision between $2::bigint + 1 and $2::bigint + $3::bigint
  order by event.revision
) as ids
from store.streams stream where stream.name = $1`;

/** Whether exactly these events are right after revision `before`, and where the stream is (-1: it does not exist). */
async function findEvents(
  sql: Sql,
  stream: string,
  before: number,
  events: readonly EventToAppend[],
): Promise<{ readonly isAll: boolean; readonly actual: number }> {
  const values = [stream, before, events.length];
  const { rows } = await sql.query<{ revision: string; ids: string[] }>(idsAfter, values);
  const row = rows[0];
  if (row === undefined) return { isAll: false, actual: -1 };
  return { isAll: events.every(({ id }, index) => row.ids[index] === id), actual: Number(row.revision) };
}

const createStream = `insert into store.streams (name, revision) values ($1, -1) on conflict (name) do nothing`;
const lockStream = `select id, revision from store.streams where name = $1 for update`;
const findId = `
select revision from store.events where stream_id = $1 and revision > $2::bigint - $3::bigint and id = $4
order by revision desc limit 1`;

/** Takes the stream's lock before it looks for the events, so that an earlier attempt that still runs is not overlooked. */
async function appendAnywhere(
  sql: Sql,
  stream: string,
  expected: 'any' | 'stream_exists',
  events: readonly EventToAppend[],
  places: RowPlaces,
): Promise<AppendResult> {
  if (expected === 'any') await sql.query(createStream, [stream]);
  const row = (await sql.query<{ id: string; revision: string }>(lockStream, [stream])).rows[0];
  if (row === undefined) throw new WrongExpectedRevision(stream, expected, null);
  const actual = Number(row.revision);
  const values = [row.id, actual, reappendWindowEvents, events[0]?.id];
  const first = (await sql.query<{ revision: string }>(findId, values)).rows[0];
  if (first === undefined) {
    await insertEvents(sql, stream, actual, false, events, places);
    return stored(actual + events.length);
  }
  const before = Number(first.revision) - 1;
  if ((await findEvents(sql, stream, before, events)).isAll) return repeated(before + events.length);
  throw new WrongExpectedRevision(stream, expected, revision(actual));
}
