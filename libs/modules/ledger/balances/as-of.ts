import type { AsOf, StatementParameters } from '@fintech-ledger/projection-runtime';
import { totalsColumns } from './balance-view';
import type { LedgerScope } from '../read-model/keys';
import { RowFaults } from '../read-model/row-faults';

/** How to read accounts (`read.accounts a`, beside `position.at`) as they were. */
export interface AsOfSource {
  /** SQL to join after `read.accounts a`; gives `t` with the totals. */
  readonly join: string;
  /** SQL condition: the account was there. */
  readonly existed: string;
  /** Gives SQL of what contradicts the totals. */
  readonly fault: () => string;
}

const zeroed = totalsColumns.map((column) => `coalesce(x.${column}, 0) as ${column}`).join(', ');

/**
 * On the recorded axis an account is there from its opening on; on the effective axis always, since entries may count
 * from before.
 * Without a moment: the row itself.
 */
export function asOfSource(scope: LedgerScope, asOf: AsOf | undefined, p: StatementParameters): AsOfSource {
  const faults = new RowFaults(scope, p);
  if (asOf === undefined) {
    return {
      join: `cross join lateral (select ${totalsColumns.map((column) => `a.${column}`).join(', ')}) t`,
      existed: 'true',
      fault: () => faults.account(),
    };
  }
  const join = `cross join (select ${momentOf(scope, asOf, 'position.at', p)} as revision) moment`;
  if ('time' in asOf && asOf.axis === 'effective') {
    const ms = `${p.$(Date.parse(asOf.time))}::bigint`;
    return {
      join: `${join} cross join lateral (${effectiveTotals(scope, ms, p)}) t`,
      existed: 'true',
      fault: () => `coalesce(${faults.moment('moment.revision')}, ${faults.effective(ms)})`,
    };
  }
  return {
    join: `${join}
           cross join lateral (select ${zeroed} from (select) one
             left join read.recorded_totals(a.account_key, moment.revision) x on true) t`,
    existed: 'a.opened_revision <= moment.revision',
    fault: () => faults.moment('moment.revision'),
  };
}

/**
 * SQL: the totals of `read.accounts a` at an effective time (SQL, milliseconds). From the sums by time where these are
 * usable; else they are added up.
 */
export function effectiveTotals(scope: LedgerScope, ms: string, p: StatementParameters): string {
  const ledger = `${p.$(scope.ledgerKey)}::uuid`;
  const usable = sumsAreUsable(scope, p);
  // As `read.summed_totals`, whose two halves are of two read models, and so may be on two sides.
  const summed = totalsColumns
    .map((column) => `coalesce(r.${column}, 0) + d.${column} as ${column}`)
    .join(', ');
  return `select ${summed}
            from read.dated_change(a.account_key, read.revision_at(${ledger}, ${ms}), ${ms}) d
            left join read.recorded_totals(a.account_key, read.revision_at(${ledger}, ${ms})) r on true
           where ${usable}
          union all
          select e.* from read.effective_totals(a.account_key, ${ledger}, ${ms}) e where not ${usable}`;
}

/** SQL: whether the sums by time stand where the entries do. */
export function sumsAreUsable(scope: LedgerScope, p: StatementParameters): string {
  const head = (projection: string): string =>
    `(select k.revision from read.checkpoints k
       where k.stream = ${p.$(scope.stream)} and k.projection = '${projection}')`;
  return `coalesce(${head('sums')} = ${head('entries')}, false)`;
}

/** SQL: the last revision that counts, not after the one that was reached (SQL). */
export function momentOf(
  scope: LedgerScope,
  asOf: AsOf | undefined,
  reached: string,
  p: StatementParameters,
): string {
  if (asOf === undefined) return reached;
  const moment =
    'time' in asOf
      ? `read.revision_at(${p.$(scope.ledgerKey)}::uuid, ${p.$(Date.parse(asOf.time))}::bigint)`
      : `${p.$(asOf.revision)}::bigint`;
  return `least(${moment}, ${reached})`;
}
