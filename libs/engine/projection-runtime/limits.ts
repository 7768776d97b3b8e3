/** Events that a projector folds and writes in one transaction. Larger batches write a busy account's row less often. */
export const batchEventsDefault = 4_000;
/** Places kept in memory per projection and stream; the database has the rest. */
export const knownStreamsMax = 100_000;
export const retryFirstMs = 100;
export const retryLastMs = 5_000;
/** A feed that is behind and does nothing for so long is opened again; twice as long each time, up to so long. */
export const stuckMs = 30_000;
export const stuckLastMs = 600_000;
/** How often a standby asks for the projector's lock. */
export const standbyPollMs = 1_000;
/** How often a waiter without a notification looks at the checkpoint. */
export const waiterPollMs = 20;
/** Queries that may wait for a position at once; one more is told at once that the read model is behind. */
export const waitersMax = 10_000;
/** Events that are parsed without a break: about two milliseconds. */
export const parseSliceEvents = 100;
/** How often a batch is folded again because another process had applied some of it; each time there is less left of it. */
export const sharedAttemptsMax = 20;
/** Streams that may be halted in one projection; with more of them it can't be the streams, and the projector itself stops and tries again. */
export const haltedStreamsMax = 1_000;
/** Writes of a batch that may fail in search of the streams that can't be written; then groups of them are halted. */
export const apartFailuresMax = 64;
/** How often the halted streams are looked at, and one is tried again: first and at last. */
export const haltedPollMs = 1_000;
export const rereadFirstMs = 1_000;
export const rereadLastMs = 60_000;
/** Events of one stream that are read again in one transaction. */
export const rereadPageEvents = 500;
/** Checkpoints from before hashes were kept that are looked up in the event store at once. */
export const adoptionsAtOnce = 16;
/** A source that gave no sign of life for so long may have events that the projector does not know of. */
export const silentMs = 3_000;
