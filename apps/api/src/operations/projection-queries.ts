import { sharedRuns } from '@fintech-ledger/contract';
import { TrialBalanceWatch } from '@fintech-ledger/ledger';
import type { UnbalancedLedger } from '@fintech-ledger/ledger';
import { TransitWatch } from '@fintech-ledger/ledger-transfers';
import type { TransitLook } from '@fintech-ledger/ledger-transfers';
import type { Sql } from '@fintech-ledger/postgres';
import { postgresProjectionStates } from '@fintech-ledger/projection-runtime';
import type { ProjectionStates } from '@fintech-ledger/projection-runtime';

/** What there is to know of the read models, apart from what is in them. */
export interface ProjectionQueries extends ProjectionStates {
  /** Ledgers whose rows do not balance in a currency, by a look that is at most some minutes old: no event makes them so. */
  unbalancedLedgers(): Promise<readonly UnbalancedLedger[]>;
  /** What is in transit between ledgers against what is open, by a look that is at most some minutes old. */
  transit(): Promise<TransitLook>;
}

/** However many ask at once, of the API, of health and of metrics, the database is asked once. */
export function postgresProjectionQueries(
  db: Sql,
  feed: Parameters<typeof postgresProjectionStates>[1],
): ProjectionQueries {
  const balances = new TrialBalanceWatch(db);
  const transit = new TransitWatch(db);
  const states = postgresProjectionStates(db, feed);
  return {
    ...states,
    projections: sharedRuns(() => states.projections()),
    unbalancedLedgers: sharedRuns(() => balances.unbalanced()),
    transit: sharedRuns(() => transit.look()),
  };
}
