/** How long one attempt at an advance goes on before it records how far it has come. */
export const partMs = 5_000;
/** How long it rests when a writer, or the event store, is unavailable. */
export const retryMs = 200;
/** Due records that one writer is asked to act on at once. */
export const recordsAtOnce = 1_000;
/** Writers that are asked at once when their next record is due. */
export const surveysAtOnce = 8;
/** Ledgers whose last event is asked for at once, after an advance. */
export const headsAtOnce = 8;
/** Events of a sandbox that are read at once. */
export const eventsAtOnce = 1_000;
/** How often somebody who waits for an advance looks whether it has ended, milliseconds: at first, and later. */
export const lookMsFirst = 20;
export const lookMsLast = 500;
/** How long a request waits for an advance; it goes on without it, and a repetition waits again. */
export const waitMsMax = 600_000;
