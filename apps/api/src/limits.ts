import type { FairTurnsOptions } from '@fintech-ledger/projection-runtime';
import { availableParallelism } from 'node:os';

/** Connections for looking up API keys: few are looked up, and each is remembered for a while. */
export const accessConnectionsMax = 4;
/** Connections for reading events: pages of lists, exports, and one subscription for all streams. */
export const eventConnectionsMax = 4;
/** How long the database may take for one statement of an expensive query. */
export const expensiveQueryMsMax = 10_000;
/** How long a query that is not expensive waits for its turn. */
export const plainWaitMsMax = 10_000;

/**
 * What one organization has under way at once beside others: half of the processors that there are here. PostgreSQL may
 * have more of its own, but more at a time are no more in a second once all are busy; they only keep others waiting.
 */
const besideOthers = Math.max(1, Math.floor(availableParallelism() / 2));

/**
 * Queries that one organization has under way at once: enough to keep the process busy with them, and so few that
 * those of another one, and its commands, wait for a few of them only.
 */
export function plainTurns(connections: number): FairTurnsOptions {
  return {
    of: 'plain',
    // One is left to what asks for positions.
    runningMax: Math.max(1, connections - 1),
    runningOfOwnerMax: Math.max(1, Math.floor(connections / 4)),
    runningOfOwnerBesideOthersMax: besideOthers,
    // Admission bounds them.
    waitingOfOwnerMax: Infinity,
    waitMsMax: plainWaitMsMax,
  };
}

/** One organization never has all of the turns where there is more than one, so that another one's is free at once. */
export function expensiveTurns(runningMax: number): FairTurnsOptions {
  return {
    of: 'expensive',
    runningMax,
    runningOfOwnerMax: Math.max(1, runningMax - 1),
    runningOfOwnerBesideOthersMax: besideOthers,
  };
}
