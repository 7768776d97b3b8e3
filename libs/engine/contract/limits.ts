/* Bounds that the edge and the rules of several modules hold. Lengths are in Unicode characters. */

/** Keys of metadata: of a request, and of what an object has after it. */
export const metadataKeysMax = 50;
export const metadataValueLengthMax = 500;
export const nameLengthMax = 255;
export const descriptionLengthMax = 1_000;
export const referenceLengthMax = 255;
