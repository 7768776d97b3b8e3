import type { AsOf, StatementParameters } from '@fintech-ledger/projection-runtime';
import { totalsColumns } from './balance-view';
import type { LedgerScope } from '../read-model/ledger-scope';

/** How to read accounts (`read.accounts a`, beside `position.at`) as they were. */
export interface AsOfSource {
  /** SQL to join after `read.accounts a`; gives `t` with the totals. */
  readonly join: string;
  /** SQL condition: the account was there. */
  readonly existed: string;
}

const zeroed = totalsColumns.map((column) => `coalesce(x.${column}, 0) as ${column}`).join(', ');

/**
 * On the recorded axis an account is there from its opening on; on the effective axis always, since entries may count from before.
 * Without a moment: the row itself.
 */
export function asOfSource(scope: LedgerScope, asOf: AsOf | undefined, p: StatementParameters): AsOfSource {
  if (asOf === undefined) {
    return {
      join: `cross join lateral (select ${totalsColumns.map((column) => `a.${column}`).join(', ')}) t`,
      existed: 'true',
    };
  }
  const ledger = (): string => `${p.$(scope.ledgerKey)}::uuid`;
  if ('time' in asOf && asOf.axis === 'effective') {
    return {
      join: `cross join lateral read.effective_totals(a.account_key, ${ledger()}, ${p.$(Date.parse(asOf.time))}::bigint) t`,
      existed: 'true',
    };
  }
  const moment =
    'time' in asOf
      ? `read.revision_at(${ledger()}, ${p.$(Date.parse(asOf.time))}::bigint)`
      : `${p.$(asOf.revision)}::bigint`;
  return {
    join: `cross join (select least(${moment}, position.at) as revision) moment
           cross join lateral (select ${zeroed} from (select) one
             left join read.recorded_totals(a.account_key, moment.revision) x on true) t`,
    existed: 'a.opened_revision <= moment.revision',
  };
}
