import { MemoryEventStore } from './adapters/memory/memory-event-store';
import { globalPosition, PositionUnknown, StoreUnavailable } from './port';
import type { EventToAppend } from './port';
import { randomUUID } from 'node:crypto';
import { IdentifiedEventStore, WrongStore } from './identified-event-store';

const event = (): EventToAppend => ({ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' });

/** A store whose answer to the question whose it is the test decides. */
function identified(compareEveryMs = 20) {
  const inner = new MemoryEventStore();
  const said: (string | undefined)[] = [];
  const answer: { problem?: string; error?: Error } = {};
  let asked = 0;
  const store = new IdentifiedEventStore({
    store: inner,
    compare() {
      asked += 1;
      return answer.error ? Promise.reject(answer.error) : Promise.resolve(answer.problem);
    },
    onCompared: (problem) => said.push(problem),
    compareEveryMs,
  });
  return { inner, store, said, answer, asked: () => asked };
}

describe('IdentifiedEventStore', () => {
  it('asks before the first call, and writes nothing to another installation’s store', async () => {
    const { inner, store, answer, said } = identified();
    answer.problem = 'it is of another one';
    await expect(store.append('s', 'no_stream', [event()])).rejects.toThrow(WrongStore);
    await expect(store.readStream('s', { limit: 1 })).rejects.toThrow('it is of another one');
    expect(await inner.readStream('s', { limit: 1 })).toEqual([]);
    expect([store.wrong, said]).toEqual(['it is of another one', ['it is of another one']]);
    await store.close();
  });

  it('asks again after a failure that may have been a lost connection', async () => {
    const { inner, store, answer } = identified();
    await store.append('s', 'no_stream', [event()]);
    jest.spyOn(inner, 'append').mockRejectedValueOnce(new StoreUnavailable('the connection was lost'));
    answer.problem = 'it is empty';
    await expect(store.append('s', 'any', [event()])).rejects.toThrow('the connection was lost');
    await expect(store.append('s', 'any', [event()])).rejects.toThrow('it is empty');
    await store.close();
  });

  it('asks again after a position that is not known, and before the log is read from its beginning', async () => {
    const { store, answer, asked } = identified(60_000);
    await store.append('s', 'no_stream', [event()]);
    await expect(store.readAfter(globalPosition('999'), ['s'])).rejects.toThrow(PositionUnknown);
    const before = asked();
    await store.readStream('s', { limit: 1 });
    expect(asked()).toBe(before + 1);
    answer.problem = 'it is empty';
    await expect(store.readAfter(undefined, ['s'])).rejects.toThrow('it is empty');
    await store.close();
  });

  it('notices on its own, and goes on when the right store is back', async () => {
    const { inner, store, answer, said } = identified();
    const batches = store.subscribe({ streamPrefixes: [''] })[Symbol.asyncIterator]();
    await store.append('s', 'no_stream', [event()]);
    expect((await batches.next()).value).toHaveLength(1);
    answer.problem = 'it is empty';
    await until(() => said.includes('it is empty'));
    // What another store sends is not handed over.
    const next = batches.next();
    await inner.append('s', 'any', [event()]);
    await expect(Promise.race([next, after(100)])).resolves.toBe('nothing');
    delete answer.problem;
    await until(() => said.at(-1) === undefined && said.length > 2);
    expect((await next).value).toHaveLength(1);
    await store.append('s', 'any', [event()]);
    await store.close();
  });

  it('is unavailable as long as it can’t be told whose store it is', async () => {
    const { store, answer, said } = identified();
    answer.error = new StoreUnavailable('nobody answers');
    await expect(store.append('s', 'no_stream', [event()])).rejects.toThrow('nobody answers');
    expect([store.wrong, said]).toEqual([undefined, []]);
    delete answer.error;
    await store.append('s', 'no_stream', [event()]);
    await store.close();
  });
});

const after = (delayMs: number): Promise<'nothing'> =>
  new Promise((resolve) => setTimeout(resolve, delayMs, 'nothing'));

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !isSo(); await after(5)) {
    if (Date.now() > deadline) throw new Error('it did not come so far');
  }
}
