import { accessModule } from '@fintech-ledger/access';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { PublicEventRegistry } from '@fintech-ledger/events';
import { webhookEvents } from '@fintech-ledger/webhooks/domain';
import { randomUUID } from 'node:crypto';
import { webhooksModule } from '../webhooks.module';
import { hasUnreadChanges } from './unread-changes';

const registry = new PublicEventRegistry([accessModule, webhooksModule]);
const plain = 'ApiKeyCreated';

describe('changes of endpoints that their read model may lack', () => {
  let store: MemoryEventStore;
  beforeEach(() => (store = new MemoryEventStore()));
  const record = (...types: readonly string[]) =>
    store.append(
      'org-one',
      'any',
      types.map((type) => ({ id: randomUUID(), type, data: '{}', metadata: '{}' })),
    );
  const unread = (read: number) => hasUnreadChanges({ store, registry }, 'one', read);

  it('are none where it has all events, or lacks only those that change no endpoint', async () => {
    expect(await unread(-1)).toBe(false);
    await record(plain, ...webhookEvents.names, plain, plain);
    const last = webhookEvents.names.length + 2;
    for (const read of [last, last - 1, last - 2]) expect(await unread(read)).toBe(false);
    expect(await unread(last - 3)).toBe(true);
  });

  it.each([...webhookEvents.names, 'OfALaterRelease'])('may be what an event %s says', async (type) => {
    await record(plain, type, plain);
    expect(await unread(0)).toBe(true);
    expect(await unread(1)).toBe(false);
  });

  it('are supposed where it lacks more events than are looked at', async () => {
    for (let n = 0; n < 11; n += 1) await record(...Array.from({ length: 100 }, () => plain));
    expect(await unread(-1)).toBe(true);
    expect(await unread(500)).toBe(false);
  });
});
