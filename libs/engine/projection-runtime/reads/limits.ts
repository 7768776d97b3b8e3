/** How long a query waits for the position that it was asked to reach, milliseconds. */
export const minPositionWaitMs = 5_000;
/** How long a query waits for what its process has acknowledged, milliseconds. */
export const acknowledgedWaitMs = 1_000;
/** When a client may ask again for what is halted: it is tried again that often at first. */
export const haltedRetrySeconds = 5;
/** After how long the event store or a writer is asked again for a query that waits, milliseconds. */
export const firstAskPauseMs = 20;
/** The same after many times. */
export const lastAskPauseMs = 500;
/** Queries that may wait so at once; one more is told at once that what it asks for is not there yet. */
export const sourceWaitsMax = 1_000;
/** The same of one ledger or organization, so that it leaves room for others. */
export const sourceWaitsOfOwnerMax = 50;
