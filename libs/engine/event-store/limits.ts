/** The most events that one `readStream` returns. */
export const readEventsMax = 5_000;
/** A page of `readStream` ends after the event with which data and metadata pass this many bytes. */
export const readBytesMax = 16 * 1024 * 1024;
/** How many events a subscription hands over at once unless told otherwise. */
export const subscriptionBatchEvents = 2_000;
/** A subscription's batch ends after the event with which data and metadata pass this many bytes. */
export const subscriptionBatchBytesMax = 8 * 1024 * 1024;
/** How long a subscription gathers events under load before it hands them over, unless told otherwise. */
export const gatherMsDefault = 25;
/** The most bytes (data + metadata) of one append, unless the store itself allows less. */
export const appendBytesMax = 16 * 1024 * 1024;
/** The most events of one append, unless the store itself allows less. */
export const appendEventsMax = 12_000;
/** The longest name of a stream, in UTF-16 code units. */
export const streamNameMax = 256;
/**
 * Without an exact revision to look at, appended events are recognised as long as they are among this many last events of
 * their stream.
 */
export const reappendWindowEvents = 24_000;
/** Of the appends of several streams that are stored together, in bytes (data + metadata): a larger one goes alone. */
export const joinedBytesMax = 256 * 1024;
/** Streams of which a client remembers where the row is that an append updates. */
export const rowPlacesMax = 20_000;
