/** How long a query waits for the position that it was asked to reach, milliseconds. */
export const minPositionWaitMs = 5_000;
/** How long a query waits for what its process has acknowledged, milliseconds. */
export const acknowledgedWaitMs = 1_000;
/** When a client may ask again for what is halted: it is tried again that often at first. */
export const haltedRetrySeconds = 5;
