import { MemoryEventStore } from './adapters/memory/memory-event-store';
import { describeEventStoreContract } from './contract-suite';
import { someEvents, take } from './contract/contract-subject';
import { WrongExpectedRevision } from './port';
import { prefixedEventStore } from './prefixed-event-store';

const shared = new MemoryEventStore();
const first = prefixedEventStore(shared, 'fl_aaaaaaaa-');
const second = prefixedEventStore(shared, 'fl_bbbbbbbb-');
const unprefixed = prefixedEventStore(shared, '');
afterAll(() => shared.close());

describeEventStoreContract('with a prefix, on a shared store', {
  store: () => first,
  log: () => first,
  openAnother: () => undefined,
});

describe('prefixedEventStore', () => {
  it('keeps installations on one store apart, also from one without a prefix', async () => {
    const stores = [first, second, unprefixed];
    const all = stores.map(() => someEvents(2));
    for (const [index, store] of stores.entries())
      await store.append('journal-led_1', 'no_stream', all[index] ?? []);
    for (const [index, store] of stores.entries()) {
      const ids = all[index]?.map(({ id }) => id);
      const read = await store.readStream('journal-led_1', { limit: 10 });
      expect(read.map(({ id, stream }) => [id, stream])).toEqual(ids?.map((id) => [id, 'journal-led_1']));
      const subscription = store.subscribe({ streamPrefixes: ['journal-led_', 'org-'] });
      const [last, ...others] = (await take(subscription, 2)).reverse();
      expect([last?.id, last?.stream, others.length]).toEqual([ids?.[1], 'journal-led_1', 1]);
    }
  });

  it('names the stream in a conflict as its caller does', async () => {
    await first.append('journal-led_2', 'no_stream', someEvents(1));
    await expect(first.append('journal-led_2', 'no_stream', someEvents(1))).rejects.toThrow(
      new WrongExpectedRevision('journal-led_2', 'no_stream', 0 as never),
    );
  });
});
