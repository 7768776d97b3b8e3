import { BrokenInvariant } from '@fintech-ledger/contract';
import type { DomainEvent, DomainRecord, JournalDomain, RecordChange, RecordView } from './domain';

/** What an event changes. @throws BrokenInvariant that names the event */
export function evolveEvent<C, E extends DomainEvent, R extends DomainRecord>(
  domain: JournalDomain<C, E, R>,
  state: RecordView<R>,
  event: E,
  at: { readonly stream: string; readonly revision: number; readonly recordedAt: string },
): readonly RecordChange<R>[] {
  try {
    return domain.evolve(state, event, at);
  } catch (error) {
    if (error instanceof BrokenInvariant) error.message = `${at.stream}@${at.revision}: ${error.message}`;
    throw error;
  }
}
