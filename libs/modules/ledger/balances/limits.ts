/** Events that are read at a time in search of the last one of an account, when the read models don't say where it is. */
export const evidencePageEvents = 1_000;
/** Such searches that one process makes at once, page by page in turns. */
export const evidenceSearchesMax = 128;
