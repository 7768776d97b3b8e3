import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver } from '@fintech-ledger/journal';
import { FakeCarrier } from '../../testing/carrier/fake-carrier';
import { parcelDomain } from '../../testing/parcels/parcel-domains';
import { joinedLedger } from '../../testing/postage/joined-ledger';
import type { AnyDomain } from './any-domain';
import type { CommandPolicy } from './command-policy';
import { withPolicies } from './command-policy';

const stream = 'parcels-1';
const heavy: CommandPolicy = {
  name: 'nothing heavy',
  streamPrefix: 'parcels-',
  reads: () => [],
  judge: (_view, command) =>
    (command as { readonly grams: number }).grams > 2_000
      ? { code: 'bound_violated', detail: 'Too heavy.' }
      : undefined,
};

const send = (parcelId: string, grams: number, key = `send ${parcelId}`) => ({
  stream,
  organizationId: 'org_1',
  actor: 'key_1',
  correlationId: 'req_1',
  idempotencyKey: key,
  requestHash: 'ab',
  command: { parcelId, grams },
});

async function writerOf(eventStore: MemoryEventStore, policies: readonly CommandPolicy[]) {
  const writer = new JournalWriter(
    stream,
    {
      domain: withPolicies(parcelDomain as AnyDomain, policies),
      eventStore,
      checkpoints: new MemoryCheckpointStore(),
      clock: { nowMs: () => Date.parse('2026-01-05T09:00:00.000Z') },
      observer: silentObserver,
      newCommandId: () => 'writer',
    },
    { cacheRecords: 100 },
  );
  await writer.load();
  return writer;
}

describe('a policy before the commands of a stream', () => {
  it('refuses what is new, which leaves no trace', async () => {
    const store = new MemoryEventStore();
    const writer = await writerOf(store, [heavy]);
    expect(await writer.submit(send('a', 3_000))).toMatchObject({
      kind: 'refused',
      refusal: { detail: 'Too heavy.' },
    });
    expect(await writer.submit(send('b', 1_000))).toMatchObject({ kind: 'accepted', replayed: false });
    expect(await store.readStream(stream, { limit: 9 })).toHaveLength(1);
  });

  it('is not asked again: a repeated command gets its first answer, whatever the policy says by now', async () => {
    const store = new MemoryEventStore();
    const before = await writerOf(store, []);
    const first = await before.submit(send('a', 3_000));
    await before.close();
    const writer = await writerOf(store, [heavy]);
    expect(await writer.submit(send('a', 3_000))).toEqual({ ...first, replayed: true });
    expect(await writer.submit(send('a2', 3_000))).toMatchObject({ kind: 'refused' });
  });

  it('is not asked about what has happened outside: that is recorded, whatever the policy says', async () => {
    const asked: string[] = [];
    const policy: CommandPolicy = {
      ...heavy,
      streamPrefix: 'journal-',
      judge(_view, command) {
        const { type } = command as { readonly type: string };
        asked.push(type);
        return type === 'HandOver' ? undefined : { code: 'bound_violated', detail: 'No more.' };
      },
    };
    const store = new MemoryEventStore();
    const writer = new JournalWriter(
      'journal-led_1',
      {
        domain: withPolicies(joinedLedger, [policy]),
        eventStore: store,
        checkpoints: new MemoryCheckpointStore(),
        clock: { nowMs: () => Date.parse('2026-01-05T09:00:00.000Z') },
        effects: new FakeCarrier(() => 0.5, { lost: 0, unanswered: 0, refused: 0 }),
        observer: silentObserver,
        newCommandId: () => 'writer',
      },
      { cacheRecords: 100 },
    );
    await writer.load();
    const asks = { ...send('a', 1), stream: 'journal-led_1' };
    await writer.submit({ ...asks, command: { type: 'HandOver', parcelId: 'a', currency: 'USD' } });
    const types = async () => (await store.readStream('journal-led_1', { limit: 9 })).map(({ type }) => type);
    while ((await types()).length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(await types()).toEqual(['CarrierAttempted', 'CarrierTook']);
    const command = { type: 'RecordCarrier', parcelId: 'b', outcome: 'taken' };
    expect(await writer.submit({ ...asks, idempotencyKey: 'b', command })).toMatchObject({ kind: 'refused' });
    expect(asked).toEqual(['HandOver', 'RecordCarrier']);
  });
});
