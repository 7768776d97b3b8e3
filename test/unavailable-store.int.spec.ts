import { PostgresEventStore } from '@fintech-ledger/event-store';
import {
  AnswerUnavailable,
  CommandOutcomeUnknown,
  WriterUnavailable,
  silentObserver,
  soleOwnership,
} from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { openWriters } from '@fintech-ledger/runtime';
import type { Writers } from '@fintech-ledger/runtime';
import type { EventStore } from '@fintech-ledger/event-store';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { modules } from '../apps/modules';

jest.setTimeout(60_000);
const stream = 'journal-led_1';
const open = (address: string): LedgerCommand => ({
  type: 'OpenAccount',
  address,
  accountType: 'asset',
  currency: 'USD',
});

/** A store that tells what it is asked. An append that expects a revision which no stream reaches only asks whether it is there. */
function recording(store: EventStore, onCall: (call: string) => void): EventStore {
  return {
    limits: store.limits,
    append(stream, expected, events) {
      if (typeof expected !== 'number' || expected < 2 ** 40) onCall(`append ${stream}`);
      return store.append(stream, expected, events);
    },
    readStream(stream, options) {
      onCall(`read ${stream}`);
      return store.readStream(stream, options);
    },
    subscribe: (options) => store.subscribe(options),
    countAfter: (position) => store.countAfter(position),
    lastPosition: () => store.lastPosition(),
    close: () => store.close(),
  };
}

/** A store that can't be reached, while the database of leases and checkpoints can. */
describe('a store that is known to be unavailable', () => {
  let testing: TestDatabase;
  let proxy: TcpProxy;
  const databases: Database[] = [];
  let eventStore: PostgresEventStore;
  let writers: Writers;
  let changes: boolean[];
  /** What was asked of the store, but for the question whether it is back. */
  let calls: string[];

  beforeEach(async () => {
    testing = await testDatabase();
    proxy = await tcpProxy(testing.url);
    const [own, stored] = [testing.url, proxy.url].map((connectionString) =>
      connect({ connectionString, max: 4, statementTimeoutMs: 30_000 }),
    );
    if (!own || !stored) throw new Error('no database');
    databases.push(own, stored);
    eventStore = new PostgresEventStore({ database: stored });
    changes = [];
    calls = [];
    writers = await openWriters({
      modules,
      eventStore: recording(eventStore, (call) => calls.push(call)),
      database: own,
      cacheRecords: 1_000,
      secret: 'a-secret-of-the-installation',
      host: '127.0.0.1',
      observer: { ...silentObserver, storeChanged: (isAvailable) => changes.push(isAvailable) },
      ownership: () => ({ ...soleOwnership, close: () => Promise.resolve() }),
    });
  });
  afterEach(async () => {
    proxy.set('none');
    await writers.close();
    await eventStore.close();
    await Promise.all(databases.splice(0).map((database) => database.close()));
    await proxy.close();
    await testing.drop();
  });

  const submit = (command: LedgerCommand, more: Partial<CommandEnvelope> = {}): Promise<CommandOutcome> =>
    writers.gateway.submit({
      stream,
      organizationId: 'org_1',
      actor: 'k',
      correlationId: randomUUID(),
      command,
      ...more,
    });
  const errorOf = (work: Promise<unknown>): Promise<unknown> => work.catch((thrown: unknown) => thrown);
  const until = async (isAvailable: boolean): Promise<void> => {
    while (changes.at(-1) !== isAvailable) await sleep(10);
  };

  it('is answered for at once, also for old keys, and used again when it is back', async () => {
    const key = { idempotencyKey: 'k-1', requestHash: 'h' };
    const first = await submit(open('a'), key);
    proxy.set('down');
    await until(false);
    calls = [];
    expect(await errorOf(submit(open('b')))).toBeInstanceOf(WriterUnavailable);
    expect(await errorOf(submit(open('b'), { ...key, idempotencyKey: 'k-2' }))).toBeInstanceOf(
      WriterUnavailable,
    );
    expect(await errorOf(submit(open('a'), { stream: 'journal-led_2' }))).toBeInstanceOf(WriterUnavailable);
    const replayed = await errorOf(submit(open('a'), key));
    expect(replayed).toBeInstanceOf(AnswerUnavailable);
    expect(replayed).toMatchObject({ revision: 0 });
    // At once: nothing was even tried.
    expect(calls).toEqual([]);
    proxy.set('none');
    await until(true);
    expect(await submit(open('a'), key)).toEqual({ ...first, replayed: true });
    expect((await submit(open('b'))).kind).toBe('accepted');
  });

  it('keeps nobody waiting who came before it was known, but for those whose outcome is unknown', async () => {
    await submit(open('a'));
    proxy.set('hold_answers');
    let isSeenThrough = false;
    const sent = errorOf(submit(open('b'))).finally(() => (isSeenThrough = true));
    await sleep(100);
    const behind = Array.from({ length: 20 }, async (_, i) => {
      const error = await errorOf(submit(open(`c${i}`)));
      return { error, isSeenThrough };
    });
    await until(false);
    // They are told while the one before them still waits.
    for (const told of await Promise.all(behind))
      expect(told).toEqual({ error: expect.any(WriterUnavailable), isSeenThrough: false });
    proxy.set('down');
    proxy.set('none');
    await until(true);
    // Its append is seen through: sent again when the store is there, it turns out to be stored.
    const outcome = await sent;
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CommandOutcomeUnknown);
    expect(await submit(open('b'))).toMatchObject({ refusal: { code: 'account_exists' } });
    expect((await submit(open('c1'))).kind).toBe('accepted');
  });
});
