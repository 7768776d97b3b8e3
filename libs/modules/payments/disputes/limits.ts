/** Characters of the text of evidence: an event has it. */
export const evidenceLengthMax = 20_000;
/** Files of evidence. */
export const evidenceFilesMax = 20;
/** Characters of the name of a file. */
export const fileNameLengthMax = 255;
