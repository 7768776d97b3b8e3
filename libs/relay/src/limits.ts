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
