/** The texts of an event in UTF-8, where a reader has them so: who hashes many events need not make them again. */
export interface EventBytes {
  readonly source: Buffer;
  /** Where they are in it; `end` exclusive. */
  readonly dataAt: { readonly start: number; readonly end: number };
  readonly metadataAt: { readonly start: number; readonly end: number };
}
