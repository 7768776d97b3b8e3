import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { verifyStoredHash } from '@fintech-ledger/envelope';
import { MemoryEventStore, revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { olderParcelDomain, parcelDomain } from '../../testing/parcels/parcel-domains';
import type { ParcelRecord, SendParcel } from '../../testing/parcels/parcel-domains';
import type { DomainEvent, JournalDomain } from './domain';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';

const stream = 'parcels-1';
const folder = path.join(__dirname, '../../testing/parcels/golden');
/** What the first version of the module has written. */
const recorded = JSON.parse(readFileSync(path.join(folder, 'recorded-v1.json'), 'utf8')) as RecordedEvent[];

async function written(): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  await store.append(stream, 'no_stream', recorded);
  return store;
}

function writerOf<E extends DomainEvent>(
  domain: JournalDomain<SendParcel, E, ParcelRecord>,
  eventStore: EventStore,
): JournalWriter<SendParcel, E, ParcelRecord> {
  return new JournalWriter(
    stream,
    {
      domain,
      eventStore,
      checkpoints: new MemoryCheckpointStore(),
      clock: { nowMs: () => Date.parse('2026-01-05T09:00:00.000Z') },
      observer: silentObserver,
      newCommandId: () => 'writer',
    },
    { cacheRecords: 100 },
  );
}

const send = (parcelId: string, grams: number) => ({
  stream,
  organizationId: 'org_1',
  actor: 'key_1',
  correlationId: 'req_1',
  idempotencyKey: `send ${parcelId}`,
  requestHash: 'ab',
  command: { parcelId, grams },
});

const textsOf = (events: readonly RecordedEvent[]) =>
  events.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }));

describe('a second version of an event type', () => {
  it('leaves what the first one wrote as it is, byte for byte', async () => {
    const store = new MemoryEventStore();
    const writer = writerOf(olderParcelDomain, store);
    await writer.load();
    await writer.submit(send('a', 2_000));
    await writer.submit(send('b', 3_000));
    expect(textsOf(await store.readStream(stream, { from: revision(0), limit: 9 }))).toEqual(
      textsOf(recorded),
    );
  });

  it('goes on in a stream of the first one: it folds, answers again, records itself, and the chain holds', async () => {
    const store = await written();
    const writer = writerOf(parcelDomain, store);
    await writer.load();
    const again = await writer.submit(send('a', 2_000));
    expect(again).toMatchObject({ replayed: true, answer: '{"kind":"parcel","id":"a","grams":2000}' });
    const next = await writer.submit(send('c', 4_500));
    expect(next).toMatchObject({ replayed: false, answer: '{"kind":"parcel","id":"c","grams":4500}' });
    const events = await store.readStream(stream, { from: revision(0), limit: 9 });
    expect(textsOf(events.slice(0, 2))).toEqual(textsOf(recorded));
    expect(JSON.parse(events[2]?.data ?? '')).toEqual({ grams: 4_500, parcelId: 'c', service: 'express' });
    const metadata = events.map((event) => JSON.parse(event.metadata) as { version: number; hash: string });
    expect(metadata.map(({ version }) => version)).toEqual([1, 1, 2]);
    expect(metadata[2]).toMatchObject({ previousHash: metadata[1]?.hash });
    expect(events.map((event) => verifyStoredHash(event))).toEqual([undefined, undefined, undefined]);
  });

  it('is refused by a writer that does not know it', async () => {
    const store = await written();
    const newer = writerOf(parcelDomain, store);
    await newer.load();
    await newer.submit(send('c', 4_500));
    await expect(writerOf(olderParcelDomain, store).load()).rejects.toThrow(
      'parcels-1@2 (ParcelSent): version 2 of its type is not known: upgrade this process',
    );
  });
});
