import type { FairTurnsOptions } from '@fintech-ledger/projection-runtime';

/** Connections for looking up API keys: few are looked up, and each is remembered for a while. */
export const accessConnectionsMax = 4;
/** Connections for reading events: pages of lists, exports, and one subscription for all streams. */
export const eventConnectionsMax = 4;
/** How long the database may take for one statement of an expensive query. */
export const expensiveQueryMsMax = 10_000;

/** One organization never has all of the turns where there is more than one, so that another one's is free at once. */
export function expensiveTurns(runningMax: number): FairTurnsOptions {
  return {
    runningMax,
    runningOfOwnerMax: Math.max(1, runningMax - 1),
  };
}
