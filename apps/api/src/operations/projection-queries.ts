import { TrialBalanceWatch } from '@fintech-ledger/ledger';
import type { UnbalancedLedger } from '@fintech-ledger/ledger';
import type { Sql } from '@fintech-ledger/postgres';
import { postgresProjectionStates } from '@fintech-ledger/projection-runtime';
import type { ProjectionStates } from '@fintech-ledger/projection-runtime';

/** What there is to know of the read models, apart from what is in them. */
export interface ProjectionQueries extends ProjectionStates {
  /** Ledgers whose rows do not balance in a currency, by a look that is at most some minutes old: no event makes them so. */
  unbalancedLedgers(): Promise<readonly UnbalancedLedger[]>;
}

export function postgresProjectionQueries(
  db: Sql,
  feed: Parameters<typeof postgresProjectionStates>[1],
): ProjectionQueries {
  const balances = new TrialBalanceWatch(db);
  return { ...postgresProjectionStates(db, feed), unbalancedLedgers: () => balances.unbalanced() };
}
