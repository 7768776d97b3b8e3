import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { ledgerDomain } from '@fintech-ledger/ledger';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable } from './gateway';
import type { CommandOutcome } from './gateway';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';
import type { StoreAvailability } from './watched-event-store';

const stream = 'journal-led_1';

/** Something that answers nobody until it is released. */
function gate() {
  let release = (): void => undefined;
  let arrived = (): void => undefined;
  const open = new Promise<void>((resolve) => (release = resolve));
  const someoneWaits = new Promise<void>((resolve) => (arrived = resolve));
  return {
    release,
    someoneWaits,
    pass: (): Promise<void> => {
      arrived();
      return open;
    },
  };
}

async function writerOn(
  store = new MemoryEventStore(),
  checkpoints = new MemoryCheckpointStore(),
  availability?: StoreAvailability,
) {
  const writer = new JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>(
    stream,
    {
      domain: ledgerDomain,
      eventStore: store,
      checkpoints,
      clock: { nowMs: () => Date.now() },
      observer: silentObserver,
      newCommandId: () => crypto.randomUUID(),
      ...(availability && { availability }),
    },
    { cacheRecords: 1_000, limits: {} },
  );
  await writer.load();
  /** Its caller waits for 150 ms unless it says otherwise. */
  const open = (address: string, more: object = {}): Promise<CommandOutcome | Error> => {
    const command = { type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' } as const;
    const deadline = performance.now() + 150;
    const envelope = { stream, organizationId: 'org_1', actor: 'key_1', correlationId: 'c' };
    return writer
      .submit({ ...envelope, command, deadline, ...more })
      .catch((error: unknown) => error as Error);
  };
  const opened = async (): Promise<string[]> =>
    (await store.readStream(stream, { limit: 100 })).map(
      ({ data }) => (JSON.parse(data) as { account: { address: string } }).account.address,
    );
  return { writer, store, open, opened };
}

describe('a caller whose time is over', () => {
  it('is told so also when its writer has ended, because the store was lost, and sees its append through', async () => {
    const lost: { reason: string | undefined; tell: () => void } = {
      reason: undefined,
      tell: () => undefined,
    };
    const availability = {
      get lost() {
        return lost.reason;
      },
      onLost(listener: () => void) {
        lost.tell = listener;
        return () => undefined;
      },
    };
    const { writer, store, open, opened } = await writerOn(undefined, undefined, availability);
    const append = store.append.bind(store);
    const hanging = gate();
    let isStored = false;
    jest.spyOn(store, 'append').mockImplementation(async (...call) => {
      await hanging.pass();
      return append(...call).finally(() => (isStored = true));
    });
    const first = open('a');
    await hanging.someoneWaits;
    lost.reason = 'it hangs';
    lost.tell();
    expect(writer.isStopped).toBe(true);
    expect(await first).toBeInstanceOf(CommandOutcomeUnknown);
    expect(isStored).toBe(false);
    hanging.release();
    while (!isStored) await new Promise((resolve) => setImmediate(resolve));
    expect(await opened()).toEqual(['a']);
  });

  it('is told what is known: nothing of what is in flight, and that nothing was booked of what waits behind it', async () => {
    const { writer, store, open, opened } = await writerOn();
    const append = store.append.bind(store);
    const hanging = gate();
    jest.spyOn(store, 'append').mockImplementation(async (...call) => {
      await hanging.pass();
      return append(...call);
    });
    const keyed = { idempotencyKey: 'k', requestHash: 'h' };
    const first = open('a', keyed);
    await hanging.someoneWaits;
    const [replay, refused, dryRun, decided] = [
      open('a', keyed),
      open('a'),
      open('b', { dryRun: true }),
      open('c'),
    ];
    const patient = open('d', { deadline: performance.now() + 60_000 });
    for (const told of [first, replay]) expect(await told).toBeInstanceOf(CommandOutcomeUnknown);
    for (const told of [refused, dryRun, decided]) expect(await told).toBeInstanceOf(WriterUnavailable);
    expect(await open('e')).toBeInstanceOf(WriterUnavailable);
    hanging.release();
    expect(await patient).toMatchObject({ kind: 'accepted' });
    expect(await open('a', { ...keyed, deadline: undefined })).toMatchObject({ replayed: true });
    expect(await opened()).toEqual(['a', 'd']);
    await writer.close();
  });

  it('is told that nothing was booked while its records are looked up, and nothing is later on', async () => {
    const [store, checkpoints] = [new MemoryEventStore(), new MemoryCheckpointStore()];
    const before = await writerOn(store, checkpoints);
    await before.open('a');
    await before.writer.close();
    const { writer, open, opened } = await writerOn(store, checkpoints);
    const hanging = gate();
    const load = checkpoints.loadRecords.bind(checkpoints);
    jest.spyOn(checkpoints, 'loadRecords').mockImplementation(async (...call) => {
      await hanging.pass();
      return load(...call);
    });
    const patient = open('b', { deadline: performance.now() + 60_000 });
    expect(await open('c')).toBeInstanceOf(WriterUnavailable);
    expect(await open('d')).toBeInstanceOf(WriterUnavailable);
    hanging.release();
    expect(await patient).toMatchObject({ kind: 'accepted' });
    expect(await opened()).toEqual(['a', 'b']);
    await writer.close();
  });

  it('is told that it was booked when only the first answer can not be read', async () => {
    const { writer, store, open } = await writerOn();
    const keyed = { idempotencyKey: 'k', requestHash: 'h' };
    await open('a', keyed);
    const hanging = gate();
    jest.spyOn(store, 'readStream').mockImplementation(async () => {
      await hanging.pass();
      return [];
    });
    expect(await open('a', keyed)).toBeInstanceOf(AnswerUnavailable);
    writer.stop(new Error('the test is over'));
  });
});
