import type { EventMetadata } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';

/** The chain hash that an event carries; empty when it carries none. */
export function knownHashOf({ metadata }: Pick<RecordedEvent, 'metadata'>): string {
  try {
    return (JSON.parse(metadata) as Partial<EventMetadata>).hash ?? '';
  } catch {
    return '';
  }
}
