/** Every bound of the HTTP edge, by name. */

/** The most bytes of a JSON body, unless its operation says otherwise; a longer one gets 413. */
export const bodyBytesMax = 1_000_000;
/** The same of an operation that takes many commands at once. */
export const bulkBodyBytesMax = 10_000_000;
/** How long the head of a request, and how long a JSON body may take to come, milliseconds; 408 after that. */
export const headMsMax = 10_000;
export const bodyMsMax = 10_000;
/** How long nothing of a body that is a stream (NDJSON, CSV) may come. */
export const bodySilenceMsMax = 30_000;
export const openBodiesCheckMs = 1_000;
/** Connections from one address to one process; further ones are closed. A reverse proxy has one address. */
export const connectionsPerAddressMax = 2_000;
/** What is under way when the process is told to stop has so long; then it is cut off. */
export const drainMsMax = 6_000;
/** A connection without a request stays open for so long then: what its client has sent already is still answered. */
export const lastRequestsMs = 200;
/** Nesting of a JSON body; the contract's own shapes need 6. */
export const jsonDepthMax = 32;
/** Bodies above this are checked for their depth before they are parsed, because each open bracket costs memory. */
export const depthCheckBytes = 65_536;
/** A larger body waits for a slice of the event loop before it is parsed. */
export const unslicedBytesMax = 16_384;
/** Large bodies of one organization that are in work at a time, from their parsing to their answer. */
export const largeAtOnceMax = 8;
/** The same while several organizations are there. */
export const largeBesideOthersMax = 1;
/** How long one waits for its turn, milliseconds; 503 after that. */
export const largeWaitMsMax = 10_000;
/** Requests of one organization that are in work at a time while several organizations are there. */
export const atOnceBesideOthersMax = 8;
/** One that has been in work for so long, milliseconds, waits for something, and counts no more among them. */
export const countedAtOnceMs = 25;
/** How long one waits for its turn, milliseconds; 503 after that. */
export const turnWaitMsMax = 10_000;
/** How long one request computes before others have their turn, milliseconds. */
export const sliceMsMax = 2;
/** Problems listed in `errors[]`. */
export const problemsListedMax = 20;

export const idempotencyKeyLengthMax = 255;
/** A second request with a key waits so long for the answer of the first, milliseconds; 503 after that. */
export const claimWaitMsMax = 10_000;
export const claimPollMs = 50;
/** The first says so often that it is still being done, and another one may do it when it has not for `claimMs`. */
export const claimRenewMs = 10_000;
export const claimMs = 60_000;
export const pageLimitMax = 100;
export const pageLimitDefault = 20;

export const preconditionsMax = 100;
export const apiKeyScopesMax = 64;
/** Longer than any address or id, so that a long one gets our answer rather than the router's. */
export const pathParameterLengthMax = 1_024;

/** NDJSON: lines in flight of one request, their bytes, and the bytes of one line. */
export const ndjsonLinesInFlightMax = 1_024;
export const ndjsonBytesInFlightMax = 8_000_000;
export const ndjsonLineBytesMax = 1_000_000;

/** Commands of one request that have spans of their own, when it makes many (NDJSON, imports). */
export const commandsTracedMax = 100;

/** Server-sent events: connections of one process, and seconds between signs of life. */
export const eventStreamsMax = 400;
export const eventStreamHeartbeatSeconds = 15;

/** How long a client may read nothing of an answer in pieces, or of events, while there is something to be read. */
export const clientSilenceMsMax = 60_000;

/** API keys whose secret one process has verified and remembers. */
export const apiKeysRememberedMax = 10_000;
/** The same of what was sent with the id of a key, and is no secret of it. */
export const wrongSecretsRememberedMax = 1_000;
/**
 * What is known of the API keys may be so old for commands, milliseconds: a revocation is answered once it has
 * passed.
 */
export const apiKeyFreshMs = 1_000;

/** Answers with 401 or 403 that one caller has at once in a second; more of them are late. */
export const refusalsAtOnceMax = 100;
/** How late that is, more or less, and a refusal for a limit: a client that asks again at once costs little. */
export const limitRefusalDelayMs = 250;

/** Characters of a user agent that are kept of a request. */
export const userAgentCharacters = 500;

/** Streams whose writer one process remembers. */
export const ownersRememberedMax = 100_000;
/** Owners whose last acknowledged position one process remembers until the read models have it. */
export const acknowledgedOwnersMax = 100_000;
