import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EventList } from '@fintech-ledger/contract';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { canonicalJson, genesisHash, sealMetadata, timeSortableId } from '@fintech-ledger/envelope';
import type { EventStore, EventToAppend } from '@fintech-ledger/event-store';
import { MemoryEventStore, revision } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver } from '@fintech-ledger/journal';
import type { JournalDomain } from '@fintech-ledger/journal';
import {
  ledgerEvents,
  linesToldMax,
  reversalsNamedMax,
  transactionKey,
  transactionOf,
} from '@fintech-ledger/ledger/domain';
import type {
  BookedEntry,
  LedgerCommand,
  LedgerEvent,
  LedgerRecord,
  TransactionSnapshot,
} from '@fintech-ledger/ledger/domain';
import { JournalBuilder } from '@fintech-ledger/testing';
import { credit, debit, hold, open, post, transfer } from '../../../testing/ledger/command-builders';
import { answerTo } from './ledger-domain';
import { ledgerDomain } from './ledger-domain';
import { balancesAfter, transactionView } from './transaction-view';

const stream = 'journal-led_1';
const time = '2026-01-05T09:00:00.000Z';
const folder = path.join(__dirname, '../../../../schemas/ledger/events');
interface FirstCapture {
  readonly entries: readonly BookedEntry[];
  readonly transaction: TransactionSnapshot;
}
const example = <T extends object>(name: string): T =>
  JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as T;
function readAsNewest(type: string, version: number, data: object): LedgerEvent {
  const event = ledgerEvents.read(type, version, data);
  if (typeof event === 'string') throw new Error(event);
  return event;
}

const reverse = (transactionId: string, terms: object = {}): LedgerCommand => ({
  type: 'ReverseTransaction',
  transactionId,
  ...terms,
});
const capture = (transactionId: string, terms: object = {}): LedgerCommand => ({
  type: 'CaptureHold',
  transactionId,
  final: false,
  ...terms,
});
/** Debits and credits of 1,000 each, on the same two accounts. */
const long = (lines: number) =>
  Array.from({ length: lines }, (_, i) => (i % 2 ? credit('b', '1000') : debit('a', '1000')));
const two = { entries: [debit('a', '1'), credit('b', '1')] };

describe('what is recorded of one transaction', () => {
  function booksWith(command: LedgerCommand): { readonly books: JournalBuilder; readonly id: string } {
    const books = new JournalBuilder('led_1');
    for (const each of [open('a', 'asset'), open('b', 'liability'), command]) books.submit(each, time);
    return { books, id: 'txn_000000002_led_1' };
  }
  function bytesOf(books: JournalBuilder, command: LedgerCommand): number {
    const events = books.submit(command, time);
    if ('code' in events) throw new Error(events.detail);
    return events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
  }
  const recordBytes = (books: JournalBuilder, id: string): number =>
    ledgerDomain.encode(books.ledger.get(transactionKey(id)) as LedgerRecord).text.length;
  /** More digits in totals and versions. */
  const digits = 100;

  it.each<[string, LedgerCommand, (id: string) => LedgerCommand]>([
    ['reversals of two lines', post(transfer('a', 'b', '1000')), (id) => reverse(id, { amount: '1' })],
    ['reversals of a long one', post(long(1_000)), (id) => reverse(id, two)],
    ['captures of two lines', hold(transfer('a', 'b', '1000')), (id) => capture(id, { amount: '1' })],
    ['captures of a long hold', hold(long(1_000)), (id) => capture(id, two)],
  ])('has as many bytes for the last as for the first of many: %s', (_what, first, next) => {
    const { books, id } = booksWith(first);
    const bytes = Array.from({ length: 4 * reversalsNamedMax }, () => bytesOf(books, next(id)));
    const early = bytes[0] ?? 0;
    expect(early).toBeLessThan(2_500);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(early + digits);
  });

  it('is a record of the writer that does not grow', () => {
    const { books, id } = booksWith(post(transfer('a', 'b', '1000')));
    const some = reverse(id, { amount: '1' });
    for (let i = 0; i < reversalsNamedMax; i += 1) books.submit(some, time);
    const early = recordBytes(books, id);
    for (let i = 0; i < 200; i += 1) books.submit(some, time);
    expect(recordBytes(books, id)).toBeLessThanOrEqual(early + digits);
    const named = transactionOf(books.ledger, id)?.reversedBy;
    expect(named).toHaveLength(reversalsNamedMax);
    expect(named?.[0]).toBe('txn_000000003_led_1');
  });
});

describe('an answer to a capture', () => {
  const answer = (event: LedgerEvent): unknown => {
    const command = capture('txn_1');
    const request = { command, stream, revision: 6, events: [event], refusedItems: [], dryRun: false };
    return answerTo(request);
  };
  const names = Array.from({ length: reversalsNamedMax + 5 }, (_, i) => `txn_${i}`);

  it.each([
    ['an example', example<FirstCapture>('HoldCaptured/v1.example.json')],
    ['another one', example<FirstCapture>('HoldCaptured/v1.example-2.json')],
    [
      'one of a hold with many reversals',
      withReversals(example<FirstCapture>('HoldCaptured/v1.example.json')),
    ],
  ])('of the first version is as it was, byte for byte: %s', (_what, data) => {
    const { entries, transaction } = data;
    const before = {
      ...transactionView(transaction),
      balances: balancesAfter(entries),
      position: 'led_1@6',
    };
    expect(answer(readAsNewest('HoldCaptured', 1, data))).toBe(JSON.stringify(before));
  });

  function withReversals({ entries, transaction }: FirstCapture): FirstCapture {
    return { entries, transaction: { ...transaction, reversedBy: names } };
  }

  it('has all lines of a short hold, and of a long one those that changed', () => {
    const lines = (count: number): number => {
      const books = new JournalBuilder('led_1');
      const commands = [open('a', 'asset'), open('b', 'liability'), hold(long(count))];
      for (const each of commands) books.submit(each, time);
      books.submit(capture('txn_000000002_led_1', two), time);
      const event = books.ledger.events.at(-1) as LedgerEvent;
      return (JSON.parse(String(answer(event))) as { entries: unknown[] }).entries.length;
    };
    expect([lines(4), lines(linesToldMax), lines(linesToldMax + 2)]).toEqual([4, linesToldMax, 2]);
  });
});

/** The events as the release before second versions knew them. */
const olderEvents = new EventList(
  ledgerEvents.streams,
  ledgerEvents.types.map((type) => ({ ...type, version: 1, versions: type.versions.slice(0, 1) })),
);

describe('a journal of both versions', () => {
  const golden = example<{ journalOfFirstVersions: { order: string[] } }>('../../golden.json');

  /** The examples of first versions as a journal that an earlier release wrote. */
  function recordedBefore(): EventToAppend[] {
    const mark = timeSortableId('txn', 0, 0, stream).slice(-8);
    let previousHash = genesisHash;
    return golden.journalOfFirstVersions.order.map((name, at) => {
      const type = name.slice(0, name.indexOf('/'));
      // Ids of this stream's transactions.
      const data = canonicalJson(example(name)).replace(/(txn_\w{18})\w{8}/g, `$1${mark}`);
      const id = `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`;
      const seal = sealMetadata(
        { id, stream, revision: at, type, data },
        {
          $correlationId: 'c',
          actor: 'key_1',
          commandIndex: 0,
          commandSize: 1,
          effectiveAt: time,
          organizationId: 'org_1',
          previousHash,
          recordedAt: time,
          version: 1,
        },
      );
      previousHash = seal.hash;
      return { id, type, data, metadata: seal.text };
    });
  }

  function writerOn(
    eventStore: EventStore,
    limits: object = {},
    domain: JournalDomain<LedgerCommand, LedgerEvent, LedgerRecord> = ledgerDomain,
  ) {
    const clock = { nowMs: () => Date.parse('2026-01-06T09:00:00.000Z') };
    const checkpoints = new MemoryCheckpointStore();
    return new JournalWriter(
      stream,
      { domain, eventStore, checkpoints, clock, observer: silentObserver, newCommandId: () => 'w' },
      { cacheRecords: 1_000, limits },
    );
  }
  async function accepted(writer: ReturnType<typeof writerOn>, command: LedgerCommand) {
    const outcome = await writer.submit({
      stream,
      organizationId: 'org_1',
      actor: 'key_1',
      correlationId: 'req_1',
      command,
    });
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    return JSON.parse(outcome.answer) as { id: string; entries: { amount: string }[] };
  }
  const versionsOf = async (store: EventStore): Promise<readonly number[]> =>
    (await store.readStream(stream, { from: revision(25), limit: 100 })).map(
      ({ metadata }) => (JSON.parse(metadata) as { version: number }).version,
    );

  it.each([
    ['at once', {}],
    ['by two', { catchUpEvents: 2 }],
    ['one by one', { catchUpEvents: 1 }],
  ])('is folded by a writer that has nothing else, read %s, and goes on', async (_how, limits) => {
    const store = new MemoryEventStore();
    await store.append(stream, 'no_stream', recordedBefore());
    const writer = writerOn(store);
    await writer.load();
    // Posted, so that nothing but its event says what it is; too long for the events of its reversals.
    const entries = Array.from({ length: linesToldMax + 4 }, (_, i) =>
      i % 2 ? credit('platform:fees', '5') : debit('cash:stripe', '5'),
    );
    const { id } = await accepted(writer, post(entries));
    const some = { entries: [debit('cash:stripe', '2'), credit('platform:fees', '2')] };
    for (let i = 0; i < 3; i += 1) await accepted(writer, reverse(id, some));
    expect(await versionsOf(store)).toEqual([2, 3, 3, 3]);

    const next = writerOn(store, limits);
    await next.load();
    const rest = await accepted(next, reverse(id));
    const left = rest.entries.reduce((sum, { amount }) => sum + Number(amount), 0);
    expect(left).toBe(entries.length * 5 - 3 * 4);
  });

  it('is refused by a writer of an earlier release, which says what to do', async () => {
    const store = new MemoryEventStore();
    await store.append(stream, 'no_stream', recordedBefore());
    const writer = writerOn(store);
    await writer.load();
    const { id } = await accepted(writer, hold(transfer('cash:stripe', 'platform:fees', '5')));
    await accepted(writer, capture(id));
    const older = writerOn(store, {}, { ...ledgerDomain, events: olderEvents as typeof ledgerEvents });
    await expect(older.load()).rejects.toThrow(
      `${stream}@25 (HoldPlaced): version 3 of its type is not known: upgrade this process`,
    );
  });
});

it.each(['TransactionReversed', 'HoldCaptured'])('an earlier projector refuses %s by its version', (type) => {
  expect(olderEvents.readableVersion(type, 2)).toBe(
    'version 2 of its type is not known: upgrade this process',
  );
  expect(olderEvents.readableVersion(type, 1)).toMatchObject({ upcast: undefined });
});
