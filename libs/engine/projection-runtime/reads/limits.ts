/** How long a query waits for the position that it was asked to reach, milliseconds. */
export const minPositionWaitMs = 5_000;
/** How long a query waits for what its process has acknowledged, milliseconds. */
export const acknowledgedWaitMs = 1_000;
/** Ledgers, and organizations, whose last acknowledged position one process remembers until the read models have it. */
export const acknowledgedOwnersMax = 100_000;
/** How long a new or revoked API key waits to be seen by the read models before it is answered, milliseconds. */
export const apiKeyVisibleWaitMs = 2_000;
/** Ledgers whose organization is remembered. */
export const knownLedgersMax = 100_000;
/** Units known to be in use, over all organizations. */
export const knownUnitsMax = 10_000;
/** Events that one page of `GET …/events` looks at, whatever the filter leaves of them. */
export const eventsScannedMax = 5_000;
/** When a client may ask again for what stands still: it is tried again that often at first. */
export const haltedRetrySeconds = 5;
/** Events that are read at a time in search of the last one of an account, when the read models don't say where it is. */
export const evidencePageEvents = 1_000;
/** Such searches that one process makes at once, page by page in turns. */
export const evidenceSearchesMax = 32;
