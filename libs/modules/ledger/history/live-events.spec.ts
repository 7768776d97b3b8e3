import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { EventStore, SubscribeOptions, Subscription } from '@fintech-ledger/event-store';
import { seededRandom } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { EventHub } from './event-hub';
import { liveEvents } from './live-events';

/** Counts what is asked of the store. */
class CountingStore extends MemoryEventStore {
  subscribed = 0;
  open = 0;

  override subscribe(options: SubscribeOptions): Subscription {
    this.subscribed += 1;
    this.open += 1;
    const subscription = super.subscribe(options);
    let isOpen = true;
    return {
      [Symbol.asyncIterator]: () => subscription[Symbol.asyncIterator](),
      close: () => {
        if (isOpen) this.open -= 1;
        isOpen = false;
        return subscription.close();
      },
    };
  }
}

const streamOf = (index: number): string => `journal-led_${index}`;

async function append(store: EventStore, stream: string, count: number, bytes = 1): Promise<void> {
  const event = () => ({
    id: randomUUID(),
    type: 'TransactionPosted',
    data: JSON.stringify('x'.repeat(bytes)),
    metadata: '{}',
  });
  await store.append(stream, 'any', Array.from({ length: count }, event));
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes revisions until it has so many; `pause` comes before each batch. */
async function revisions(
  events: AsyncGenerator<readonly { readonly revision: number }[]>,
  count: number,
  pause: () => Promise<void> = turn,
): Promise<readonly number[]> {
  const seen: number[] = [];
  for await (const batch of events) {
    seen.push(...batch.map(({ revision }) => revision));
    if (seen.length >= count) break;
    await pause();
  }
  return seen;
}

const upTo = (count: number, from = 0): readonly number[] =>
  Array.from({ length: count - from }, (_, index) => from + index);

describe('streams of events', () => {
  it('share one subscription, which is closed with the last of them', async () => {
    const store = new CountingStore();
    const hub = new EventHub(store);
    const ending = new AbortController();
    for (let index = 0; index < 3; index += 1) await append(store, streamOf(index), 5);
    const all = Array.from({ length: 60 }, (_, index) =>
      revisions(liveEvents({ store, hub }, streamOf(index % 3), index % 4, ending.signal), 10 - (index % 4)),
    );
    await turn();
    for (let index = 0; index < 3; index += 1) await append(store, streamOf(index), 5);
    for (const [index, seen] of (await Promise.all(all)).entries()) expect(seen).toEqual(upTo(10, index % 4));
    expect(store.subscribed).toBe(1);
    expect(store.open).toBe(0);
    await append(store, streamOf(0), 1);
    expect(await revisions(liveEvents({ store, hub }, streamOf(0), 0, ending.signal), 11)).toEqual(upTo(11));
    expect(store.open).toBe(0);
  });

  it('have neither gap nor repetition, however fast it comes and slowly it is taken', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const random = seededRandom(seed);
      const store = new CountingStore();
      const hub = new EventHub(store);
      const { signal } = new AbortController();
      const count = 200;
      const slowly = async (): Promise<void> => {
        for (let turns = Math.floor(random() * 20); turns > 0; turns -= 1) await turn();
      };
      const readers = [turn, slowly, slowly].map((pause) =>
        revisions(liveEvents({ store, hub }, streamOf(0), 0, signal), count, pause),
      );
      for (let done = 0; done < count;) {
        const more = Math.min(count - done, 1 + Math.floor(random() * 10));
        // Large enough that a tail holds a few of them only.
        await append(store, streamOf(0), more, 20_000);
        await append(store, streamOf(1), 1);
        done += more;
        if (random() < 0.7) await turn();
      }
      for (const seen of await Promise.all(readers)) expect(seen).toEqual(upTo(count));
      expect(store.open).toBe(0);
      await store.close();
    }
  });

  it('end when nobody listens any more, and when the store is closed', async () => {
    const store = new CountingStore();
    const hub = new EventHub(store);
    const ending = new AbortController();
    await append(store, streamOf(0), 1);
    const ended = revisions(liveEvents({ store, hub }, streamOf(0), 0, ending.signal), 2);
    const failed = revisions(liveEvents({ store, hub }, streamOf(0), 0, new AbortController().signal), 2);
    await turn();
    ending.abort();
    expect(await ended).toEqual([0]);
    await turn();
    await store.close();
    await expect(failed).rejects.toThrow('closed');
  });
});
