import { readAt, reachedRevision, StatementParameters } from '@fintech-ledger/projection-runtime';
import type { Sql } from '@fintech-ledger/postgres';
import { accountKey } from '../../read-model/keys';
import type { LedgerScope } from '../../read-model/keys';
import { sequenceOf } from '../read-model/sequence';
import { indexRowsMax } from '../limits';

export interface EventFilter {
  readonly type?: string;
  readonly account?: string;
}

/** Which events may be what is asked for; one that is not may be among them, and none is missing. */
export interface FoundEvents {
  /** In order. */
  readonly revisions: readonly number[];
  /** Everything up to it was looked at, itself too. */
  readonly through: number;
  /** The index knows nothing after `through`. */
  readonly isEnd: boolean;
}

interface Place {
  readonly source: 'type' | 'account' | 'dated' | 'undated';
  readonly first: string;
  readonly last: string;
  /** Null: not known here. */
  readonly type: string | null;
}

/** Looks up at least one event from a revision on, and about `count` of them, without reading any. */
export async function findEvents(
  sql: Sql,
  scope: LedgerScope,
  filter: EventFilter,
  from: number,
  count: number,
): Promise<FoundEvents> {
  const { text, values, rowsMax } = lookUp(scope, filter, from, count);
  const result = await readAt<Place>(sql, reachedOf(scope, values), text, 'r.source, r.last', values);
  const places = result.rows;
  let end = result.revision;
  for (const source of new Set(places.map((place) => place.source))) {
    const ofSource = places.filter((place) => place.source === source);
    // It may have more after these.
    if (ofSource.length === rowsMax) end = Math.min(end, Number(ofSource.at(-1)?.last));
  }
  const { type } = filter;
  const wanted = places.filter((place) => type === undefined || place.type === null || place.type === type);
  const sources = new Set(wanted.map(({ source }) => source));
  const ofSources = [...sources].map((source) =>
    firstOf(
      wanted.filter((place) => place.source === source),
      Math.max(from, 0),
      end,
      count,
    ),
  );
  const inOrder = [...new Set(ofSources.flat())].sort((a, b) => a - b);
  const last = inOrder[count - 1];
  // A long run is not looked at to its end.
  const through = last === undefined ? end : Math.min(end, last);
  return {
    revisions: inOrder.slice(0, count),
    through,
    isEnd: through === result.revision,
  };
}

function reachedOf({ stream }: LedgerScope, p: StatementParameters): string {
  return reachedRevision(p.$(stream), 'events', 'entries');
}

/** The statement; it is exported for its plan. */
export function lookUp(
  { ledgerKey, ledgerId }: LedgerScope,
  { type, account }: EventFilter,
  from: number,
  count: number,
): { readonly text: string; readonly values: StatementParameters; readonly rowsMax: number } {
  const p = new StatementParameters();
  const rowsMax = type === undefined || account === undefined ? count : indexRowsMax;
  const ledger = `${p.$(ledgerKey)}::uuid`;
  const since = `${p.$(from)}::bigint`;
  const limit = `limit ${rowsMax}`;
  const runs = (source: Place['source'], kind: 'T' | 'A', subject: string): string =>
    `(select true as row_exists, '${source}' as source, r.first, r.last, ${kind === 'T' ? 'r.subject' : 'null'} as type
        from read.event_runs r
       where r.ledger_key = ${ledger} and r.kind = '${kind}' and r.subject = ${p.$(subject)} and r.last >= ${since}
       order by r.last ${limit})`;
  if (account === undefined) return { text: runs('type', 'T', type ?? ''), values: p, rowsMax };
  const key = `${p.$(accountKey(ledgerId, account))}::uuid`;
  const sequence = `${p.$(sequenceOf(from, 0))}::bigint`;
  const entries = (source: Place['source'], where: string): string =>
    `(select true as row_exists, '${source}' as source, e.sequence / 4096 as first, e.sequence / 4096 as last,
             e.event_type as type
        from read.entries e where e.account_key = ${key} and ${where} and e.sequence >= ${sequence}
       order by e.sequence ${limit})`;
  const parts = [
    runs('account', 'A', account),
    entries('undated', 'not e.is_dated'),
    entries('dated', 'e.is_dated'),
  ];
  return { text: parts.join(' union all '), values: p, rowsMax };
}

/** At least the first `count`, in order; places behind them are not looked at: each may stand for thousands. */
function firstOf(places: readonly Place[], from: number, end: number, count: number): readonly number[] {
  const found = new Set<number>();
  for (const place of places) {
    if (found.size >= count) break;
    for (const revision of revisionsOf(place, from, end, count)) found.add(revision);
  }
  return [...found];
}

function revisionsOf(place: Place, from: number, end: number, count: number): readonly number[] {
  const first = Math.max(Number(place.first), from);
  const length = Math.min(Math.min(Number(place.last), end) - first + 1, count);
  return Array.from({ length: Math.max(0, length) }, (_, index) => first + index);
}
