import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { parcelDomain } from '../../testing/parcels/parcel-domains';
import { systemActor } from './actors';
import type { KeyEnd } from './actors';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';

const stream = 'parcels-1';
const send = (actor: string, parcelId: string) => ({
  stream,
  organizationId: 'org_1',
  actor,
  correlationId: 'req_1',
  idempotencyKey: `send ${parcelId}`,
  requestHash: 'ab',
  command: { parcelId, grams: 1 },
});

async function writer() {
  const eventStore = new MemoryEventStore();
  const state = {
    doubt: undefined as string | undefined,
    ended: (_actor: string, _secret?: number): KeyEnd | undefined => undefined,
  };
  const opened = new JournalWriter(
    stream,
    {
      domain: parcelDomain,
      eventStore,
      checkpoints: new MemoryCheckpointStore(),
      clock: { nowMs: () => Date.parse('2026-01-05T09:00:00.000Z') },
      actors: { doubt: () => state.doubt, ended: (...of) => state.ended(...of) },
      observer: silentObserver,
      newCommandId: () => 'writer',
    },
    { cacheRecords: 100 },
  );
  await opened.load();
  return { writer: opened, eventStore, state };
}

describe('a writer that knows who may ask', () => {
  it('refuses who was revoked, also what was queued before and what was answered before', async () => {
    const { writer: parcels, eventStore, state } = await writer();
    expect(await parcels.submit(send('key_1', 'a'))).toMatchObject({ kind: 'accepted' });
    const queued = parcels.submit(send('key_1', 'b'));
    state.ended = (actor) => (actor === 'key_1' ? 'revoked' : undefined);
    const refused = { kind: 'refused', refusal: { code: 'unauthenticated' } };
    expect(await queued).toMatchObject(refused);
    expect(await parcels.submit(send('key_1', 'a'))).toMatchObject(refused);
    expect(await parcels.submit({ ...send('key_1', 'c'), dryRun: true })).toMatchObject(refused);
    expect(await parcels.submit(send('key_2', 'b'))).toMatchObject({ kind: 'accepted' });
    expect(await eventStore.readStream(stream, { limit: 9 })).toHaveLength(2);
  });

  it.each([
    ['expired', /has expired/],
    ['replaced', /was replaced/],
  ] as const)('refuses a secret of a key that is %s, and no other one', async (end, says) => {
    const { writer: parcels, eventStore, state } = await writer();
    state.ended = (_actor, secret) => (secret === undefined ? end : undefined);
    const refused = await parcels.submit(send('key_1', 'a'));
    expect(refused).toMatchObject({ kind: 'refused', refusal: { code: 'unauthenticated' } });
    expect(refused.kind === 'refused' && refused.refusal.detail).toMatch(says);
    expect(await parcels.submit({ ...send('key_1', 'b'), actorSecret: 2 })).toMatchObject({
      kind: 'accepted',
    });
    expect(await eventStore.readStream(stream, { limit: 9 })).toHaveLength(1);
  });

  it('decides nothing new while it does not know, but for the installation itself', async () => {
    const { writer: parcels, eventStore, state } = await writer();
    const first = await parcels.submit(send('key_1', 'a'));
    state.doubt = 'it was last read 3 s ago';
    await expect(parcels.submit(send('key_1', 'b'))).rejects.toMatchObject({
      name: 'WriterUnavailable',
      message: state.doubt,
      isFinal: false,
    });
    expect(await parcels.submit(send('key_1', 'a'))).toEqual({ ...first, replayed: true });
    expect(await parcels.submit(send(systemActor, 'c'))).toMatchObject({ kind: 'accepted' });
    state.doubt = undefined;
    expect(await parcels.submit(send('key_1', 'b'))).toMatchObject({ kind: 'accepted' });
    expect(await eventStore.readStream(stream, { limit: 9 })).toHaveLength(3);
  });
});
