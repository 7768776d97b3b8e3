import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { Reader } from '@fintech-ledger/projection-runtime';

/** The raw events of a ledger, in order, as they were written. Answers `EventPage`. */
export class ReadEvents {
  constructor(
    readonly reader: Reader,
    readonly request: {
      /** Inclusive. */
      readonly fromRevision: number;
      readonly limit: number;
      readonly type?: string;
      /** Only events that touch this account. */
      readonly account?: string;
    },
  ) {}
}

export interface EventPage {
  readonly events: readonly RecordedEvent[];
  /** Where the next page begins; null: this was the last one. A page may be short, even empty, and not be the last. */
  readonly nextRevision: number | null;
  /** The ledger's last revision, -1 when it has no events. */
  readonly revision: number;
}
