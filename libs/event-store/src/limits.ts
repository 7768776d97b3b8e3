/** The most events that one `readStream` returns. */
export const readEventsMax = 5_000;
/** How many events a subscription hands over at once unless told otherwise. */
export const subscriptionBatchEvents = 2_000;
