import {
  AppendMisplaced,
  AppendRejected,
  AppendTooLarge,
  MemoryEventStore,
  OutcomeUnknown,
  revision,
  StoreUnavailable,
  WrongExpectedRevision,
} from '@fintech-ledger/event-store';
import { BrokenInvariant } from '@fintech-ledger/contract';
import { appendWithPatience } from './append-with-patience';

const event = { id: crypto.randomUUID(), type: 'T', data: '{}', metadata: '{}' };
const conflict = new WrongExpectedRevision('s', 'no_stream', null);

/** Fails as the list says, one after the other; then with the last one for ever, or not at all. */
async function outcomeAfter(errors: readonly Error[], isForEver = false): Promise<string> {
  const memory = new MemoryEventStore();
  const left = [...errors];
  const append: MemoryEventStore['append'] = (...parameters) => {
    const error = isForEver && left.length === 1 ? left[0] : left.shift();
    return error === undefined ? memory.append(...parameters) : Promise.reject(error);
  };
  const store = Object.assign(Object.create(memory) as MemoryEventStore, { append });
  const options = { patienceMs: isForEver ? 30 : 5_000, retryMs: 1, onUnknown: () => undefined };
  return appendWithPatience(store, 's', -1, [event], options).then(
    () => 'stored',
    (error: Error) => error.name,
  );
}

describe('an append with patience', () => {
  const lost = new OutcomeUnknown('the answer was lost');
  const others = [
    new StoreUnavailable('unavailable'),
    new AppendTooLarge('too large'),
    new AppendRejected('refused'),
    Object.assign(new Error('permission denied'), { sqlState: '42501' }),
    new TypeError('a bug'),
  ];

  it.each(others)('after an unknown outcome does not believe "%s"', async (error) => {
    expect(await outcomeAfter([lost, error], true)).toBe('OutcomeUnknown');
    expect(await outcomeAfter([lost, error])).toBe('stored');
  });

  it('after an unknown outcome is sure of a conflict only', async () => {
    expect(await outcomeAfter([lost, conflict])).toBe('WrongExpectedRevision');
  });

  it('takes what it does not know for unknown, the first time too', async () => {
    expect(await outcomeAfter([new Error('never heard of')], true)).toBe('OutcomeUnknown');
    expect(await outcomeAfter([new Error('never heard of'), new StoreUnavailable('x')], true)).toBe(
      'OutcomeUnknown',
    );
  });

  it('is sure that nothing was written when every attempt said so, and does not repeat what will not pass', async () => {
    expect(await outcomeAfter([new StoreUnavailable('unavailable')], true)).toBe('StoreUnavailable');
    expect(await outcomeAfter([new AppendTooLarge('too large')])).toBe('AppendTooLarge');
    expect(await outcomeAfter([new AppendRejected('refused')])).toBe('AppendRejected');
  });

  it('stops at a broken invariant', async () => {
    expect(await outcomeAfter([new BrokenInvariant('stored elsewhere')])).toBe('BrokenInvariant');
  });

  it.each([12, 1, -1])('is never acknowledged when it is %i elsewhere, nor sent again', async (by) => {
    const memory = new MemoryEventStore();
    let calls = 0;
    const append: MemoryEventStore['append'] = async (...call) => {
      calls += 1;
      const result = await memory.append(...call);
      return { ...result, revision: revision(result.revision + by) };
    };
    const store = Object.assign(Object.create(memory) as MemoryEventStore, { append });
    const options = { patienceMs: 5_000, retryMs: 1, onUnknown: () => undefined };
    const appended = appendWithPatience(store, 's', -1, [event], options);
    await expect(appended).rejects.toThrow(AppendMisplaced);
    await expect(appended).rejects.toMatchObject({ stream: 's', expected: 0, answered: by });
    expect(calls).toBe(1);
  });
});
