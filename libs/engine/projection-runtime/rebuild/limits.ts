/** Events that are filled in one transaction: while nobody writes, and while somebody does. */
export const fillEvents = 20_000;
export const fillEventsBesideWrites = 1_000;
/** The share of the time that filling may take while events are appended. */
export const fillShare = 0.25;
export const fillRestMs = 2_000;
/** How often it looks whether somebody writes, and says how far it is. */
export const progressMs = 500;
/** How often a projector looks what is to be done for rebuilds. */
export const rebuildPollMs = 500;
/** How seldom two sides are compared, or streams looked for that one of them lacks, while nothing of them changes. */
export const seldomLookMs = 30_000;
/** Streams that are read again at once because a side lacks the end of them. */
export const healedStreams = 500;
/** How long two sides may take to stand at the same position, before they are compared as they are. */
export const settleMs = 60_000;
/** So few events are left to the projectors. */
export const nearEvents = 2_000;
/** Events that are folded into one part: of rows that many events change, and where each event is a row. */
export const accumulatedEvents = { least: 20_000, most: 200_000 };
export const collectedEvents = { least: 2_000, most: 10_000 };
/** With fewer events left no other threads are started: that takes them a second. */
export const sharedFromEvents = 20_000;
/** Parts that each filler has at once: while one is written the next is read. */
export const partsAhead = 2;
/** More than this many processors are not used for a rebuild. */
export const fillersMax = 4;
/** So long nobody must have appended before it goes on with several fillers. */
export const quietWritesMs = 3_000;
