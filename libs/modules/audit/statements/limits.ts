/** Entries of one statement, which is answered whole. */
export const statementEntriesMax = 10_000;
/** Entries that are read for one, holds and their releases included, which it does not show. */
export const statementReadMax = 100_000;
/** Entries that are read at once. */
export const statementPageEntries = 1_000;
/** How often a statement is read again because something was booked into its period meanwhile. */
export const statementAttemptsMax = 5;
