import { HttpForwarder } from '@fintech-ledger/command-transport';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { silentObserver } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { LeaseDirectory } from '@fintech-ledger/leases';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { OwnerGateway, openWriters, postgresOwnership } from '@fintech-ledger/runtime';
import type { Writers } from '@fintech-ledger/runtime';
import { tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { modules } from '../apps/modules';

jest.setTimeout(60_000);

const stream = 'journal-led_1';
const secret = 'a-secret-of-the-installation';
const ttlMs = 800;

const open = (address: string, minBalance: string | null): LedgerCommand => ({
  type: 'OpenAccount',
  address,
  accountType: 'liability',
  currency: 'USD',
  minBalance,
});
const post = (from: string, to: string, amount: number): LedgerCommand => ({
  type: 'PostTransaction',
  entries: [
    { account: from, direction: 'debit', amount: String(amount), currency: 'USD' },
    { account: to, direction: 'credit', amount: String(amount), currency: 'USD' },
  ],
});

/** Two writer processes, of which the first is cut off from where leases are, but not from the event store. */
describe('a writer that has lost a ledger, asked by a process that remembers it as the owner', () => {
  let testing: TestDatabase;
  let proxy: TcpProxy;
  const closers: (() => Promise<void>)[] = [];
  let direct: Database;
  let eventStore: PostgresEventStore;
  let first: Writers;
  let second: Writers;

  async function openProcess(database: Database): Promise<Writers> {
    const log = createLogger('silent', 'lost-ledger');
    const writers = await openWriters({
      modules,
      eventStore,
      database,
      cacheRecords: 1_000,
      commandTimeoutMs: 5_000,
      secret,
      host: '127.0.0.1',
      observer: silentObserver,
      ownership: (address) => postgresOwnership({ database, address, ttlMs, log }),
    });
    closers.push(() => writers.close());
    return writers;
  }

  const connected = (url: string): Database => {
    const database = connect({ connectionString: url, max: 8, statementTimeoutMs: 30_000 });
    closers.push(() => database.close());
    return database;
  };

  /** An api process: what it remembers is its own. */
  function api() {
    const forwarder = new HttpForwarder({ secret });
    closers.push(() => forwarder.close());
    const gateway = new OwnerGateway({ directory: new LeaseDirectory(direct), forwarder, patienceMs: 5_000 });
    return async (command: LedgerCommand, more: Partial<CommandEnvelope> = {}): Promise<string> => {
      const asked = { stream, organizationId: 'org_1', actor: 'k', correlationId: randomUUID(), command };
      const outcome: CommandOutcome = await gateway.submit({ ...asked, ...more });
      return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
    };
  }

  beforeEach(async () => {
    testing = await testDatabase();
    proxy = await tcpProxy(testing.url);
    closers.push(() => proxy.close());
    direct = connected(testing.url);
    eventStore = new PostgresEventStore({ database: direct });
    closers.push(() => eventStore.close());
    first = await openProcess(connected(proxy.url));
  });
  afterEach(async () => {
    proxy.set('none');
    for (const close of closers.splice(0).reverse()) await close();
    await testing.drop();
  });

  it('answers as the owner would, and ends once it can see that it is not the owner', async () => {
    const remembering = api();
    await remembering(open('cash', '0'));
    await remembering(open('sales', null));
    expect(await remembering(post('cash', 'sales', 5))).toBe('insufficient_funds');
    second = await openProcess(direct);
    proxy.set('partitioned');
    const directory = new LeaseDirectory(direct);
    while ((await directory.ownerOf(stream)) !== undefined) await sleep(20);
    const other = api();
    expect(await other(post('sales', 'cash', 5))).toBe('accepted');
    expect([first.gateway.running(), second.gateway.running()]).toEqual([[stream], [stream]]);

    expect(await remembering(post('cash', 'sales', 5), { dryRun: true })).toBe('accepted');
    expect(await other(post('sales', 'cash', 5))).toBe('accepted');
    expect(await remembering(post('cash', 'sales', 9), { idempotencyKey: 'k', requestHash: 'h' })).toBe(
      'accepted',
    );
    expect(first.gateway.running()).toEqual([stream]);
    proxy.set('none');
    while (first.gateway.running().length > 0) await sleep(20);
    const askedAt = performance.now();
    expect(await remembering(post('cash', 'sales', 9))).toBe('insufficient_funds');
    expect(performance.now() - askedAt).toBeLessThan(2_000);
    expect(second.gateway.running()).toEqual([stream]);
  });
});
