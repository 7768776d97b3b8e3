import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { JournalFact } from '@fintech-ledger/ledger/domain';
import type { ProofBundleLine } from './ndjson-records';

export interface ExportOptions {
  /** Of CSV: what a spreadsheet would take for a formula begins with an apostrophe. */
  readonly isSafe?: boolean;
}

/** What an export reads. */
export interface ExportSource {
  readonly ledger: {
    readonly id: string;
    readonly name: string;
    /** The module that manages the accounts below its name, if one does. */
    readonly managed?: string | undefined;
  };
  /** The last revision that the export holds, -1: none. */
  readonly revision: number;
  /** The ledger's events from the first to that revision, in order. */
  events(): AsyncIterable<RecordedEvent>;
  /** What proves an export of it, made when all its events were read. @param linesSha256 of the lines before, hex */
  readonly bundle?: (linesSha256: string) => Promise<ProofBundleLine>;
  /** A declared unit that is not an ISO 4217 currency. */
  unit(code: string): Promise<{ readonly exponent: number; readonly name: string } | null>;
}

/** An event as an export needs it. `effectiveAt`: when it counts, RFC 3339. */
export interface ExportedEvent {
  /** Of whichever module: it stands in the ledger's journal. */
  readonly event: JournalFact;
  readonly revision: number;
  readonly effectiveAt: string;
  /** Under which its command came, if it had one, and what that command asked for. */
  readonly idempotencyKey?: string;
  readonly requestHash?: string;
}

type Origin = Pick<ExportedEvent, 'effectiveAt' | 'idempotencyKey' | 'requestHash'>;

export async function* exportedEvents(source: ExportSource): AsyncGenerator<ExportedEvent> {
  for await (const { type, data, metadata, revision } of source.events()) {
    const { effectiveAt, idempotencyKey, requestHash } = JSON.parse(metadata) as Origin;
    yield {
      event: { type, data: JSON.parse(data) as object },
      revision,
      effectiveAt,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(requestHash === undefined ? {} : { requestHash }),
    };
  }
}
