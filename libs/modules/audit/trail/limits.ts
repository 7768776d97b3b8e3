/** Every bound of the audit log, by name. */

/** Lines of refusals of one key with one code in a second; further ones are counted in one line. */
export const refusalLinesMax = 10;
/** Lines that one event has, and those that wait, of refusals and of actions each; further ones are only counted. */
export const linesOfEventMax = 100;
export const linesWaitingMax = 10_000;
/** How often waiting lines and origins are written, milliseconds. */
export const trailPauseMs = 250;
/** How long a process that ends tries to write what waits still, milliseconds. */
export const closeMsMax = 2_000;
/** An origin, which is one address and user agent of one key, is a new one after so long. */
export const originMs = 3_600_000;
/** Origins that one process knows, and of them those of one organization. */
export const originsKnownMax = 100_000;
export const originsOfOrganizationMax = 10_000;
/** Those that an organization has room for however many the process knows of others. */
export const originsOwnedAnyway = 1_000;
export const originsWrittenAtOnce = 1_000;
/** How often old origins are deleted, and how many at a time. */
export const originSweepMs = 3_600_000;
export const originsSweptAtOnce = 10_000;
/** Origins of an address that one statement looks for. */
export const originsSearched = 1_000;
/** Events before those of a page that are read at once, to show what was changed. */
export const earlierAtOnce = 8;
/** Lines of an export that are made at once. */
export const auditLinesExportedAtOnce = 100;
/** Pages of the audit log that are made at once, in all and of one organization. */
export const auditPagesAtOnce = 4;
export const auditPagesOfOneAtOnce = 2;
/** Characters of the target of a line that are kept: no id and no address is longer. */
export const targetCharacters = 255;
