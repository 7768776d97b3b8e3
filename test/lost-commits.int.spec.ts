import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { AnswerUnavailable, CommandOutcomeUnknown } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLedgerNode } from '../libs/testing/simulation';
import type { LedgerNode } from '../libs/testing/simulation';

const stream = 'journal-led_1';
const account = (address: string): LedgerCommand => ({
  type: 'OpenAccount',
  address,
  accountType: 'asset',
  currency: 'USD',
});
const transfer: LedgerCommand = {
  type: 'PostTransaction',
  entries: [
    { account: 'a', direction: 'debit', amount: '5', currency: 'USD' },
    { account: 'b', direction: 'credit', amount: '5', currency: 'USD' },
  ],
};

/** The answer to a COMMIT is lost, and what the database says afterwards has nothing to do with it. */
describe('a lost commit', () => {
  let testing: TestDatabase;
  let admin: Database;
  let proxy: TcpProxy;
  let database: Database;
  let store: PostgresEventStore;
  let node: LedgerNode;

  beforeEach(async () => {
    testing = await testDatabase();
    admin = connect({ connectionString: testing.url, max: 2, statementTimeoutMs: 30_000 });
    proxy = await tcpProxy(testing.url);
    database = connect({ connectionString: proxy.url, max: 2, statementTimeoutMs: 30_000 });
    store = new PostgresEventStore({ database });
    node = openLedgerNode({
      eventStore: store,
      checkpoints: new MemoryCheckpointStore(),
      clock: { nowMs: () => Date.now() },
      newCommandId: randomUUID,
      writer: { cacheRecords: 100, limits: { appendPatienceMs: 1_500, checkpointIntervalMs: 3_600_000 } },
      patienceMs: 1_500,
    });
    await submit(account('a'));
    await submit(account('b'));
  });
  afterEach(async () => {
    proxy.set('none');
    await node.gateway.close();
    await store.close();
    await Promise.all([database.close(), admin.close()]);
    await proxy.close();
    await testing.drop();
  });

  const submit = (command: LedgerCommand, more: Partial<CommandEnvelope> = {}): Promise<CommandOutcome> =>
    node.gateway.submit({
      stream,
      organizationId: 'org_1',
      actor: 'k',
      correlationId: 'r',
      command,
      ...more,
    });
  const revisionNow = async (): Promise<number> => {
    const { rows } = await admin.query<{ revision: string }>('select revision from store.streams');
    return Number(rows[0]?.revision);
  };
  const untilStored = async (revision: number): Promise<void> => {
    while ((await revisionNow()) < revision) await sleep(5);
  };
  const breakDatabase = (): Promise<unknown> => admin.query('alter table store.streams rename to broken');
  const mendDatabase = (): Promise<unknown> => admin.query('alter table store.broken rename to streams');

  it('is never booked again without a key, whatever later attempts are refused with', async () => {
    proxy.set('lose_answers');
    const submitted = submit(transfer).catch((error: unknown) => error);
    await untilStored(2);
    await breakDatabase();
    proxy.set('none');
    expect(await submitted).toBeInstanceOf(CommandOutcomeUnknown);
    await mendDatabase();
    expect(await revisionNow()).toBe(2);
  });

  it('is found by its key, also by one who can not read its answer yet', async () => {
    const key = { idempotencyKey: 'k-1', requestHash: 'h' };
    const first = await submit(transfer, key);
    await breakDatabase();
    const again = await submit(transfer, key).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(AnswerUnavailable);
    expect(again).toMatchObject({ stream, revision: 2 });
    await mendDatabase();
    expect(await submit(transfer, key)).toEqual({ ...first, replayed: true });
    expect(await revisionNow()).toBe(2);
  });
});
