import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { ledgerDomain } from '@fintech-ledger/ledger';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';
import { setTimeout as sleep } from 'node:timers/promises';
import { WriterUnavailable } from './gateway';
import type { CommandOutcome } from './gateway';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';

const stream = 'journal-led_1';

/** Something that lets nobody pass until it is opened. */
function gate() {
  let open = (): void => undefined;
  let arrived = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (open = resolve));
  const someoneWaits = new Promise<void>((resolve) => (arrived = resolve));
  const pass = (): Promise<void> => {
    arrived();
    return isOpen;
  };
  return { open, someoneWaits, pass };
}

async function writerOn(store: MemoryEventStore, checkpoints: MemoryCheckpointStore) {
  const writer = new JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>(
    stream,
    {
      domain: ledgerDomain,
      eventStore: store,
      checkpoints,
      clock: { nowMs: () => Date.now() },
      observer: silentObserver,
      newCommandId: () => crypto.randomUUID(),
    },
    { cacheRecords: 1_000, limits: {} },
  );
  await writer.load();
  const open = (address: string, waitsMs = 60_000): Promise<CommandOutcome | Error> => {
    const command = { type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' } as const;
    const deadline = performance.now() + waitsMs;
    const envelope = { stream, organizationId: 'org_1', actor: 'key_1', correlationId: 'c' };
    return writer.submit({ ...envelope, command, deadline }).catch((error: unknown) => error as Error);
  };
  return { writer, open };
}

/** A writer whose records are all in the checkpoint; the append of `late`, and the look-up of `cold`, wait at their gates. */
async function writerWithGates() {
  const [store, checkpoints] = [new MemoryEventStore(), new MemoryCheckpointStore()];
  const before = await writerOn(store, checkpoints);
  await before.open('first');
  await before.writer.close();
  const { writer, open } = await writerOn(store, checkpoints);
  const [appending, loading] = [gate(), gate()];
  const append = store.append.bind(store);
  jest.spyOn(store, 'append').mockImplementationOnce(async (...call) => {
    await appending.pass();
    return append(...call);
  });
  const load = checkpoints.loadRecords.bind(checkpoints);
  jest.spyOn(checkpoints, 'loadRecords').mockImplementation(async (of, keys) => {
    if (keys.some((key) => key.includes('cold'))) await loading.pass();
    return load(of, keys);
  });
  const opened = async (): Promise<string[]> =>
    (await store.readStream(stream, { limit: 100 })).map(
      ({ data }) => (JSON.parse(data) as { account: { address: string } }).account.address,
    );
  return { writer, store, open, opened, appending, loading };
}

describe('the commands of one caller', () => {
  it('keep their order where a deadline undoes what was decided while others are loading', async () => {
    const { writer, open, opened, appending, loading } = await writerWithGates();
    const first = open('late');
    await appending.someoneWaits;
    const [over, decided] = [open('over', 150), open('decided')];
    await sleep(20);
    const cold = open('cold');
    await loading.someoneWaits;
    expect(await over).toBeInstanceOf(WriterUnavailable);
    loading.open();
    await sleep(20);
    appending.open();
    for (const answer of [first, decided, cold]) expect(await answer).toMatchObject({ kind: 'accepted' });
    expect(await opened()).toEqual(['first', 'late', 'decided', 'cold']);
    await writer.close();
  });

  it('keep it where the append in flight ends before the others are loaded', async () => {
    const { writer, open, opened, appending, loading } = await writerWithGates();
    const first = open('late');
    await appending.someoneWaits;
    const [over, decided] = [open('over', 150), open('decided')];
    await sleep(20);
    const cold = open('cold');
    await loading.someoneWaits;
    expect(await over).toBeInstanceOf(WriterUnavailable);
    appending.open();
    await sleep(20);
    loading.open();
    for (const answer of [first, decided, cold]) expect(await answer).toMatchObject({ kind: 'accepted' });
    expect(await opened()).toEqual(['first', 'late', 'decided', 'cold']);
    await writer.close();
  });

  it.each(['before', 'after'])('keep it when others are loaded %s a conflict is over', async (when) => {
    const { writer, store, open, opened, appending, loading } = await writerWithGates();
    const decided = open('decided');
    await appending.someoneWaits;
    const cold = open('cold');
    await loading.someoneWaits;
    const other = await writerOn(store, new MemoryCheckpointStore());
    await other.open('other');
    other.writer.stop(new Error('the test has what it needs of it'));
    const catchingUp = gate();
    const read = store.readStream.bind(store);
    jest.spyOn(store, 'readStream').mockImplementationOnce(async (...call) => {
      await catchingUp.pass();
      return read(...call);
    });
    appending.open();
    await catchingUp.someoneWaits;
    if (when === 'before') loading.open();
    await sleep(20);
    catchingUp.open();
    await sleep(20);
    loading.open();
    for (const answer of [decided, cold]) expect(await answer).toMatchObject({ kind: 'accepted' });
    expect(await opened()).toEqual(['first', 'other', 'decided', 'cold']);
    await writer.close();
  });
});
