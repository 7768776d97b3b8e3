import { BrokenInvariant } from '@fintech-ledger/contract';
import type { Batch } from './batch';
import { AppendRoom } from './append-room';
import { BatchQueue } from './batch-queue';
import type { DomainRecord } from './domain';
import { DueQueue } from './due-queue';
import { DueRecords } from './due-records';
import { journalLimits } from './limits';
import { emptyStream, WriterPosition } from './writer-position';
import type { ChainTip } from './writer-position';
import { WriterState } from './writer-state';

const tip = (revision: number): ChainTip => ({ revision, chainHash: `hash ${revision}` });
const record = (key: string): { key: string; record: DomainRecord } => ({ key, record: {} as DomainRecord });

describe('the batches of a writer', () => {
  const store = { limits: { appendBytesMax: 1_000_000, appendEventsMax: 1_000 } };
  const sealedTo = (revision: number) => ({ events: [], bytes: 1, tip: tip(revision) });
  let batches: BatchQueue<unknown, DomainRecord>;
  const open = (from: number, to: number): Batch<unknown, DomainRecord> => {
    const batch = batches.openFor(sealedTo(to), from < 0 ? emptyStream : tip(from));
    batch.after = tip(to);
    return batch;
  };
  beforeEach(() => {
    batches = new BatchQueue(journalLimits, new AppendRoom(store as never, journalLimits));
  });

  it('are stored in order, one at a time', () => {
    const first = open(-1, 0);
    expect(batches.launch()).toBe(first);
    const second = open(0, 2);
    expect(() => batches.shift(first)).toThrow(BrokenInvariant);
    batches.landed();
    expect(() => batches.shift(second)).toThrow(BrokenInvariant);
    batches.shift(first);
    expect(() => batches.landed()).toThrow(BrokenInvariant);
    expect(batches.launch()).toBe(second);
  });

  it('take only events that follow', () => {
    open(-1, 2);
    expect(() => open(1, 3)).toThrow(BrokenInvariant);
    expect(() => open(3, 4)).toThrow(BrokenInvariant);
    expect(open(2, 3).after).toEqual(tip(3));
  });
});

describe('the state of a writer', () => {
  let state: WriterState<DomainRecord>;
  beforeEach(() => {
    state = new WriterState(10, 10);
  });

  it('pins nothing outside of a load', () => {
    for (const pin of [
      () => state.pin('a', null),
      () => state.hold('a'),
      () => state.pinKey('k', undefined),
      () => state.holdKey('k'),
      () => state.unpin(),
    ])
      expect(pin).toThrow(BrokenInvariant);
    state.startPinning();
    state.pin('a', null);
    state.unpin();
    expect(() => state.pin('a', null)).toThrow(BrokenInvariant);
    expect(() => state.unpin()).toThrow(BrokenInvariant);
  });

  it('gives its dirty records to one checkpoint at a time', () => {
    state.confirm([record('a')]);
    state.startFlush();
    state.confirm([record('b')]);
    expect(() => state.startFlush()).toThrow(BrokenInvariant);
    state.flushFailed();
    expect([...state.startFlush().records.keys()]).toEqual(['a', 'b']);
    state.flushed();
    expect(state.startFlush().records.size).toBe(0);
  });

  it('leaves a checkpoint that is being written all that it was given when it forgets everything', () => {
    const said = { requestHash: 'h', firstRevision: 1, lastRevision: 1 };
    state.confirm([record('a'), record('b')]);
    for (const key of ['k', 'l']) state.confirmKey(key, said);
    const { records, keys } = state.startFlush();
    state.clear();
    expect([[...records.keys()], [...keys.keys()]]).toEqual([
      ['a', 'b'],
      ['k', 'l'],
    ]);
    // What came after that is another state's: the end of the flush neither takes it in nor brings back what was forgotten.
    state.confirm([record('c')]);
    state.flushFailed();
    expect([state.has('a'), state.dirtyCount, state.isFlushing]).toEqual([false, 1, false]);
  });

  it('lets go what the checkpoint has, but not while commands at hand may need it', () => {
    state.confirm([record('a')]);
    state.startFlush();
    state.flushed();
    state.confirm([record('b')]);
    expect(state.isComplete).toBe(true);
    state.startPinning();
    state.evict();
    expect([state.has('a'), state.isComplete]).toEqual([true, true]);
    state.unpin();
    state.evict();
    expect([state.has('a'), state.has('b'), state.isComplete]).toEqual([false, true, false]);
    expect(state.held.cached).toBe(0);
    expect(state.held.unsaved).toBeGreaterThan(0);
  });
});

describe('what a writer holds for commands at hand', () => {
  const flush = (state: WriterState<DomainRecord>): void => {
    state.startFlush();
    state.flushed();
  };

  it('stays also where it was only decided when it was held, and a checkpoint is written meanwhile', () => {
    const state = new WriterState<DomainRecord>(4, 4);
    state.becomePartial();
    const held = record('held');
    state.speculate([held]);
    state.startPinning();
    state.hold('held');
    state.confirm([held]);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      state.confirm([record(key)]);
      flush(state);
    }
    expect([state.has('a'), state.has('held')]).toEqual([false, true]);
    state.unpin();
    expect(state.has('held')).toBe(false);
  });

  it('is the key of a command that was stored meanwhile, and not that there was none', () => {
    const state = new WriterState<DomainRecord>(4, 4);
    state.becomePartial();
    state.startPinning();
    state.pinKey('key', undefined);
    const said = { requestHash: 'h', firstRevision: 1, lastRevision: 1 };
    state.confirmKey('key', said);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      state.confirmKey(key, said);
      flush(state);
    }
    expect([state.knowsKey('key'), state.keyRecord('key')]).toEqual([true, said]);
  });
});

describe('the position of a writer', () => {
  it('moves only to events that were decided, from those that are stored', () => {
    const position = new WriterPosition({ nowMs: () => 0 }, 5_000);
    expect(() => position.stored(emptyStream, tip(0))).toThrow(BrokenInvariant);
    position.tip = tip(5);
    position.stored(emptyStream, tip(3));
    expect(() => position.stored(emptyStream, tip(4))).toThrow(BrokenInvariant);
    expect(() => position.stored({ ...tip(3), chainHash: 'another' }, tip(4))).toThrow(BrokenInvariant);
    expect(() => position.stored(tip(3), tip(6))).toThrow(BrokenInvariant);
    expect(position.confirmed).toEqual(tip(3));
  });
});

describe('what is due', () => {
  it('comes earliest first, or not at all', () => {
    const queue = new DueQueue();
    for (const day of ['03', '01', '02']) queue.push(day, `2026-01-${day}`);
    expect(queue.takeDue('2026-01-02', 10).map(({ key }) => key)).toEqual(['01', '02']);
    const { heap } = queue as unknown as { readonly heap: object[] };
    heap.push({ key: 'lost', dueAt: '2026-01-01' });
    expect(() => queue.takeDue('2026-01-03', 10)).toThrow(BrokenInvariant);
  });

  it('comes last at its time where that is said, and not before something has become of the others', () => {
    const queue = new DueQueue((key) => key.startsWith('last'));
    const keysOf = (limit: number, isLastTaken?: boolean): readonly string[] =>
      queue.takeDue('2026-01-02', limit, isLastTaken).map(({ key }) => key);
    for (const key of ['last-1', 'a', 'last-2', 'b', 'c']) queue.push(key, '2026-01-02');
    queue.push('last-0', '2026-01-01');
    expect(queue.isNextLast).toBe(true);
    expect(keysOf(10, false)).toEqual([]);
    expect(keysOf(3)).toEqual(['last-0', expect.stringMatching(/^[abc]$/), expect.stringMatching(/^[abc]$/)]);
    expect(keysOf(10, false)).toHaveLength(1);
    queue.putBack(['a'], new Map([['a', '2026-01-02']]));
    expect(queue.isNextLast).toBe(false);
    expect(keysOf(10)).toEqual(['a', expect.stringMatching(/^last/), expect.stringMatching(/^last/)]);
  });

  it('takes in nothing that comes last at the time from when on it lacks some', () => {
    const queue = new DueQueue((key) => key.startsWith('last'));
    for (const key of ['a', 'b', 'c', 'd']) queue.push(key, '2026-01-02');
    queue.trim(2);
    queue.push('last-1', '2026-01-02');
    queue.push('e', '2026-01-02');
    expect(queue.takeDue('2026-01-02', 10)).toHaveLength(3);
    expect(queue.isBeyondHorizon).toBe(true);
    // What was taken and not done is never left out.
    queue.putBack(['last-1'], new Map([['last-1', '2026-01-02']]));
    expect(queue.size).toBe(1);
  });

  it('is not lost where a checkpoint is written while it is read', async () => {
    interface Hold extends DomainRecord {
      readonly dueAt: string;
    }
    const hold = (key: string) => ({ key, record: { kind: 'hold', dueAt: '2026-01-02' } as unknown as Hold });
    const state = new WriterState<Hold>(10, 10);
    let answer = (): void => undefined;
    const loadDue = () =>
      new Promise((resolve) => (answer = () => resolve([{ key: 'known', dueAt: '2026-01-01' }])));
    const deps = {
      domain: { dueAt: (one: Hold) => one.dueAt },
      checkpoints: { loadDue },
      observer: {},
      clock: { nowMs: () => 0 },
    };
    const due = new DueRecords<unknown, never, Hold>(
      'journal-led_1',
      deps as never,
      state,
      new WriterPosition(deps.clock, 5_000),
      journalLimits,
      'one',
    );
    const confirm = (key: string): void => {
      state.confirm([hold(key)]);
      due.note([hold(key)]);
    };
    confirm('before');
    // Neither what is read nor what is dirty when it has come says them.
    state.startFlush();
    const reload = due.reload();
    confirm('meanwhile');
    state.flushed();
    state.startFlush();
    state.flushed();
    answer();
    await reload;
    expect([due.size, state.dirtyCount]).toEqual([3, 0]);
  });

  it('keeps the earliest records, and says from when on it lacks some', () => {
    const queue = new DueQueue();
    const times = Array.from(
      { length: 100 },
      (_, i) => `2026-01-01T00:00:${String(i % 60).padStart(2, '0')}Z`,
    );
    times.forEach((dueAt, i) => queue.push(`k${i}`, dueAt));
    queue.trim(30);
    expect(queue.size).toBe(30);
    const earliest = [...times].sort().slice(0, 30);
    expect(queue.horizon).toBe(earliest.at(-1));
    expect(queue.takeDue('2027', 100)).toHaveLength(30);
    queue.push('late', '2026-01-01T00:00:59Z');
    expect(queue.size).toBe(0);
  });
});
