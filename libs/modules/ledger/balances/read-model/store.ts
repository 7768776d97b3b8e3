import type { Sql } from '@fintech-ledger/postgres';
import { copyText } from '@fintech-ledger/postgres';
import { column, copyRows } from '@fintech-ledger/projection-runtime';
import type { TotalsChange } from '../../history/read-model/totals-change';
import { totalsColumns, totalsOf } from '../balance-view';
import type { TotalsRow } from '../balance-view';
import type { CurrencyOf, DatedSum, Steps, SumChanges } from './project';

const totals = totalsColumns.join(', ');
const texts = (total: TotalsChange): readonly string[] => [
  String(total.postedDebits),
  String(total.postedCredits),
  String(total.pendingDebits),
  String(total.pendingCredits),
];

/** Totals go on from the last ones that are stored; sums are added to. */
export async function saveSums(sql: Sql, { dated, datedSums, currencies }: SumChanges): Promise<void> {
  await saveDated(sql, dated);
  await addToSums(sql, datedSums);
  await saveCurrencies(sql, currencies);
}

async function saveDated(sql: Sql, changes: readonly Steps<string>[]): Promise<void> {
  if (changes.length === 0) return;
  const { rows } = await sql.query<TotalsRow & { place: number }>(
    `select k.place::int, t.* from unnest(string_to_array($1, E'\\n')::uuid[]) with ordinality k (key, place)
      cross join lateral (select ${totals} from read.dated_totals d
                           where d.key = k.key order by d.revision desc limit 1) t`,
    [column(changes, ({ of }) => of)],
    'last-dated-totals',
  );
  await copyRows(
    sql,
    `read.dated_totals (key, revision, ${totals})`,
    goingOn(changes, rows),
    ({ of, revision, total }) => [of, revision, ...texts(total)].join('\t'),
  );
}

async function saveCurrencies(sql: Sql, changes: readonly Steps<CurrencyOf>[]): Promise<void> {
  if (changes.length === 0) return;
  const { rows } = await sql.query<TotalsRow & { place: number }>(
    `select k.place::int, t.*
       from unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n'))
            with ordinality k (ledger_key, currency, place)
      cross join lateral (select ${totals} from read.currency_totals c
                           where c.ledger_key = k.ledger_key and c.currency = k.currency
                           order by c.revision desc limit 1) t`,
    [column(changes, ({ of }) => of.ledgerKey), column(changes, ({ of }) => of.currency)],
    'last-currency-totals',
  );
  await copyRows(
    sql,
    `read.currency_totals (ledger_key, currency, revision, ${totals})`,
    goingOn(changes, rows),
    ({ of, revision, total }) => [of.ledgerKey, copyText(of.currency), revision, ...texts(total)].join('\t'),
  );
}

interface Row<Of> {
  readonly of: Of;
  readonly revision: number;
  readonly total: TotalsChange;
}

/** The steps of a batch, on what was stored before it; `place` counts from 1. */
function goingOn<Of>(
  changes: readonly Steps<Of>[],
  stored: readonly (TotalsRow & { readonly place: number })[],
): readonly Row<Of>[] {
  const before = new Map(stored.map((row) => [row.place, totalsOf(row)]));
  return changes.flatMap(({ of, steps }, index) => {
    const from = before.get(index + 1);
    return steps.map(({ revision, total }) => ({ of, revision, total: from ? plus(from, total) : total }));
  });
}

function plus(a: TotalsChange, b: TotalsChange): TotalsChange {
  return {
    postedDebits: a.postedDebits + b.postedDebits,
    postedCredits: a.postedCredits + b.postedCredits,
    pendingDebits: a.pendingDebits + b.pendingDebits,
    pendingCredits: a.pendingCredits + b.pendingCredits,
  };
}

async function addToSums(sql: Sql, sums: readonly DatedSum[]): Promise<void> {
  if (sums.length === 0) return;
  const list = (place: number, type: string): string => `string_to_array($${place}, E'\\n')::${type}[]`;
  const added = totalsColumns.map((name) => `${name} = s.${name} + excluded.${name}`).join(', ');
  await sql.query(
    `insert into read.dated_sums as s (key, level, bucket, ${totals})
     select * from unnest(${list(1, 'uuid')}, ${list(2, 'smallint')}, ${list(3, 'bigint')}, ${list(4, 'numeric')},
                          ${list(5, 'numeric')}, ${list(6, 'numeric')}, ${list(7, 'numeric')})
     on conflict (key, level, bucket) do update set ${added}`,
    [
      column(sums, ({ key }) => key),
      column(sums, ({ level }) => level),
      column(sums, ({ bucket }) => bucket),
      column(sums, ({ total }) => String(total.postedDebits)),
      column(sums, ({ total }) => String(total.postedCredits)),
      column(sums, ({ total }) => String(total.pendingDebits)),
      column(sums, ({ total }) => String(total.pendingCredits)),
    ],
    'add-to-dated-sums',
  );
}
