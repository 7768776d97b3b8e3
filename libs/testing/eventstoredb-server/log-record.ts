/** One event in the log, as it is on the wire. */
export interface LogRecord extends ProposedRecord {
  /** Commit and prepare position: an offset, with gaps to its neighbours. */
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  /** 100 ns since the Unix epoch, in digits. */
  readonly created: string;
}

export interface ProposedRecord {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export type ExpectedVersion = number | 'any' | 'no_stream' | 'stream_exists';

/** EventStoreDB's 2^63 - 1: the revision of a tombstone, and where a deleted stream is cut off. */
export const endOfTime = 2 ** 63;

/** In digits, as on the wire. */
export const revisionText = (revision: number): string =>
  revision === endOfTime ? '9223372036854775807' : String(revision);

export function systemRecord(type: string, data: object = {}): ProposedRecord {
  const text = JSON.stringify(data).replace(String(endOfTime), revisionText(endOfTime));
  return {
    id: crypto.randomUUID(),
    type,
    contentType: 'application/json',
    data: new TextEncoder().encode(text),
    metadata: new Uint8Array(),
  };
}
