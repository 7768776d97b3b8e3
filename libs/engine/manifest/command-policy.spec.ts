import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver } from '@fintech-ledger/journal';
import { parcelDomain } from '../../testing/parcels/parcel-domains';
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
});
