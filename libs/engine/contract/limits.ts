/* Bounds that the edge and the rules of several modules hold. */

/** Keys of metadata: of a request, and of what an object has after it. */
export const metadataKeysMax = 50;
