/** How often what was stored since is read, milliseconds. */
export const pollMs = 200;
/** The least pause between two reads, also when somebody asks for one. */
export const pauseMsMin = 10;
/** How long a read may take before the next one is tried. Not of the first one, which goes through all of the log. */
export const readMsMax = 5_000;
/** How long somebody who asks waits for a read. */
export const refreshMsMax = 2_000;
/** The same while reads fail: it is told at once that nothing can be known. */
export const failingMs = 250;
/** How often everything is read again while an event of some organization can't be read. */
export const reloadMs = 60_000;
/** Keys in force that one process keeps in memory, and revoked ones that it knows as such. */
export const keysKnownMax = 100_000;
/** How long a key that is not in memory waits for the read models to have what is known of its organization. */
export const recallMsMax = 1_000;
/** A timer may fire a millisecond early, and clocks of two machines do not go equally fast. */
export const timerMs = 20;
