import { MemoryEventStore, OutcomeUnknown, revision, StoreUnavailable } from '@fintech-ledger/event-store';
import { setTimeout as sleep } from 'node:timers/promises';
import { WatchedEventStore } from './watched-event-store';

const timing = { blipMs: 60, probeMs: 10, probeMsMax: 80, probeTimeoutMs: 50, hangMs: 40, idleMs: 50 };
const event = () => ({ id: crypto.randomUUID(), type: 'T', data: '{}', metadata: '{}' });

/** A store that does as it is told, and its watch. */
function watched(changed: Partial<typeof timing> = {}) {
  const memory = new MemoryEventStore();
  const world = {
    is: 'there' as 'there' | 'unavailable' | 'silent' | 'full',
    asked: 0,
    changes: [] as boolean[],
  };
  const append: MemoryEventStore['append'] = async (stream, expected, events) => {
    world.asked += 1;
    if (world.is === 'unavailable') throw new StoreUnavailable('connection refused');
    if (world.is === 'silent') return new Promise(() => undefined);
    // A full disk answers whatever writes nothing.
    const isProbe = events[0]?.type === 'Probe';
    if (world.is === 'full' && !isProbe) throw new StoreUnavailable('no space left');
    return memory.append(stream, expected, events);
  };
  const inner = Object.assign(Object.create(memory) as MemoryEventStore, { append });
  const store = new WatchedEventStore(inner, {
    onChange: (isAvailable) => world.changes.push(isAvailable),
    probeStream: 'journal-probe',
    timing: { ...timing, ...changed },
  });
  let next = -1;
  const appendOne = async (): Promise<void> => {
    const at = next < 0 ? 'no_stream' : revision(next);
    await store.append('journal-a', at, [event()]);
    next += 1;
  };
  const until = async (isLost: boolean): Promise<void> => {
    while ((store.lost !== undefined) !== isLost) await sleep(2);
  };
  return { store, memory, world, appendOne, until };
}

describe('the watch over the event store', () => {
  it('bridges what ends soon', async () => {
    const { store, world, appendOne } = watched();
    world.is = 'unavailable';
    await expect(appendOne()).rejects.toThrow(StoreUnavailable);
    expect(store.lost).toBeUndefined();
    world.is = 'there';
    await appendOne();
    expect(world.changes).toEqual([]);
    await store.close();
  });

  it('knows that the store is unavailable, tells it once, fails reads at once, and notices that it is back', async () => {
    const { store, world, appendOne, until } = watched();
    let told = 0;
    store.onLost(() => (told += 1));
    await appendOne();
    world.is = 'unavailable';
    while (store.lost === undefined) {
      await appendOne().catch(() => undefined);
      await sleep(5);
    }
    expect(store.lost).toBe('connection refused');
    await expect(store.readStream('journal-a', { limit: 1 })).rejects.toThrow(StoreUnavailable);
    expect([told, world.changes]).toEqual([1, [false]]);
    world.is = 'there';
    await until(false);
    expect(world.changes).toEqual([false, true]);
    expect(await store.readStream('journal-a', { limit: 1 })).toHaveLength(1);
    await store.close();
  });

  it('notices without being used, and stores nothing by asking', async () => {
    const { store, memory, world, until } = watched();
    world.is = 'unavailable';
    await until(true);
    world.is = 'there';
    await until(false);
    expect(await memory.countAfter(undefined)).toBe(0);
    await store.close();
  });

  it('asks at the same pace for as long as it is unavailable', async () => {
    const { store, world, until } = watched({ probeMsMax: 3_600_000 });
    world.is = 'unavailable';
    await until(true);
    // Twice as long each time would be minutes by then.
    for (const enough = world.asked + 15; world.asked < enough;) await sleep(2);
    world.is = 'there';
    await until(false);
    await store.close();
  });

  it('notices a store that does not answer', async () => {
    const { store, world, appendOne, until } = watched();
    await appendOne();
    world.is = 'silent';
    void appendOne();
    await until(true);
    expect(store.lost).toContain('has not answered');
    world.is = 'there';
    await until(false);
    await store.close();
  });

  it('does not believe a store that answers and stores nothing', async () => {
    const { store, world, appendOne, until } = watched();
    await appendOne();
    world.is = 'full';
    while (store.lost === undefined) {
      await appendOne().catch(() => undefined);
      await sleep(5);
    }
    await until(false);
    // The first one that fails again is enough.
    await expect(appendOne()).rejects.toThrow(StoreUnavailable);
    expect(store.lost).toBe('no space left');
    world.is = 'there';
    await until(false);
    await appendOne();
    await store.close();
  });

  it('takes no offence at a single lost answer while others arrive', async () => {
    const { store, world, appendOne } = watched();
    await appendOne();
    const inner = jest.spyOn(MemoryEventStore.prototype, 'append');
    inner.mockRejectedValueOnce(new OutcomeUnknown('lost'));
    await store.append('journal-b', 'no_stream', [event()]).catch(() => undefined);
    inner.mockRestore();
    await appendOne();
    await sleep(2 * timing.blipMs);
    expect(world.changes).toEqual([]);
    await store.close();
  });
});
