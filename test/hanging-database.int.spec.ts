import { PostgresEventStore } from '@fintech-ledger/event-store';
import { CommandOutcomeUnknown, WriterUnavailable, silentObserver } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { openWriters, postgresOwnership } from '@fintech-ledger/runtime';
import type { Writers } from '@fintech-ledger/runtime';
import { createLogger } from '@fintech-ledger/logging';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { modules } from '../apps/modules';

jest.setTimeout(60_000);

/** One PostgreSQL for events, checkpoints and leases, which takes everything and answers nothing. */
describe('a database that hangs', () => {
  let testing: TestDatabase;
  let proxy: TcpProxy;
  let database: Database;
  let eventStore: PostgresEventStore;
  let writers: Writers;

  beforeEach(async () => {
    testing = await testDatabase();
    proxy = await tcpProxy(testing.url);
    database = connect({ connectionString: proxy.url, max: 8, statementTimeoutMs: 30_000 });
    eventStore = new PostgresEventStore({ database });
    const log = createLogger('silent', 'hanging-database');
    writers = await openWriters({
      modules,
      eventStore,
      database,
      cacheRecords: 1_000,
      commandTimeoutMs: 1_000,
      secret: 'a-secret-of-the-installation',
      host: '127.0.0.1',
      observer: silentObserver,
      ownership: (address) => postgresOwnership({ database, address, ttlMs: 10_000, log }),
    });
  });
  afterEach(async () => {
    proxy.set('down');
    proxy.set('none');
    await writers.close();
    await eventStore.close();
    await database.close();
    await proxy.close();
    await testing.drop();
  });

  const submit = (address: string, more: Partial<CommandEnvelope> = {}): Promise<CommandOutcome | Error> =>
    writers.gateway
      .submit({
        stream: 'journal-led_1',
        organizationId: 'org_1',
        actor: 'k',
        correlationId: randomUUID(),
        command: { type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' },
        ...more,
      })
      .catch((error: unknown) => error as Error);
  /** The first answer that is none of "try again". */
  async function untilAnswered(address: string, more: Partial<CommandEnvelope>): Promise<CommandOutcome> {
    for (;;) {
      const outcome = await submit(address, more);
      if (!(outcome instanceof Error)) return outcome;
      await sleep(50);
    }
  }

  it('keeps callers no longer than their time, and each is told what is known', async () => {
    const keyed = { idempotencyKey: 'k', requestHash: 'h' };
    expect(await submit('a')).toMatchObject({ kind: 'accepted' });
    proxy.set('hold_answers');
    const append = jest.spyOn(eventStore, 'append');
    const startedAt = performance.now();
    const inFlight = submit('b', keyed);
    while (!append.mock.calls.some(([stream]) => stream === 'journal-led_1')) await sleep(5);
    const [behind, elsewhere] = [submit('c'), submit('a', { stream: 'journal-led_2' })];
    expect(await inFlight).toBeInstanceOf(CommandOutcomeUnknown);
    for (const told of [behind, elsewhere]) expect(await told).toBeInstanceOf(WriterUnavailable);
    // The time-outs of the database, which would end it, are 15 s and more.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    proxy.set('down');
    proxy.set('none');
    expect(await untilAnswered('b', keyed)).toMatchObject({ kind: 'accepted' });
    // Of what was told to be booked nothing of, nothing is.
    expect(await untilAnswered('c', {})).toMatchObject({ kind: 'accepted' });
    expect(await untilAnswered('a', { stream: 'journal-led_2' })).toMatchObject({ kind: 'accepted' });
  });
});
