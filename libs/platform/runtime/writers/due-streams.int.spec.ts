import { MemoryCheckpointStore, PostgresCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { silentObserver, soleOwnership } from '@fintech-ledger/journal';
import type { CommandGateway, Ownership, WriterObserver } from '@fintech-ledger/journal';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { PostgresLeases } from '@fintech-ledger/leases';
import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tamper, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLedgerNode } from '../../../testing/simulation';
import { ledgerAndAccess } from '../../../testing/modules';
import { openWriters } from './open-writers';
import type { Writers } from './open-writers';
import { postgresOwnership } from './postgres-ownership';

jest.setTimeout(60_000);
const secret = 'a-secret-of-the-installation';
const log = createLogger('silent', 'due-streams');

async function placeHold(gateway: CommandGateway, stream: string, lastsMs: number): Promise<void> {
  const send = async (command: LedgerCommand): Promise<void> => {
    const envelope = { stream, organizationId: 'org_1', actor: 'k', correlationId: randomUUID(), command };
    expect((await gateway.submit(envelope)).kind).toBe('accepted');
  };
  for (const address of ['a', 'b'])
    await send({ type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' });
  await send({
    type: 'PostTransaction',
    pending: true,
    expiresAt: new Date(Date.now() + lastsMs).toISOString(),
    entries: [
      { account: 'a', direction: 'debit', amount: '5', currency: 'USD' },
      { account: 'b', direction: 'credit', amount: '5', currency: 'USD' },
    ],
  });
}

/** What is due in ledgers of which no process has a writer, found in a real database by writers to whom nobody sends a command. */
describe('what is due in streams without a writer', () => {
  let testing: TestDatabase;
  let database: Database;
  let eventStore: PostgresEventStore;
  const opened: Writers[] = [];

  beforeEach(async () => {
    testing = await testDatabase();
    database = connect({ connectionString: testing.url, max: 10, statementTimeoutMs: 30_000 });
    eventStore = new PostgresEventStore({ database });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((writers) => writers.close()));
    await eventStore.close();
    await database.close();
    await testing.drop();
  });

  async function open(observer: Partial<WriterObserver> = {}): Promise<Writers> {
    const writers = await openWriters({
      modules: ledgerAndAccess,
      eventStore,
      database,
      cacheRecords: 1_000,
      secret,
      host: '127.0.0.1',
      observer: { ...silentObserver, ...observer },
      ownership: (address) => postgresOwnership({ database, address, ttlMs: 1_000, log }),
    });
    opened.push(writers);
    return writers;
  }

  /** A process that dies with what it has in memory: it saved no checkpoint, and gives nothing up. */
  async function placeAndDie(stream: string, lastsMs: number): Promise<void> {
    const leases = new PostgresLeases({
      ownerId: randomUUID(),
      address: 'http://dead:1',
      ttlMs: 500,
      database,
    });
    const ownership: Ownership = {
      ...soleOwnership,
      acquire: (name) => leases.acquire(name),
      release: (name) => leases.release(name),
    };
    const node = openLedgerNode({
      eventStore,
      checkpoints: new MemoryCheckpointStore(),
      clock: { nowMs: () => Date.now() },
      newCommandId: randomUUID,
      writer: { cacheRecords: 100 },
      ownership,
    });
    await placeHold(node.gateway, stream, lastsMs);
    node.crash();
  }

  const untilExpired = async (streams: readonly string[]): Promise<void> => {
    for (const stream of streams) {
      for (;;) {
        const [last] = await eventStore.readStream(stream, { direction: 'backwards', limit: 1 });
        if (last?.type === 'HoldExpired') break;
        await sleep(20);
      }
    }
  };

  it('is handled after a start, in all of them, by one process or several', async () => {
    const streams = Array.from({ length: 60 }, (_, i) => `journal-led_${i}`);
    const first = await open();
    await Promise.all(streams.map((stream) => placeHold(first.gateway, stream, 2_000)));
    await first.close();
    opened.length = 0;
    await sleep(2_000);
    const loads: string[] = [];
    const loaded = (stream: string): unknown => loads.push(stream);
    await Promise.all([open({ loaded }), open({ loaded })]);
    await untilExpired(streams);
    // Nobody fetched one from the other.
    expect(loads.toSorted()).toEqual(streams.toSorted());
  });

  it('is handled when it is only in the journal of a process that died', async () => {
    await placeAndDie('journal-led_1', 500);
    await sleep(600);
    await open();
    await untilExpired(['journal-led_1']);
  });

  it('is handled by a process that is there already when another one dies', async () => {
    const alarms: string[] = [];
    await open({ dueFailed: (stream) => alarms.push(stream) });
    await placeAndDie('journal-led_1', 1_500);
    await untilExpired(['journal-led_1']);
    expect(alarms).toEqual([]);
  });

  it('is an alarm where the ledger can not be loaded, and others go on', async () => {
    await placeAndDie('journal-led_1', 300);
    await placeAndDie('journal-led_2', 300);
    await tamper(
      database,
      `update store.events set data = '{' where stream_id = (select id from store.streams where name = 'journal-led_1') and revision = 1`,
    );
    await sleep(600);
    const alarms: string[] = [];
    await open({ dueFailed: (stream) => alarms.push(stream) });
    await untilExpired(['journal-led_2']);
    while (alarms.length === 0) await sleep(20);
    expect(new Set(alarms)).toEqual(new Set(['journal-led_1']));
  });

  it('leaves alone what a living process owns, what has a writer here, and organizations', async () => {
    await new PostgresCheckpointStore(database, { secret }).loadHead('journal-led_1');
    const writers = await open();
    await placeHold(writers.gateway, 'journal-led_1', 60_000);
    const other = await open();
    await sleep(3_000);
    expect(other.gateway.running()).toEqual([]);
    expect(writers.gateway.running()).toEqual(['journal-led_1']);
  });
});
