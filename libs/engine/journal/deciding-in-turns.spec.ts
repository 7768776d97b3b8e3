import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { ledgerDomain } from '@fintech-ledger/ledger';
import type {
  LedgerCommand,
  LedgerEvent,
  LedgerRecord,
  PostTransactions,
} from '@fintech-ledger/ledger/domain';
import type { CommandOutcome } from './gateway';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';
import { Turns } from './turns';
import type { JournalLimits } from './writer-dependencies';

const accounts = ['a', 'b'];

/** A clock that goes on by 1 ms whenever it is looked at: a turn has ten steps, or as many as it may last. */
function countedTurns(turnMsMax = 10) {
  const seen = { turns: 0 };
  let nowMs = 0;
  const turns = new Turns({
    limits: { turnMsMax },
    nowMs: () => (nowMs += 1),
    later: (run) =>
      void setImmediate(() => {
        seen.turns += 1;
        run();
      }),
  });
  return { turns, seen };
}

interface Options {
  readonly ledger?: string;
  readonly store?: EventStore;
  readonly checkpoints?: MemoryCheckpointStore;
  readonly cacheRecords?: number;
  readonly limits?: Partial<JournalLimits>;
}

async function writerOf(turns: Turns, options: Options = {}) {
  const { ledger = 'led_1', store = new MemoryEventStore(), limits = {}, cacheRecords = 1_000 } = options;
  const stream = `journal-${ledger}`;
  const writer = new JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>(
    stream,
    {
      domain: ledgerDomain,
      eventStore: store,
      checkpoints: options.checkpoints ?? new MemoryCheckpointStore(),
      clock: { nowMs: () => Date.now() },
      observer: silentObserver,
      newCommandId: () => crypto.randomUUID(),
      turns,
    },
    { cacheRecords, limits: { appendRetryMs: 1, ...limits } },
  );
  await writer.load();
  const send = (command: LedgerCommand, actor = 'key_1', more: object = {}): Promise<CommandOutcome> =>
    writer.submit({ stream, organizationId: 'org_1', actor, correlationId: 'c', command, ...more });
  const open = (address: string): Promise<CommandOutcome> =>
    send({
      type: 'OpenAccount',
      address,
      accountType: 'liability',
      currency: 'USD',
      metadata: {},
      minBalance: address === 'a' ? '-1000' : null,
    });
  const posted = async (): Promise<number> =>
    (await store.readStream(stream, { limit: 1_000 })).filter(({ type }) => type === 'TransactionPosted')
      .length;
  return { writer, store, send, open, posted };
}

const transfer = (amount: string, between = accounts): PostTransactions['transactions'][number] => ({
  entries: between.map((account, side) => ({
    account,
    direction: side === 0 ? 'debit' : 'credit',
    amount,
    currency: 'USD',
  })),
});
const bulkOf = (atomic: boolean, transactions: PostTransactions['transactions']): PostTransactions => ({
  type: 'PostTransactions',
  atomic,
  transactions,
});
const bulk = (count: number, atomic: boolean, refused: readonly number[] = []): PostTransactions =>
  bulkOf(
    atomic,
    Array.from({ length: count }, (_, index) => transfer(refused.includes(index) ? '5000' : '1')),
  );

describe('commands that take longer than a turn', () => {
  it('let other ledgers decide in between: 40 bulks that are refused at their last item', async () => {
    const { turns, seen } = countedTurns();
    const [busy, other] = [await writerOf(turns), await writerOf(turns, { ledger: 'led_2' })];
    for (const address of accounts) await Promise.all([busy.open(address), other.open(address)]);
    let refusals = 0;
    const bulks = Array.from({ length: 40 }, async () => {
      const outcome = await busy.send(bulk(200, true, [199]));
      expect(outcome).toMatchObject({ refusal: { code: 'insufficient_funds', index: 199 } });
      refusals += 1;
    });
    const before = seen.turns;
    expect((await other.send(bulk(1, true))).kind).toBe('accepted');
    expect(refusals).toBeLessThan(5);
    expect(seen.turns - before).toBeLessThan(50);
    await Promise.all(bulks);
    // 8,000 items, ten to a turn at most.
    expect(seen.turns - before).toBeGreaterThan(800);
    await Promise.all([busy.writer.close(), other.writer.close()]);
  });

  it('get on in turns that are over as soon as they begin', async () => {
    const { turns } = countedTurns(1);
    const { writer, send, open, posted } = await writerOf(turns);
    await Promise.all(accounts.map(open));
    expect((await send(bulk(30, false))).kind).toBe('accepted');
    expect(await posted()).toBe(30);
    await writer.close();
  });

  it('let other callers of the same ledger have their share', async () => {
    const { writer, send, open } = await writerOf(countedTurns().turns);
    for (const address of accounts) await open(address);
    let refusals = 0;
    const bulks = Array.from({ length: 20 }, () => send(bulk(200, true, [199])).then(() => (refusals += 1)));
    expect((await send(bulk(1, true), 'key_2')).kind).toBe('accepted');
    expect(refusals).toBeLessThanOrEqual(2);
    await Promise.all(bulks);
    await writer.close();
  });

  it.each([true, false])('are seen whole or not at all (atomic: %s)', async (atomic) => {
    const { writer, send, open, posted } = await writerOf(countedTurns().turns);
    for (const address of accounts) await open(address);
    // After the first bulk 400 are left: the second one is too much, and what comes after it sees that.
    const outcomes = await Promise.all([
      send(bulk(600, atomic), 'key_1'),
      send(bulk(401, true), 'key_1'),
      send(bulk(300, true), 'key_1'),
      send(bulk(200, true), 'key_1'),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'refused', 'accepted', 'refused']);
    expect(await posted()).toBe(900);
    await writer.close();
  });

  it('are decided again when another writer was first: what they had seen before counts no more', async () => {
    const store = new MemoryEventStore();
    const { writer, send, open, posted } = await writerOf(countedTurns().turns, { store });
    for (const address of accounts) await open(address);
    const rival = await writerOf(new Turns(), { store });
    // In flight, and met by the other one's event, while the bulk behind it is being decided.
    const append = store.append.bind(store);
    let rivals: Promise<CommandOutcome> | undefined;
    jest.spyOn(store, 'append').mockImplementation(async (...call) => {
      const isOurs = rivals === undefined;
      rivals ??= rival.send(bulkOf(true, [transfer('99')]), 'key_9');
      if (isOurs) await rivals;
      return append(...call);
    });
    // 1,000 are there: 2, 900 and 99 are more.
    const [first, large] = await Promise.all([send(bulk(2, true)), send(bulk(900, true))]);
    expect([first.kind, (await rivals)?.kind]).toEqual(['accepted', 'accepted']);
    expect(large).toMatchObject({ refusal: { code: 'insufficient_funds', index: 899 } });
    expect(await posted()).toBe(3);
    await Promise.all([writer.close(), rival.writer.close()]);
  });

  it('keep what they read in memory, whatever leaves the cache meanwhile', async () => {
    // The checkpoint is written when the last account is stored, which is when the bulk is being decided.
    const options = { cacheRecords: 8, limits: { checkpointDirtyMax: 24 } };
    const { writer, send, open, posted } = await writerOf(countedTurns().turns, options);
    for (const address of [...accounts, 'c', 'd']) await open(address);
    const last = transfer('1', ['c', 'd']);
    const more = Array.from({ length: 20 }, (_, i) => open(`e${i}`));
    const outcome = await send(bulkOf(true, [...bulk(900, true).transactions, last]));
    expect(outcome.kind).toBe('accepted');
    await Promise.all(more);
    expect(await posted()).toBe(901);
    await writer.close();
  });

  it('are refused when the writer stops in between: nothing of them is stored', async () => {
    const { writer, send, open, posted } = await writerOf(countedTurns().turns);
    for (const address of accounts) await open(address);
    const stopped = expect(send(bulk(900, true))).rejects.toThrow('stopped by the test');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(writer.isIdle).toBe(false);
    writer.stop(new Error('stopped by the test'));
    await stopped;
    expect(await posted()).toBe(0);
  });
});
