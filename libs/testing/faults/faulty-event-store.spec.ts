import { MemoryEventStore, OutcomeUnknown, revision, StoreUnavailable } from '@fintech-ledger/event-store';
import type { EventToAppend } from '@fintech-ledger/event-store';
import { randomUUID } from 'node:crypto';
import { FaultyEventStore } from './faulty-event-store';
import type { FaultRates } from './faulty-event-store';

const event = (): EventToAppend => ({
  id: randomUUID(),
  type: 'TransactionPosted',
  data: '{}',
  metadata: '{}',
});
const foreignEvents = (): EventToAppend[] => [event()];
const faulty = (rates: FaultRates, seed = 1): { inner: MemoryEventStore; store: FaultyEventStore } => {
  const inner = new MemoryEventStore();
  return { inner, store: new FaultyEventStore(inner, { seed, rates, foreignEvents }) };
};

describe('FaultyEventStore', () => {
  it('loses an answer after the append was written, a request before', async () => {
    const events = [event()];
    const answer = faulty({ loseAnswer: 1 });
    await expect(answer.store.append('s', 'no_stream', events)).rejects.toThrow(OutcomeUnknown);
    expect(await answer.inner.readStream('s', { limit: 1 })).toHaveLength(1);
    answer.store.rates = {};
    expect(await answer.store.append('s', 'no_stream', events)).toEqual({ revision: 0, repeated: true });

    const request = faulty({ loseRequest: 1 });
    await expect(request.store.append('s', 'no_stream', events)).rejects.toThrow(OutcomeUnknown);
    expect(await request.inner.readStream('s', { limit: 1 })).toHaveLength(0);
  });

  it('fails appends and reads without effect', async () => {
    const { inner, store } = faulty({ failAppend: 1, failRead: 1 });
    await expect(store.append('s', 'any', [event()])).rejects.toThrow(StoreUnavailable);
    await expect(store.readStream('s', { limit: 1 })).rejects.toThrow(StoreUnavailable);
    expect(await inner.countAfter(undefined)).toBe(0);
  });

  it('lets a foreign writer come first', async () => {
    const { inner, store } = faulty({});
    await store.append('s', 'no_stream', [event()]);
    store.rates = { conflict: 1 };
    await expect(store.append('s', revision(0), [event()])).rejects.toMatchObject({ actual: 1 });
    expect(await inner.readStream('s', { limit: 5 })).toHaveLength(2);
  });

  it('delivers again, but never out of order or with a gap', async () => {
    const { store } = faulty({ duplicate: 0.5 }, 7);
    for (let at = 0; at < 50; at += 1) await store.append('s', 'any', [event(), event()]);
    let next = 0;
    let repeated = 0;
    for await (const batch of store.subscribe({ streamPrefixes: [''], batchEventsMax: 9 })) {
      for (const { revision: at } of batch) {
        expect(at).toBeLessThanOrEqual(next);
        if (at === next) next += 1;
        else repeated += 1;
      }
      if (next === 100) break;
    }
    expect(repeated).toBeGreaterThan(0);
  });

  it('does the same for the same seed', async () => {
    const run = async (seed: number): Promise<string> => {
      const { store } = faulty({ loseAnswer: 0.3, failAppend: 0.3 }, seed);
      let outcome = '';
      for (let at = 0; at < 40; at += 1) {
        outcome += await store.append('s', 'any', [event()]).then(
          () => '.',
          (error: unknown) => (error instanceof OutcomeUnknown ? '?' : '!'),
        );
      }
      return outcome;
    };
    expect(await run(3)).toBe(await run(3));
    expect(await run(3)).not.toBe(await run(4));
  });
});
