import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { HaltCause } from '@fintech-ledger/projection-runtime';
import { recordBytes } from './split-rounds';

/** Kafka takes all but this record of a stream, which is halted there. */
export class RecordRefused extends Error implements HaltCause {
  override readonly name = 'RecordRefused';
  readonly haltCode = 'record_refused';
  constructor(
    { stream, revision, type, id, data, metadata }: RecordedEvent,
    reason: string,
    /** `max.message.bytes` of the topic when the relay opened it. */
    recordBytesMax: number,
  ) {
    const bytes = recordBytes({ stream, type, data, metadata });
    super(
      `Kafka refused event ${stream}@${revision} (${type}, ${id}), a record of at most ${bytes} bytes: ${reason}. ` +
        `If it is too large, raise max.message.bytes of the topic (${recordBytesMax} when the relay started); it is tried again automatically`,
    );
  }
}
