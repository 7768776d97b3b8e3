import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver } from '@fintech-ledger/journal';
import type { CommandOutcome, EffectRunner, IntendedEffect } from '@fintech-ledger/journal';
import { carrierEvents } from '../../../testing/carrier/carrier-events';
import type { CallFacts } from '../../../testing/carrier/carrier-events';
import type { CarrierCommand } from '../../../testing/carrier/carrier-part';
import { FakeCarrier } from '../../../testing/carrier/fake-carrier';
import { joinedLedger } from '../../../testing/postage/joined-ledger';

const stream = 'journal-led_1';
const noon = Date.parse('2026-01-05T12:00:00.000Z');
const handOver: CarrierCommand = { type: 'HandOver', parcelId: 'p1', currency: 'USD' };
const never = { lost: 0, unanswered: 0, refused: 0 };

const writers: { stop(reason: Error): void }[] = [];
// No effect outlives its test.
afterEach(() => {
  for (const writer of writers.splice(0)) writer.stop(new Error('the test is over'));
});

/** A process that writes the ledger, and what its effects are done by. */
async function start(runner: EffectRunner, stores = memory(), nowMs = () => noon) {
  const failed: string[] = [];
  const writer = new JournalWriter(
    stream,
    {
      domain: joinedLedger,
      ...stores,
      clock: { nowMs },
      effects: runner,
      observer: { ...silentObserver, effectFailed: ({ key }, reason) => failed.push(`${key}: ${reason}`) },
      newCommandId: () => crypto.randomUUID(),
    },
    {
      cacheRecords: 100,
      limits: { appendRetryMs: 1, appendPatienceMs: 50, effectsRunningMax: 2, effectsWaitingMax: 3 },
    },
  );
  writers.push(writer);
  await writer.load();
  const submit = (command: CarrierCommand, more: object = {}): Promise<CommandOutcome> =>
    writer.submit({
      stream,
      organizationId: 'org_1',
      actor: 'key_1',
      correlationId: 'r',
      command,
      ...more,
    });
  return { writer, submit, stores, failed };
}
const memory = () => ({ eventStore: new MemoryEventStore(), checkpoints: new MemoryCheckpointStore() });
type Stores = ReturnType<typeof memory>;

async function eventsOf({ eventStore }: Stores) {
  const events = await eventStore.readStream(stream, { limit: 1_000 });
  return events.map(({ type, data, metadata }) => ({
    type,
    call: (JSON.parse(data) as { call: CallFacts }).call,
    metadata: JSON.parse(metadata) as { idempotencyKey?: string; actor: string; organizationId: string },
  }));
}
const typesOf = async (stores: Stores) => (await eventsOf(stores)).map(({ type }) => type);

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
const isEnded = (stores: Stores) => async () =>
  (await typesOf(stores)).some((type) => type === 'CarrierTook' || type === 'CarrierRefused');

/** A runner that keeps what it is given to do, and does nothing. */
class Deaf implements EffectRunner {
  readonly effects: IntendedEffect[] = [];
  signal: AbortSignal | undefined;
  run(effect: IntendedEffect, signal: AbortSignal): Promise<undefined> {
    this.effects.push(effect);
    this.signal = signal;
    return new Promise(() => undefined);
  }
}

describe('what an event intends', () => {
  it('is done once the event is stored, and its outcome is recorded by the installation, under a key', async () => {
    const carrier = new FakeCarrier(() => 0.5, never);
    const { submit, stores } = await start(carrier);
    await submit(handOver);
    await until(isEnded(stores));
    const events = await eventsOf(stores);
    expect(events).toMatchObject([
      { type: 'CarrierAttempted', call: { kind: 'hand_over', attempt: 1 }, metadata: { actor: 'key_1' } },
      {
        type: 'CarrierTook',
        call: { isOpen: false },
        metadata: {
          actor: 'system',
          organizationId: 'org_1',
          idempotencyKey: ['effect', 'carrier', 'hand_over', 'p1', '1'].join('\u001f'),
        },
      },
    ]);
  });

  it('is not done of a dry run, nor twice of a command that comes again', async () => {
    const deaf = new Deaf();
    const { submit } = await start(deaf);
    await submit(handOver, { dryRun: true });
    const key = { idempotencyKey: 'key', requestHash: 'ab' };
    await submit(handOver, key);
    await submit(handOver, key);
    expect(deaf.effects).toEqual([
      {
        module: 'carrier',
        kind: 'hand_over',
        key: 'p1',
        attempt: 1,
        data: {},
        stream,
        organizationId: 'org_1',
      },
    ]);
  });

  it('is not done while the event may not be stored', async () => {
    const deaf = new Deaf();
    const stores = memory();
    const refusing = Object.assign(Object.create(stores.eventStore) as MemoryEventStore, {
      append: () => Promise.reject(new Error('the disk is full')),
    });
    const { submit } = await start(deaf, { ...stores, eventStore: refusing });
    await expect(submit(handOver)).rejects.toThrow();
    expect(deaf.effects).toEqual([]);
  });

  it('runs a few at a time, and leaves what is too much to what is due', async () => {
    const deaf = new Deaf();
    const { submit, writer, failed } = await start(deaf);
    await Promise.all(
      Array.from({ length: 9 }, (_, i) => submit({ ...handOver, parcelId: `p${i}` } as CarrierCommand)),
    );
    expect(deaf.effects).toHaveLength(2);
    expect(failed.every((line) => line.endsWith('too many wait'))).toBe(true);
    expect(failed.length).toBeGreaterThan(0);
    writer.stop(new Error('over'));
    expect(deaf.signal?.aborted).toBe(true);
  });
});

it('is told of when nothing is known after it', async () => {
  const carrier = new FakeCarrier(() => 0.5, { ...never, unanswered: 1 });
  const { submit, stores, failed } = await start(carrier);
  await submit(handOver);
  await until(() => failed.length > 0);
  expect(failed).toEqual(['p1: the carrier does not answer']);
  expect(await typesOf(stores)).toEqual(['CarrierAttempted']);
});

describe('a process that dies', () => {
  /** Another process later, when the call is due. */
  const later = (stores: Stores, carrier: EffectRunner) => start(carrier, stores, () => noon + 60_000);
  const asked = ['CarrierAttempted', 'CarrierAttempted'];

  it.each([
    [
      'before the call: it is asked, and handed over',
      undefined,
      [...asked, 'CarrierAttempted', 'CarrierTook'],
    ],
    ['between the call and its outcome: taken', 'taken', [...asked, 'CarrierTook']],
    ['between the call and its outcome: refused', 'refused', [...asked, 'CarrierRefused']],
  ] as const)('is followed by one that finds out, %s', async (_when, truth, types) => {
    const first = await start(new Deaf());
    await first.submit(handOver);
    first.writer.stop(new Error('killed'));
    const carrier = new FakeCarrier(() => 0.5, never);
    if (truth !== undefined) carrier.truth.set('p1', truth);
    const { writer } = await later(first.stores, carrier);
    await until(isEnded(first.stores));
    expect(await typesOf(first.stores)).toEqual(types);
    expect((await eventsOf(first.stores)).map(({ call: { kind } }) => kind)).toEqual(
      truth === undefined ? ['hand_over', 'ask', 'hand_over', 'hand_over'] : ['hand_over', 'ask', 'ask'],
    );
    await writer.close();
  });

  it('has its outcome recorded once, though it comes twice', async () => {
    const carrier = new FakeCarrier(() => 0.5, never);
    const { submit, stores } = await start(carrier);
    await submit(handOver);
    await until(isEnded(stores));
    await submit({ type: 'RecordCarrier', parcelId: 'p1', outcome: 'taken' });
    expect((await typesOf(stores)).filter((type) => type === 'CarrierTook')).toHaveLength(1);
  });
});

it('has no effect in events that intend none', () => {
  expect(carrierEvents.names).toHaveLength(3);
  expect(joinedLedger.effectsOf?.({ type: 'AccountOpened', data: {} })).toEqual([]);
});
