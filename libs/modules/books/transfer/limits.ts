/** Imports that one process runs at once: each holds a file and up to 256 commands. */
export const importsMax = 8;
/** The largest file that is taken in, bytes. */
export const importBytesMax = 50_000_000_000;
/** What of a file is read at once: what is made of it is done without a stop. */
export const readBytes = 4_096;
/** How long an import waits for the writer to come back before it gives up, milliseconds. */
export const writerPatienceMs = 60_000;
/** How long it waits for the read models to have seen an account that is there, milliseconds. */
export const readModelsPatienceMs = 30_000;
/** Characters of an export that are sent at once. */
export const exportBlockCharacters = 65_536;
