import { describeEventStoreContract } from './contract-suite';
import { freshStream, someEvents } from './contract/contract-subject';
import { MemoryEventStore } from './adapters/memory/memory-event-store';
import { globalPosition, PositionUnknown, StoreUnavailable } from './port';

const store = new MemoryEventStore();
afterAll(() => store.close());

describeEventStoreContract('memory', {
  store: () => store,
  log: () => store,
  openAnother: () => undefined,
  damage: {
    cutOff: (stream, before) => store.truncate(stream, before),
    remove: (stream) => store.delete(stream),
  },
});

it('memory: close ends subscriptions and refuses calls', async () => {
  const closing = new MemoryEventStore();
  const batches = closing.subscribe({ streamPrefixes: [''] })[Symbol.asyncIterator]();
  const next = batches.next();
  await closing.close();
  expect((await next).done).toBe(true);
  await expect(closing.append(freshStream(), 'any', someEvents(1))).rejects.toThrow(StoreUnavailable);
});

it('memory: a position that it never gave ends the iteration', async () => {
  const batches = store.subscribe({ streamPrefixes: [''], after: globalPosition('999999999') });
  await expect(batches[Symbol.asyncIterator]().next()).rejects.toThrow(PositionUnknown);
});
