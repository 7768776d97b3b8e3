import { MemoryEventStore, StoreUnavailable } from '@fintech-ledger/event-store';
import { Unsent } from './unsent';

const recordedAt = '2026-01-02T03:04:05.678Z';

/** What is unsent of a store that can't count, as EventStoreDB can't. */
async function unsentOf(
  events: number,
  changed: Partial<Pick<MemoryEventStore, 'countAfter' | 'readStream' | 'subscribe'>> = {},
): Promise<Unsent> {
  const memory = new MemoryEventStore();
  for (let n = 0; n < events; n += 1)
    await memory.append(`journal-${n}`, 'no_stream', [
      { id: crypto.randomUUID(), type: 'T', data: '{}', metadata: JSON.stringify({ recordedAt }) },
    ]);
  const store = Object.assign(Object.create(memory) as MemoryEventStore, {
    countAfter: () => Promise.resolve(null),
    ...changed,
  });
  return new Unsent({ store, streamPrefixes: ['journal-'], checkpoint: () => Promise.resolve(undefined) });
}

/** As a subscription is while the store does not answer. */
const silent = (): ReturnType<MemoryEventStore['subscribe']> =>
  new MemoryEventStore().subscribe({ streamPrefixes: ['journal-'] });
const unavailable = (): never => {
  throw new StoreUnavailable('connection refused');
};

describe('what a topic does not have yet, of a store that can not count', () => {
  it('can not be told while there is something', async () => {
    const unsent = await unsentOf(2);
    await expect(unsent.count(undefined, new Map())).resolves.toBeNull();
    await expect(unsent.oldestMs(undefined, new Map())).resolves.toBe(Date.parse(recordedAt));
  });

  it('is nothing when the topic has all', async () => {
    const unsent = await unsentOf(2);
    const ends = new Map([[0, 2n]]);
    await expect(unsent.count(undefined, ends)).resolves.toBe(0);
    await expect(unsent.oldestMs(undefined, ends)).resolves.toBeNull();
  });

  it('is nothing when the store answers, and has nothing', async () => {
    await expect((await unsentOf(0)).count(undefined, new Map())).resolves.toBe(0);
  });

  it('can not be told, and is not nothing, while the store is silent', async () => {
    const unsent = await unsentOf(2, { subscribe: silent, readStream: unavailable });
    await expect(unsent.count(undefined, new Map())).rejects.toThrow(StoreUnavailable);
  });
});

describe('what a topic does not have yet, of a store that counts', () => {
  it('is what lies after what was sent', async () => {
    const unsent = await unsentOf(3, { countAfter: () => Promise.resolve(3) });
    await expect(unsent.count(undefined, new Map([[0, 1n]]))).resolves.toBe(2);
    await expect(unsent.count(undefined, new Map([[0, 4n]]))).resolves.toBe(0);
    await expect(unsent.oldestMs(undefined, new Map([[0, 3n]]))).resolves.toBeNull();
  });
});
