import { ConfigInvalid } from '@fintech-ledger/config';
import type { Config } from '@fintech-ledger/config';
import { EventStoreUrlInvalid, openEventStoreDb, PostgresEventStore } from '@fintech-ledger/event-store';
import type { EventStoreWithLog } from '@fintech-ledger/event-store';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';

/**
 * The event store of this installation: EventStoreDB when EVENT_STORE_URL is set, else tables of the database. Either connects with
 * its first call.
 * @param database for the tables; not closed by the store
 * @param onLost told when the connection was lost, as far as it is noticed: the next one may be to another server
 * @throws ConfigInvalid the connection string has a mistake, which is named
 */
export async function createEventStore(
  {
    eventStoreUrl,
    eventStoreAppendBytesMax,
  }: Pick<Config, 'eventStoreUrl'> & Partial<Pick<Config, 'eventStoreAppendBytesMax'>>,
  {
    database,
    log,
    onLost,
  }: { readonly database: Database; readonly log: Logger; readonly onLost?: () => void },
): Promise<EventStoreWithLog> {
  if (eventStoreUrl === undefined) return new PostgresEventStore({ database });
  try {
    return await openEventStoreDb({
      url: eventStoreUrl,
      ...(eventStoreAppendBytesMax !== undefined && { serverAppendBytesMax: eventStoreAppendBytesMax }),
      onSubscriptionLost(err) {
        log.warn({ err }, 'a subscription was lost: opening it again');
        onLost?.();
      },
    });
  } catch (error) {
    if (!(error instanceof EventStoreUrlInvalid)) throw error;
    throw new ConfigInvalid([`EVENT_STORE_URL can't be used: ${error.message}`]);
  }
}
