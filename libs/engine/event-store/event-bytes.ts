/** The texts of an event in UTF-8, where a reader has them so: who hashes many events need not make them again. */
export interface EventBytes {
  readonly source: Buffer;
  /** Where they are in it; the ends exclusive. */
  readonly dataStart: number;
  readonly dataEnd: number;
  readonly metadataStart: number;
  readonly metadataEnd: number;
}
