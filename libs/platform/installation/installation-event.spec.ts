import { installationStream } from '@fintech-ledger/envelope';
import { MemoryEventStore, readBytesMax, revision } from '@fintech-ledger/event-store';
import { randomUUID } from 'node:crypto';
import { readInstallationIds } from './installation-event';

describe('reading the stream of the installation', () => {
  it('goes on behind a page that its size has cut short', async () => {
    const store = new MemoryEventStore();
    const event = (type: string, data: object) => ({
      id: randomUUID(),
      type,
      data: JSON.stringify(data),
      metadata: '{}',
    });
    const large = 'x'.repeat(readBytesMax / 3);
    for (let at = 0; at < 4; at += 1)
      await store.append(installationStream, at === 0 ? 'no_stream' : revision(at - 1), [
        event('OlderStoreAccepted', { large }),
      ]);
    await store.append(installationStream, revision(3), [
      event('InstallationCreated', { installation_id: 'behind' }),
    ]);
    expect(await store.readStream(installationStream, { limit: 1_000 })).not.toHaveLength(5);
    expect(await readInstallationIds(store)).toEqual(['behind']);
  });
});
