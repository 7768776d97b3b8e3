import { ledgerDomain } from '@fintech-ledger/ledger';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { randomJournal } from '@fintech-ledger/testing';
import { readJournal } from './journal-reader';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';

const journal = randomJournal({ ledgerId: 'led_1', seed: 7, commands: 60 }).recorded;
const stream = 'journal-led_1';
const edited = journal.findIndex(({ type }) => type === 'TransactionPosted');

/** A store that somebody has written to: one event's texts are others, everything around it is as it was. */
async function storeWith(
  change: (event: RecordedEvent) => Partial<RecordedEvent>,
): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  const events = journal.map((event, at) => (at === edited ? { ...event, ...change(event) } : event));
  await store.append(stream, 'no_stream', events);
  return store;
}

const edits: readonly (readonly [string, (event: RecordedEvent) => Partial<RecordedEvent>])[] = [
  ['an amount', ({ data }) => ({ data: data.replace(/"amount":"(\d+)"/, '"amount":"1$1"') })],
  ['a second member', ({ data }) => ({ data: data.replace(/"amount":/, '"amount":"1","amount":') })],
  ['its actor', ({ metadata }) => ({ metadata: metadata.replace('key_test', 'key_other') })],
  ['its type', () => ({ type: 'HoldPlaced' })],
];

describe.each(edits)('a journal with an event that was edited (%s)', (_, change) => {
  const fault = new RegExp(`^${stream}@${edited} does not hold: its hash is`);

  it('is refused where that event is read', async () => {
    const store = await storeWith(change);
    expect(await readJournal(store, ledgerDomain.events, stream, 0, edited)).toHaveLength(edited);
    await expect(readJournal(store, ledgerDomain.events, stream, edited, 1)).rejects.toThrow(fault);
  });

  it('is not replayed by a writer', async () => {
    const writer = new JournalWriter(
      stream,
      {
        domain: ledgerDomain,
        eventStore: await storeWith(change),
        checkpoints: new MemoryCheckpointStore(),
        clock: { nowMs: () => Date.now() },
        observer: silentObserver,
        newCommandId: () => crypto.randomUUID(),
      },
      { cacheRecords: 100 },
    );
    await expect(writer.load()).rejects.toThrow(fault);
    expect(writer.isStopped).toBe(true);
  });
});
