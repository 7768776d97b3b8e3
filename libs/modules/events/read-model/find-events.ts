import { birthOf, organizationStream } from '@fintech-ledger/envelope';
import type { Birth } from '@fintech-ledger/envelope';
import {
  newestOfRuns,
  readAt,
  reachedRevision,
  StatementParameters,
} from '@fintech-ledger/projection-runtime';
import type { At, RunPlaces, RunRow } from '@fintech-ledger/projection-runtime';
import type { Sql } from '@fintech-ledger/postgres';
import { clockWindow, isIn } from './clock-window';
import { organizationKey, streamKey, streamKeysOf } from './keys';

/** Where a public event is; the newest has the greatest of these, in this order. */
export interface EventPlace {
  readonly recordedMs: number;
  readonly streamKey: number;
  readonly revision: number;
  readonly type: string;
}

export interface FoundPlace extends EventPlace {
  readonly stream: string;
}

export interface EventFilter {
  /** The names of the types. */
  readonly types: readonly string[];
  /** Only events of this stream. */
  readonly stream?: string;
  /** Only events that are found under this name; one that is not may be among them. */
  readonly name?: string;
  /** When they were created, by the clock of a sandbox. Inclusive. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
  /** Exclusive: only events that come after it, newest first. */
  readonly after?: EventPlace;
}

interface Run extends RunRow {
  readonly type: string;
  readonly stream: string;
}

const places: RunPlaces<Run, FoundPlace, EventPlace> = {
  placeOf: ({ stream, type }, at) => ({ ...at, type, stream }),
  compare: (a, b) =>
    a.recordedMs - b.recordedMs ||
    a.streamKey - b.streamKey ||
    a.revision - b.revision ||
    (a.type < b.type ? -1 : a.type > b.type ? 1 : 0),
};

/** Newest first; `count` of them, where there are so many. */
export async function findEvents(
  sql: Sql,
  organizationId: string,
  filter: EventFilter,
  count: number,
): Promise<At<readonly FoundPlace[]>> {
  const p = new StatementParameters();
  const text = statement(p, organizationId, filter, count);
  const { rows, revision } = await read(sql, p, filter.stream ?? organizationStream(organizationId), text);
  return { result: newestOfRuns(rows, count, places, filter.after), revision };
}

/** Where the events of some types are that have this birth in their ids. */
export async function findBorn(
  sql: Sql,
  organizationId: string,
  types: readonly string[],
  birth: Birth,
): Promise<At<readonly FoundPlace[]>> {
  const p = new StatementParameters();
  const parts = partsOf(p, organizationId, types, 0);
  const text = withStreams(parts, born(p, parts, birth));
  const { rows, revision } = await read(sql, p, organizationStream(organizationId), text);
  return { result: rows.flatMap((row) => newestOfRuns([row], 1, places)), revision };
}

async function read(
  sql: Sql,
  p: StatementParameters,
  stream: string,
  text: string,
): Promise<{ readonly revision: number; readonly rows: readonly Run[] }> {
  const reached = reachedRevision(p.$(stream), 'public_events');
  return readAt<Run>(sql, reached, text, undefined, p);
}

/** The statement; it is exported for its plan. */
export function statement(
  p: StatementParameters,
  organizationId: string,
  filter: EventFilter,
  count: number,
): string {
  const parts = partsOf(p, organizationId, filter.types, count);
  const { name, fromMs, toMs } = filter;
  const text = withStreams(
    parts,
    name === undefined ? listed(p, parts, filter) : named(p, parts, filter, name),
  );
  if (fromMs === undefined && toMs === undefined) return text;
  const stream = filter.stream === undefined ? undefined : `${p.$(streamKey(filter.stream))}::bigint`;
  return `${clockWindow(p, parts.organization, filter, stream)} ${text}`;
}

function partsOf(
  p: StatementParameters,
  organizationId: string,
  types: readonly string[],
  count: number,
): Parts {
  return {
    organization: `${p.$(organizationKey(organizationId))}::uuid`,
    types: `string_to_array(${p.$(types.join('\n'))}, E'\\n')`,
    // A run may have nothing but what is at the place after which it is to go on.
    limit: `limit ${count + 1}`,
  };
}

function withStreams({ organization }: Parts, runs: string): string {
  return `select true as row_exists, e.recorded_ms, e.stream_key, e.first, e.last, e.type, s.stream
            from (${runs}) e
            join read.public_event_streams s on s.organization_key = ${organization} and s.stream_key = e.stream_key`;
}

interface Parts {
  readonly organization: string;
  readonly types: string;
  readonly limit: string;
}

/** One index range per type; that of the organization must not be taken for one of its streams. */
function listed(p: StatementParameters, { organization, types, limit }: Parts, filter: EventFilter): string {
  const isOfAll = filter.stream === undefined;
  return `select r.* from unnest(${types}) as t (type) cross join lateral (
            select e.recorded_ms, e.stream_key, e.first, e.last, e.type from read.public_events e
             where e.organization_key ${isOfAll ? '=' : 'is not distinct from'} ${organization}
               and e.type = t.type ${conditions(p, filter, 'first')}
             order by e.recorded_ms desc, ${isOfAll ? 'e.stream_key desc, ' : ''}e.first desc ${limit}) r`;
}

function named(p: StatementParameters, parts: Parts, filter: EventFilter, name: string): string {
  const { organization, types, limit } = parts;
  const others = `select e.recorded_ms, e.stream_key, e.revision as first, e.revision as last, e.type
                    from read.public_event_names e
                   where e.organization_key = ${organization} and e.name = ${p.$(name)} and e.type = any (${types})
                         ${conditions(p, filter, 'revision')}
                   order by e.recorded_ms desc, e.stream_key desc, e.revision desc, e.type desc ${limit}`;
  const birth = birthOf(name);
  if (birth === undefined) return others;
  return `(${others}) union all (${born(p, parts, birth, filter)})`;
}

/** The run that has the revision at which something was born. */
function born(
  p: StatementParameters,
  { organization, types }: Parts,
  birth: Birth,
  filter?: EventFilter,
): string {
  const [first, last] = streamKeysOf(birth.stream);
  const revision = `${p.$(birth.revision)}::bigint`;
  return `select e.recorded_ms, e.stream_key, ${revision} as first, ${revision} as last, e.type
            from read.public_events e
           where e.organization_key = ${organization} and e.type = any (${types})
             and e.recorded_ms = ${p.$(birth.timeMs)}::bigint
             and e.stream_key between ${p.$(first)}::bigint and ${p.$(last)}::bigint
             and e.first <= ${revision} and e.last >= ${revision}
             ${filter === undefined ? '' : conditions(p, filter, 'first')}`;
}

function conditions(
  p: StatementParameters,
  { stream, fromMs, toMs, after }: EventFilter,
  revision: 'first' | 'revision',
): string {
  const all: string[] = [];
  all.push(...isIn({ fromMs, toMs }, p));
  if (stream !== undefined) all.push(`e.stream_key = ${p.$(streamKey(stream))}::bigint`);
  if (after !== undefined) all.push(from(p, after, revision === 'revision', stream === undefined));
  return all.map((one) => `and ${one}`).join(' ');
}

/** Exact by names; of runs also those that reach beyond the place. */
function from(p: StatementParameters, after: EventPlace, isNamed: boolean, isOfAll: boolean): string {
  const number = (value: number): string => `${p.$(value)}::bigint`;
  if (isNamed)
    return (
      `(e.recorded_ms, e.stream_key, e.revision, e.type) < ` +
      `(${number(after.recordedMs)}, ${number(after.streamKey)}, ${number(after.revision)}, ${p.$(after.type)})`
    );
  const key = isOfAll ? [', e.stream_key', `, ${number(after.streamKey)}`] : ['', ''];
  return `(e.recorded_ms${key[0]}, e.first) <= (${number(after.recordedMs)}${key[1]}, ${number(after.revision)})`;
}
