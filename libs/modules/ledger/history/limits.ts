/** Events after the end of the index that one page of `GET …/events` looks at, whatever the filter leaves of them. */
export const eventsScannedMax = 200;
/** Rows that one page of events of an account and a type looks at in the index. */
export const indexRowsMax = 2_000;
/** Pages of events that are read at once, in all and for one organization; there are connections for one more. */
export const eventPagesAtOnce = 3;
export const eventPagesOfOneAtOnce = 2;
/** What a stream of events reads of the store at once: for a client that does not read, so much is kept. */
export const streamPageEvents = 200;
export const streamPageBytesMax = 131_072;
/** Under load the events of all streams of a process are read this far apart, and so together. */
export const hubGatherMs = 100;
/** What comes and a client of a stream has not taken is kept up to here, in bytes; then it is read in the store. */
export const tailBytesMax = 131_072;
/** Events that are written without waiting for a slice of the event loop: what comes live is less. */
export const unslicedEventsMax = 50;
/** Characters of messages that are written at once. */
export const writtenAtOnceCharacters = 16_384;
/** How long one that was cut has to read why. */
export const cutGraceMs = 5_000;
