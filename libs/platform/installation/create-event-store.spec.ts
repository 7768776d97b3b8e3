import { ConfigInvalid } from '@fintech-ledger/config';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { createLogger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { startEventStoreDbServer } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { createEventStore } from './create-event-store';

// Nothing is asked of it here.
const context = { database: {} as Database, log: createLogger('silent', 'test') };

describe('createEventStore', () => {
  it('takes the tables of the database unless EVENT_STORE_URL is set', async () => {
    const store = await createEventStore({ eventStoreUrl: undefined }, context);
    expect(store).toBeInstanceOf(PostgresEventStore);
  });

  it('takes EventStoreDB when it is', async () => {
    const server = await startEventStoreDbServer();
    const store = await createEventStore({ eventStoreUrl: server.url }, context);
    const event = { id: randomUUID(), type: 'T', data: '{}', metadata: '{}' };
    expect(await store.append('s', 'no_stream', [event])).toEqual({ revision: 0, repeated: false });
    expect(server.log.records.at(-1)).toMatchObject({ stream: 's', contentType: 'application/json' });
    await store.close();
    await server.close();
  });

  it('names the mistake in a connection string, and not its password', async () => {
    const opening = createEventStore({ eventStoreUrl: 'esdb://u:secret@h?tsl=false' }, context);
    await expect(opening).rejects.toThrow(
      new ConfigInvalid([`EVENT_STORE_URL can't be used: the option "tsl" is unknown: did you mean tls`]),
    );
  });
});
