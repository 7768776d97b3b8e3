import type { EventStoreWithLog } from '../../log-reader';
import type { EventStoreDbOptions } from './eventstoredb-event-store';

/**
 * The event store in EventStoreDB. It connects with its first call. gRPC is loaded only here: who runs on Postgres does without it.
 * @throws EventStoreUrlInvalid
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStoreWithLog> {
  const { EventStoreDbEventStore } = await import('./eventstoredb-event-store.js');
  return new EventStoreDbEventStore(options);
}
