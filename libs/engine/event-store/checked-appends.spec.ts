import { MemoryEventStore } from './adapters/memory/memory-event-store';
import { checkedAppends } from './checked-appends';
import { freshStream, someEvents } from './contract/contract-subject';
import { AppendMisplaced, revision } from './port';
import type { EventStore } from './port';

/** A store whose answers are `by` revisions off. */
function shifted(by: number): EventStore {
  const memory = new MemoryEventStore();
  const append: EventStore['append'] = async (...call) => {
    const result = await memory.append(...call);
    return { ...result, revision: revision(result.revision + by) };
  };
  return checkedAppends(Object.assign(Object.create(memory) as EventStore, { append }));
}

describe('appends whose answered revision is checked', () => {
  it('are answered when they are where they were expected, the first time and again', async () => {
    const store = shifted(0);
    const stream = freshStream();
    const [first, second] = [someEvents(2), someEvents(3)];
    expect(await store.append(stream, 'no_stream', first)).toEqual({ revision: 1, repeated: false });
    expect(await store.append(stream, revision(1), second)).toEqual({ revision: 4, repeated: false });
    expect(await store.append(stream, 'no_stream', first)).toEqual({ revision: 1, repeated: true });
    expect(await store.append(stream, 'any', someEvents(1))).toEqual({ revision: 5, repeated: false });
  });

  it.each([12, 1, -1])('are never acknowledged when they are %i elsewhere', async (by) => {
    const store = shifted(by);
    const stream = freshStream();
    const append = store.append(stream, 'no_stream', someEvents(2));
    await expect(append).rejects.toThrow(AppendMisplaced);
    await expect(append).rejects.toMatchObject({ stream, expected: 1, answered: 1 + by });
    await expect(store.append(stream, revision(1), someEvents(1))).rejects.toThrow(AppendMisplaced);
  });
});
