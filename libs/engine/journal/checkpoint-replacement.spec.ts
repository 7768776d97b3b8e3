import { ledgerDomain } from '@fintech-ledger/ledger';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore, revision, StoreUnavailable } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { CheckpointCorrupt } from './checkpoint-store';
import { WriterUnavailable } from './gateway';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';
import type { JournalLimits } from './writer-dependencies';

const stream = 'journal-led_1';

function open(
  eventStore: EventStore,
  checkpoints: MemoryCheckpointStore,
  limits: Partial<JournalLimits> = {},
) {
  const seen = { replayed: -1, distrusted: 0 };
  const observer = {
    ...silentObserver,
    loaded: (_stream: string, _revision: number, replayed: number) => (seen.replayed = replayed),
    checkpointDropped: () => (seen.distrusted += 1),
  };
  const clock = { nowMs: () => Date.now() };
  const newCommandId = (): string => crypto.randomUUID();
  const dependencies = { domain: ledgerDomain, eventStore, checkpoints, clock, observer, newCommandId };
  const writer = new JournalWriter(stream, dependencies, { cacheRecords: 1_000, limits });
  return { writer, seen };
}

const account = (address: string): LedgerCommand => ({
  type: 'OpenAccount',
  address,
  accountType: 'liability',
  currency: 'USD',
  minBalance: null,
});

const send = (writer: ReturnType<typeof open>['writer'], command: LedgerCommand, idempotencyKey?: string) =>
  writer.submit({
    stream,
    organizationId: 'org_1',
    actor: 'key_1',
    correlationId: 'req_1',
    command,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey, requestHash: idempotencyKey }),
  });

/** A journal of 100 accounts, each opened under a key, with a checkpoint of all of them. */
async function journal() {
  const store = new MemoryEventStore();
  const checkpoints = new MemoryCheckpointStore();
  const { writer } = open(store, checkpoints);
  await writer.load();
  for (let i = 0; i < 100; i += 1) await send(writer, account(`acc:${i}`), `k${i}`);
  await writer.close();
  expect(await checkpoints.loadHead(stream)).toMatchObject({ revision: 99 });
  return { store, checkpoints };
}

/** Lets what the writer does after a load end. */
async function settled(checkpoints: MemoryCheckpointStore, revision: number): Promise<void> {
  for (let i = 0; i < 1_000; i += 1) {
    const head = await checkpoints.loadHead(stream);
    if (head?.revision === revision && checkpoints.replacedCount(stream) === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a checkpoint that does not hold', () => {
  it('is replaced by a replay, and deleted only when that has succeeded', async () => {
    const { store, checkpoints } = await journal();
    const counts: number[] = [];
    const save = checkpoints.save.bind(checkpoints);
    jest.spyOn(checkpoints, 'save').mockImplementation(async (...args) => {
      const outcome = await save(...args);
      counts.push(checkpoints.replacedCount(stream));
      return outcome;
    });
    jest.spyOn(checkpoints, 'loadHead').mockRejectedValueOnce(new CheckpointCorrupt('edited', stream));
    const { writer, seen } = open(store, checkpoints, { replayDirtyMax: 20, catchUpEvents: 10 });
    await writer.load();
    expect(seen).toEqual({ replayed: 100, distrusted: 1 });
    await settled(checkpoints, 99);
    expect(counts.length).toBeGreaterThan(3);
    expect(counts.every((count) => count === 1)).toBe(true);
    expect(checkpoints.replacedCount(stream)).toBe(0);
    expect(await send(writer, account('acc:7'), 'k7')).toMatchObject({ kind: 'accepted', replayed: true });
    await writer.close();
  });

  it('stays when the replay fails', async () => {
    const { store, checkpoints } = await journal();
    await checkpoints.distrust(stream);
    const readStream = store.readStream.bind(store);
    // A journal that lost its beginning.
    jest
      .spyOn(store, 'readStream')
      .mockImplementation((name, options) =>
        readStream(name, { ...options, from: revision(Math.max(options.from ?? 0, 30)) }),
      );
    const { writer } = open(store, checkpoints, { replayDirtyMax: 20, catchUpEvents: 10 });
    await expect(writer.load()).rejects.toThrow('follows');
    expect(checkpoints.replacedCount(stream)).toBe(1);
  });

  it('is replaced by a replay that was killed and goes on from what it had saved', async () => {
    const { store, checkpoints } = await journal();
    await checkpoints.distrust(stream);
    const readStream = store.readStream.bind(store);
    const read = jest.spyOn(store, 'readStream').mockImplementation((name, options) => {
      if ((options.from ?? 0) >= 60) throw new StoreUnavailable('killed');
      return readStream(name, options);
    });
    const limits = { replayDirtyMax: 20, catchUpEvents: 10 };
    await expect(open(store, checkpoints, limits).writer.load()).rejects.toThrow('killed');
    const half = await checkpoints.loadHead(stream);
    expect(half?.revision).toBeGreaterThan(10);
    expect(half?.revision).toBeLessThan(60);
    expect(checkpoints.replacedCount(stream)).toBe(1);

    read.mockRestore();
    const { writer, seen } = open(store, checkpoints, limits);
    await writer.load();
    expect(seen).toEqual({ replayed: 99 - (half?.revision ?? 0), distrusted: 0 });
    for (const i of [0, 50, 99]) {
      expect(await send(writer, account(`acc:${i}`), `k${i}`)).toMatchObject({ replayed: true });
      expect(await send(writer, account(`acc:${i}`))).toMatchObject({ kind: 'refused' });
    }
    await writer.close();
    await open(store, checkpoints).writer.load();
    await settled(checkpoints, 99);
    expect(checkpoints.replacedCount(stream)).toBe(0);
  });

  it('is noticed when it is saved, too', async () => {
    const { store, checkpoints } = await journal();
    const { writer, seen } = open(store, checkpoints, { checkpointDirtyMax: 1 });
    await writer.load();
    await settled(checkpoints, 99);
    jest.spyOn(checkpoints, 'save').mockRejectedValueOnce(new CheckpointCorrupt('a page was edited', stream));
    expect(await send(writer, account('new'), 'new')).toMatchObject({ kind: 'accepted' });
    await settled(checkpoints, 100);
    expect(seen.distrusted).toBe(1);
    expect(writer.isStopped).toBe(false);
    expect(await send(writer, account('new'), 'new')).toMatchObject({ kind: 'accepted', replayed: true });
    expect(await checkpoints.loadHead(stream)).toMatchObject({ revision: 100 });
    await writer.close();
  });
});

it('keeps a checkpoint that is beyond the journal, and does not write that ledger', async () => {
  const { store, checkpoints } = await journal();
  const older = new MemoryEventStore();
  const first = await store.readStream(stream, { limit: 90 });
  await older.append(stream, 'no_stream', first);
  const { writer } = open(older, checkpoints);
  await expect(writer.load()).rejects.toThrow(WriterUnavailable);
  expect(await checkpoints.loadHead(stream)).toMatchObject({ revision: 99 });
});
