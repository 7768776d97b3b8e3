import type { Config } from '@fintech-ledger/config';
import type { LogReader } from '@fintech-ledger/event-store';
import type { Logger } from '@fintech-ledger/logging';
import type { Installation } from './installation';
import { openEventStore } from './open-event-store';
import { openPool } from './open-pool';

/** One asks for the log, another whose store it is. */
const connections = 2;

/** The log of the event store over connections of its own: nothing else in this process can make who reads it wait. */
export async function openLog(
  config: Pick<Config, 'eventStoreUrl'>,
  context: {
    readonly databaseUrl: string;
    readonly installation: Installation;
    readonly log: Logger;
  },
): Promise<{ readonly log: LogReader; close(): Promise<void> }> {
  const { databaseUrl, installation, log } = context;
  const database = openPool(databaseUrl, 'log', connections);
  // Its alarms are raised where the store itself is opened.
  const alarms = { raise: () => false, clear: () => false };
  const { store } = await openEventStore(config, { database, installation, log, alarms });
  return {
    log: store,
    async close() {
      await store.close();
      await database.close();
    },
  };
}
