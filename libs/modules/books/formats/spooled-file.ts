/** A file that can be read more than once, from its beginning each time. */
export interface SpooledFile {
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
}
