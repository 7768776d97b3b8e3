/** Ledgers whose heads are signed in one transaction. */
export const signedAtOnce = 200;
/** Heads that a target is given at once. */
export const sentAtOnce = 100;
/** How often it is looked whether heads are to be signed or sent. */
export const publicationPollMs = 1_000;
/** Before a target that failed is tried again: at first, twice as long each time, and at most. */
export const firstRetryMs = 5_000;
export const retryMsMax = 600_000;
/**
 * So long a target is one process's: longer than one attempt takes (a ledger's first has four requests). Who is killed
 * in it delays the next one.
 */
export const fileClaimMs = 10_000;
export const urlClaimMs = 30_000;
export const ledgerClaimMs = 90_000;
/** What is being sent when the process is to stop may take so long; then its connection is ended. */
export const stopGraceMs = 1_000;
/** How long heads are kept that all targets have. The last one of each ledger is kept for ever. */
export const publishedDays = 90;
/** Of a file, what is read to find its last line. */
export const fileTailBytes = 65_536;
/** Ledgers that an alarm names. */
export const contradictionsNamed = 10;
