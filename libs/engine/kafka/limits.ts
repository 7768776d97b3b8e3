import { appendBytesMax } from '@fintech-ledger/event-store';

/** Headers and frame of a record, in bytes at most. */
const recordOverheadBytes = 64 * 1024;
/** `max.message.bytes` of a topic that we make: any event that the store takes. */
export const recordBytesMax = appendBytesMax + recordOverheadBytes;
/** Bytes of one partition in one request: large enough to fill a round trip, small enough for `recordBytesMax`. */
export const produceBytesMax = 2 * 1024 * 1024;
/** Bytes that a consumer takes of one partition at a time: a batch is handled well within a session. */
export const fetchPartitionBytesMax = 4 * 1024 * 1024;
export const fetchBytesMax = 16 * 1024 * 1024;
export const sessionTimeoutMs = 10_000;
export const rebalanceTimeoutMs = 30_000;
export const heartbeatMs = 1_000;
/** One request to a broker. */
export const requestTimeoutMs = 10_000;
/** How often, and how far apart, a topic must seem to have lost records before it is taken to be another one. */
export const endChecksMax = 10;
export const endCheckMs = 500;
