import { PostgresEventStore } from '@fintech-ledger/event-store';
import { silentObserver, soleOwnership, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { openWriters } from '@fintech-ledger/runtime';
import type { Writers } from '@fintech-ledger/runtime';
import { renderPrometheus } from '@fintech-ledger/telemetry';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { modules } from '../apps/modules';

jest.setTimeout(120_000);
const memoryBytesMax = 150_000;
const accounts = Array.from({ length: 20 }, (_, i) => `a${i}`);
const ledgers = Array.from({ length: 30 }, (_, i) => `led_${i}`);

/** Ledgers whose accounts need about twice the memory that there is, on a real PostgreSQL. */
describe('ledgers that share too little memory', () => {
  let testing: TestDatabase;
  let database: Database;
  let eventStore: PostgresEventStore;
  let writers: Writers;

  beforeAll(async () => {
    testing = await testDatabase();
    database = connect({ connectionString: testing.url, max: 8, statementTimeoutMs: 30_000 });
    eventStore = new PostgresEventStore({ database });
    writers = await openWriters({
      modules,
      eventStore,
      database,
      cacheRecords: 100_000,
      memoryBytesMax,
      commandTimeoutMs: 60_000,
      secret: 'a-secret-of-the-installation',
      host: '127.0.0.1',
      observer: silentObserver,
      ownership: () => ({ ...soleOwnership, close: () => Promise.resolve() }),
    });
  });
  afterAll(async () => {
    await writers?.close();
    await eventStore?.close();
    await database?.close();
    await testing?.drop();
  });

  /** Sent again as long as there is no room for it. */
  async function send(ledger: string, command: LedgerCommand): Promise<CommandOutcome> {
    for (;;) {
      const stream = `journal-${ledger}`;
      const envelope = { stream, organizationId: 'org_1', actor: 'k', correlationId: randomUUID(), command };
      try {
        return await writers.gateway.submit(envelope);
      } catch (error) {
        expect(error).toBeInstanceOf(WriterUnavailable);
        await sleep(20);
      }
    }
  }
  const post = (ledger: string, from: string, to: string): Promise<CommandOutcome> => {
    const entries = [from, to].map((account, side) => {
      const direction = side === 0 ? ('debit' as const) : ('credit' as const);
      return { account, direction, amount: '1', currency: 'USD' };
    });
    return send(ledger, { type: 'PostTransaction', entries });
  };

  async function eachKnowsItsAccounts(): Promise<void> {
    for (const ledger of ledgers) {
      expect(await post(ledger, 'a0', 'a19')).toMatchObject({ kind: 'accepted' });
      expect(await post(ledger, 'a0', 'nobody')).toMatchObject({ refusal: { code: 'unknown_account' } });
    }
  }

  it('get on all the same, and each knows its accounts', async () => {
    for (const ledger of ledgers)
      await Promise.all(
        accounts.map((address) =>
          send(ledger, { type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' }),
        ),
      );
    // The memory is looked at from time to time: a fast machine goes through all ledgers several times until then.
    let metrics: string;
    do {
      await eachKnowsItsAccounts();
      metrics = await renderPrometheus();
    } while (!/ledger_writer_evictions_total [1-9]/.test(metrics));
    await eachKnowsItsAccounts();
    metrics = await renderPrometheus();
    expect(metrics).toContain(`ledger_writer_memory_limit_bytes ${memoryBytesMax}`);
    expect(metrics).toMatch(/ledger_writer_memory_bytes\{kind="cached"\}/);
  });
});
