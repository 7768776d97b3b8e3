import { journalPrefix } from '@fintech-ledger/envelope';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import type { JournalEvent } from './event';

/** The events of journals among all. */
export function* journalEvents(events: readonly DecodedEvent[]): Generator<JournalEvent> {
  for (const event of events) if (event.prefix === journalPrefix) yield event as JournalEvent;
}
