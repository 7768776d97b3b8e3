/** How often the checkpoint is written: what was sent after it is found in the topic's tail. */
export const checkpointIntervalMs = 1_000;
/** Events that are taken from the store at a time. */
export const batchEventsMax = 4_000;
/** Batches are this far apart under load: what one costs here, in the broker and in the projector is shared by more events. */
export const gatherMs = 50;
export const retryFirstMs = 100;
export const retryLastMs = 5_000;
/** How often a standby asks for the relay's lock. */
export const standbyPollMs = 1_000;
/** Any number that only this uses: its advisory lock (with the topic's hash) says which process relays. */
export const relayLock = 402_119_651;
/** What is known of streams in memory; the database has the rest. */
export const knownStreamsMax = 100_000;
/** How often the topic is asked whether it still has what was sent. */
export const topicCheckMs = 5_000;
/** Failures in a row after which that is asked at once. */
export const failuresBeforeCheck = 3;
