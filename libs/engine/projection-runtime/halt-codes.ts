/** Why a stream can't go on in a reader, as it is recorded with the halt. A code keeps its meaning for ever. */
export const haltCodes = [
  /** The type of an event, or its version, is of a newer version of the product. */
  'unknown_event_version',
  /** An event is not what it was when it was written, or can't be read. */
  'event_damaged',
  /** An event is missing before one that came. */
  'event_missing',
  /** The event store has another history than the one that was applied, or a shorter one. */
  'journal_rewritten',
  /** What an event says contradicts the rows of the read model. */
  'rows_contradict',
  /** The broker does not take the event's record. */
  'record_refused',
  /** Another process has let it go: it is read again from where it stands. */
  'read_again',
  /** Anything else; also of halts that were recorded before there were codes. */
  'other',
] as const;
export type HaltCode = (typeof haltCodes)[number];

/** What an error says that halts a stream. */
export interface HaltCause {
  readonly haltCode: HaltCode;
}

/** The code of what halts a stream. */
export function haltCodeOf(cause: unknown): HaltCode {
  return cause instanceof Error && 'haltCode' in cause ? (cause as Error & HaltCause).haltCode : 'other';
}
