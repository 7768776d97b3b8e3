import type { LedgerEvent } from './events';
import type { RecordChange } from './records';
import type { LedgerRefusal } from './refusals';

/** Time and ids arrive as data. */
export interface DecideContext {
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
  /** Real time, where `now` is the time of a sandbox. Absent: `now` is. */
  readonly recordedAt?: string;
  /** A new id for what event number `index` of this decision creates. */
  newId(prefix: string, index: number): string;
  /** The most bytes that one event may have to be stored, with its metadata. Absent: no limit. */
  readonly eventBytesMax?: number;
}

export interface LedgerDecided {
  readonly kind: 'decided';
  readonly events: readonly LedgerEvent[];
  /** What `evolve` gives for each event, when later parts of the command were judged on it. */
  readonly changes?: readonly (readonly RecordChange[])[];
  readonly refusedItems?: readonly { readonly index: number; readonly refusal: LedgerRefusal }[];
  /** Without events: what the answer shows instead, as it would be with one. */
  readonly answeredAs?: readonly LedgerEvent[];
  /** Without events: the whole answer, a JSON text. */
  readonly answer?: string;
}
export type LedgerDecision = LedgerDecided | { readonly kind: 'refused'; readonly refusal: LedgerRefusal };
