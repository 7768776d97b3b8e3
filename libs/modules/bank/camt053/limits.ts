/** Bytes of a file: a day of about 15,000 transfers. What is more is refused before it is read whole. */
export const statementBytesMax = 16 * 1_024 * 1_024;
/** How deep elements are within each other: a statement has about 15 levels. */
export const elementDepthMax = 40;
/** Characters of one element's text: the schema's longest has 500. */
export const elementTextMax = 10_000;
