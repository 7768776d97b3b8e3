import { messageOf } from '@fintech-ledger/contract';
import { journalStream } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';

/** Why the event store can't be read; undefined when it can. */
export async function eventStoreProblem(store: Pick<EventStore, 'readStream'>): Promise<string | undefined> {
  try {
    await store.readStream(journalStream('health'), { direction: 'backwards', limit: 1 });
    return undefined;
  } catch (error) {
    return `The event store is unavailable: ${messageOf(error)}.`;
  }
}
