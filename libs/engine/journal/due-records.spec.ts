import { ledgerDomain } from '@fintech-ledger/ledger';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { AppendTooLarge, MemoryEventStore, StoreUnavailable, revision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandOutcome } from './gateway';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';
import type { JournalLimits } from './writer-dependencies';

const stream = 'journal-led_1';
const expiresAt = '2026-01-01T01:00:00.000Z';

/** A writer whose holds all end at one moment, which `end()` makes come. */
async function ledgerWithHolds(options: {
  holds: number;
  entries: number;
  store?: MemoryEventStore;
  checkpoints?: MemoryCheckpointStore;
  limits?: Partial<JournalLimits>;
  domain?: typeof ledgerDomain;
}) {
  const {
    holds,
    entries,
    store = new MemoryEventStore(),
    checkpoints = new MemoryCheckpointStore(),
  } = options;
  const time = { nowMs: Date.parse('2026-01-01T00:00:00.000Z') };
  const failed: { keys: readonly string[]; reason: string }[] = [];
  const seen = { recovered: 0, groups: [] as number[], stops: [] as Error[] };
  /** May be lowered at any time. */
  const appendLimits = { ...store.limits };
  const limited: EventStore = Object.assign(Object.create(store) as MemoryEventStore, {
    limits: appendLimits,
  });
  const writer = new JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>(
    stream,
    {
      domain: options.domain ?? ledgerDomain,
      eventStore: limited,
      checkpoints,
      clock: { nowMs: () => time.nowMs },
      observer: {
        ...silentObserver,
        appended: (_stream, events) => seen.groups.push(events),
        dueFailed: (_stream, keys, reason) => failed.push({ keys, reason }),
        dueRecovered: () => (seen.recovered += 1),
        stopped: (_stream, reason) => seen.stops.push(reason),
      },
      newCommandId: () => crypto.randomUUID(),
    },
    {
      cacheRecords: 50,
      limits: { appendRetryMs: 1, dueRetryMsMin: 20, dueRetryMsMax: 40, ...options.limits },
    },
  );
  await writer.load();
  const send = (command: LedgerCommand): Promise<CommandOutcome> =>
    writer.submit({ stream, organizationId: 'org_1', actor: 'k', correlationId: 'r', command });
  for (const address of ['a', 'b'])
    await send({ type: 'OpenAccount', address, accountType: 'liability', currency: 'USD' });
  const hold: LedgerCommand = {
    type: 'PostTransaction',
    pending: true,
    expiresAt,
    entries: Array.from({ length: entries }, (_, i) => ({
      account: i % 2 ? 'a' : 'b',
      direction: i % 2 ? 'debit' : 'credit',
      amount: '1',
      currency: 'USD',
    })),
  };
  const placed = await Promise.all(Array.from({ length: holds }, () => send(hold)));
  const ids = placed.map((one) => {
    if (one.kind !== 'accepted') throw new Error(one.refusal.code);
    return (JSON.parse(one.answer) as { id: string }).id;
  });
  seen.groups.length = 0;
  const types: string[] = [];
  const eventTypes = async (): Promise<readonly string[]> => {
    for (;;) {
      const page = await store.readStream(stream, { from: revision(types.length), limit: 1_000 });
      if (page.length === 0) return types;
      types.push(...page.map(({ type }) => type));
    }
  };
  const untilExpired = async (count: number): Promise<void> => {
    while ((await eventTypes()).filter((type) => type === 'HoldExpired').length < count) await sleep(5);
  };
  const end = async (): Promise<void> => {
    time.nowMs = Date.parse(expiresAt);
    // Its timer was set for an hour of this time.
    await send({ type: 'FreezeAccount', address: 'none' });
  };
  return {
    writer,
    send,
    ids,
    seen,
    failed,
    appendLimits,
    store,
    checkpoints,
    end,
    untilExpired,
    eventTypes,
    time,
  };
}

describe('holds that end', () => {
  it('end in groups that one append takes, all of them', async () => {
    const ledger = await ledgerWithHolds({ holds: 30, entries: 100 });
    ledger.appendLimits.appendBytesMax = 150_000;
    await ledger.end();
    await ledger.untilExpired(30);
    expect(ledger.failed).toEqual([]);
    expect(Math.max(...ledger.seen.groups)).toBeLessThan(10);
    expect(ledger.seen.groups.reduce((a, b) => a + b)).toBe(30);
    await ledger.writer.close();
  });

  it('end in groups that may be stored without the others', async () => {
    const inThrees: typeof ledgerDomain = {
      ...ledgerDomain,
      decideInSteps: () => undefined,
      decide(...asked) {
        const decision = ledgerDomain.decide(...asked);
        if (decision.kind === 'refused' || decision.events.length < 3) return decision;
        const mayEndAfter = decision.events.flatMap((_, at) => ((at + 1) % 3 === 0 ? [at + 1] : []));
        return { ...decision, mayEndAfter };
      },
    };
    const ledger = await ledgerWithHolds({ holds: 30, entries: 100, domain: inThrees });
    ledger.appendLimits.appendBytesMax = 150_000;
    await ledger.end();
    await ledger.untilExpired(30);
    expect(ledger.failed).toEqual([]);
    expect(ledger.seen.groups).toEqual(Array.from({ length: 10 }, () => 3));
    await ledger.writer.close();
  });

  it('end also when the store takes less than it said, and so do commands', async () => {
    const ledger = await ledgerWithHolds({ holds: 20, entries: 50 });
    const { store } = ledger;
    const append = store.append.bind(store);
    const refused: number[] = [];
    jest.spyOn(store, 'append').mockImplementation(async (name, expected, events) => {
      const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
      if (bytes <= 50_000) return append(name, expected, events);
      refused.push(bytes);
      throw new AppendTooLarge('too large');
    });
    await ledger.end();
    await ledger.untilExpired(20);
    const entries = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        account: i % 2 ? 'a' : 'b',
        direction: i % 2 ? ('debit' as const) : ('credit' as const),
        amount: '1',
        currency: 'USD',
      }));
    const sizes = [...Array.from({ length: 30 }, () => 20), 1_000];
    const outcomes = await Promise.all(
      sizes.map((size) => ledger.send({ type: 'PostTransaction', entries: entries(size) })),
    );
    expect(outcomes.map((one) => (one.kind === 'refused' ? one.refusal.code : 'accepted'))).toEqual([
      ...Array.from({ length: 30 }, () => 'accepted'),
      'bulk_too_large',
    ]);
    expect(refused.length).toBeLessThan(20);
    expect(ledger.failed).toEqual([]);
    expect(ledger.seen.stops).toEqual([]);
    await ledger.writer.close();
  });

  it('end also with a limit of events, and more holds than are known at once', async () => {
    const limits = { dueRecordsMax: 7, dueCommandRecordsMax: 5 };
    const ledger = await ledgerWithHolds({ holds: 50, entries: 2, limits });
    ledger.appendLimits.appendEventsMax = 3;
    await ledger.end();
    await ledger.untilExpired(50);
    expect(ledger.failed).toEqual([]);
    await ledger.writer.close();
  });

  it('are told of when one can not be released, tried again, and do not keep the others waiting', async () => {
    const limits = { dueRecordsMax: 3, duePauseMsMax: 40 };
    const ledger = await ledgerWithHolds({ holds: 8, entries: 100, limits });
    ledger.appendLimits.appendBytesMax = 20_000;
    await ledger.end();
    while (ledger.failed.length < 10) await sleep(5);
    expect(ledger.failed[0]?.reason).toContain('bulk_too_large');
    expect(new Set(ledger.failed.map(({ keys }) => keys.length))).toEqual(new Set([1]));
    expect(ledger.writer.isStopped).toBe(false);
    expect(await ledger.send({ type: 'FreezeAccount', address: 'a' })).toMatchObject({ kind: 'accepted' });
    expect(ledger.seen.recovered).toBe(0);
    // The operator raises the limit of the store.
    ledger.appendLimits.appendBytesMax = 1_000_000;
    await ledger.untilExpired(8);
    while (ledger.seen.recovered === 0) await sleep(5);
    expect(ledger.seen.stops).toEqual([]);
    await ledger.writer.close();
  });

  it('can be voided until the release is recorded, which records it, and is no alarm any more', async () => {
    const ledger = await ledgerWithHolds({ holds: 1, entries: 100 });
    ledger.appendLimits.appendBytesMax = 20_000;
    await ledger.end();
    while (ledger.failed.length === 0) await sleep(5);
    const [transactionId = ''] = ledger.ids;
    ledger.time.nowMs += 1;
    ledger.appendLimits.appendBytesMax = 1_000_000;
    const outcome = await ledger.send({ type: 'VoidHold', transactionId });
    const isVoid = outcome.kind === 'accepted';
    // Unless its own retry was sooner.
    if (isVoid) expect(JSON.parse(outcome.answer)).toMatchObject({ status: 'expired' });
    else expect(outcome.refusal.code).toBe('hold_expired');
    expect(await ledger.send({ type: 'VoidHold', transactionId })).toMatchObject({
      refusal: { code: 'hold_expired' },
    });
    expect(ledger.seen.recovered).toBe(1);
    await ledger.writer.close();
  });

  it('wait for a checkpoint that can not be read, with pauses', async () => {
    const checkpoints = new MemoryCheckpointStore();
    const pauseMs = 10;
    const limits = { cacheKeys: 10, duePauseMsMin: pauseMs, duePauseMsMax: pauseMs };
    const ledger = await ledgerWithHolds({ holds: 100, entries: 2, checkpoints, limits });
    await ledger.writer.checkpoint();
    for (let i = 0; i < 100; i += 1)
      await ledger.send({ type: 'OpenAccount', address: `x${i}`, accountType: 'asset', currency: 'USD' });
    await ledger.writer.checkpoint();
    const load = jest
      .spyOn(checkpoints, 'loadRecords')
      .mockImplementation(() => Promise.reject(new StoreUnavailable('unavailable')));
    const startedAt = performance.now();
    await ledger.end().catch(() => undefined);
    const calls = load.mock.calls;
    while (calls.length < 12) await sleep(1);
    // Without pauses it is thousands by the time that it is looked at.
    expect(calls.length).toBeLessThanOrEqual(2 * ((performance.now() - startedAt) / pauseMs) + 4);
    load.mockRestore();
    await ledger.untilExpired(100);
    expect(ledger.failed).toEqual([]);
    await ledger.writer.close();
  });
});
