import type { JournalEvent, ReadModelEvent } from './event';

/** The events of journals among all. */
export function* journalEvents(events: readonly ReadModelEvent[]): Generator<JournalEvent> {
  for (const event of events) if (event.kind === 'journal') yield event;
}
